// The spans of one trace in time, with its critical path; and a picture of them.
#pragma once

#include <cstdint>
#include <span>

#include "engine/trace_search.h"
#include "graph/critical_path.h"
#include "graph/span_windows.h"
#include "render/waterfall.h"

namespace plumbago::cli {

// `spans`, in preorder, must stay valid while this is used.
struct TimedSpans {
  explicit TimedSpans(std::span<const graph::TraceSpan> spans);

  bool any() const { return first_ns <= last_ns; }

  graph::SpanWindows windows;
  graph::CriticalPath path;
  int64_t first_ns, last_ns;  // where there are `any` times
};

// At most `most_spans`: first those on the critical path and above, then the others as they stand.
render::Waterfall WaterfallOf(const engine::ShownTrace& shown, const model::Names& names,
                              size_t most_spans);

}  // namespace plumbago::cli
