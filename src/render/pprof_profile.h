// A call tree as a profile of google/pprof (profile.proto): what `go tool pprof`, pprof's web page,
// Pyroscope and Polar Signals open. Two values a stack: time in nanoseconds and the number of
// spans.
//
// A function is a service and an operation; its file is the service, so that `-files` shows
// services. There are no addresses and no mappings. The same tree gives the same bytes: no date is
// written, but for the time of the data itself.
// Source: google/pprof, proto/profile.proto.
#pragma once

#include "render/call_tree.h"
#include "render/pieces.h"

namespace plumbago::render {

struct PprofOptions {
  bool gzip = true;         // as readers expect it; false where the file is compressed by others
  int64_t start_ns = 0;     // of the data, since 1970; 0: not known
  int64_t duration_ns = 0;  // of the data
  std::vector<std::string> comments;  // shown by `pprof -comments`
};

// Errors: those of `put`.
Result<void> WritePprof(const CallTree& tree, const PprofOptions& options, const PutText& put);

}  // namespace plumbago::render
