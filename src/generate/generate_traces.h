// Synthetic traces with planted truth: the front door of the room.
//
//   TraceOptions options{.rows = 5'000'000, .seed = 1, .format = format};
//   ASSIGN_OR_RETURN(const Truth truth, GenerateTraces(options, [&](std::string_view text) { return
//   file.Write(text); })); Save(path + ".truth.json", truth.Json());
//
// The same options give the same bytes, whatever the number of threads. Memory does not grow with
// the number of rows: a few slices of time are in flight, about 15 MB a thread beside the system.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "generate/selection.h"
#include "generate/system.h"
#include "generate/trace_options.h"
#include "generate/truth.h"

namespace plumbago::generate {

// Takes the text in order, in pieces of some megabytes; called by one thread at a time, but not
// always the same. An error ends the generation and is returned.
using TextSink = std::function<Result<void>(std::string_view text)>;

struct GeneratedTraces {
  std::unique_ptr<const System> system;  // the names and edges that the truth speaks of
  Truth truth;
};

// Errors: kUsage for options out of range, kUnsupported if the format cannot be written, the sink's
// own, and kInterrupted if `stop` (optional) says so; then what was given to the sink is whole
// rows.
Result<GeneratedTraces> GenerateTraces(const TraceOptions& options, const TextSink& sink,
                                       const std::function<bool()>& stop = {});

// The same with an encoder at hand; `options.format` may be null. `selection` (optional): which
// traces are kept; a block of which it keeps none is passed over, so it must keep some.
Result<GeneratedTraces> GenerateTraces(const TraceOptions& options, const Shape& shape,
                                       const formats::Encoder& encoder, const TextSink& sink,
                                       const std::function<bool()>& stop = {},
                                       const Selection* selection = nullptr);

}  // namespace plumbago::generate
