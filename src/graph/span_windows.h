// When each span of a trace was at work for the one above it: what the critical path, slack and
// replay go by (docs/design/0015).
//
// A child is clipped to the time of its parent, level by level. What nobody waits for is apart:
//   asynchronous  a message's consumer that is below its producer, below another service's span or
//                 below a server's; a child that outlives its parent, or begins when that has
//                 ended. It begins a path of its own, with all that it waits for.
//   before        a child that has ended when its parent begins: left out, with all below it
//   untimed       no start or no duration: left out, with all below it
//
// Not every child that ends after its parent outlives it. The server's half of a call is always
// clipped: the client has its answer, the server still flushes. Below another service's span it
// may end 2 ms later, since clocks differ, below its own one tick of the clock; but never by more
// than half of the parent's time (the slack of 0012).
//
// A server's half of a call that begins before its client's, or when that has ended, tells that
// their clocks differ by at least that much: it is shifted by as little as makes it fit, with all
// below it (T10). Nothing else is shifted, nothing between a producer and its consumer.
//
// Cost: linear, about 5 ns a span. Reuses its memory. One object a thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/call_graph.h"

namespace plumbago::graph {

enum class SpanPlace : uint8_t {
  kWaited,        // by the span above; or a root
  kAsynchronous,  // begins a path of its own
  kBefore,        // had ended when its parent began
  kUntimed,       // no start or no duration
  kDropped,       // below one of the two
};

struct SpanWindow {
  int64_t start_ns = 0;
  int64_t end_ns = 0;
  int64_t length() const { return end_ns - start_ns; }
};

class SpanWindows {
 public:
  struct Options {
    int64_t tick_ns = 0;          // resolution of the clocks
    bool clip_outliving = false;  // as Jaeger-UI and CRISP do: the parent waits for all children
  };

  // `spans`: preorder, as in CallGraph::spans; they must stay valid while this is used.
  void Set(std::span<const TraceSpan> spans, Options options);
  void Set(std::span<const TraceSpan> spans) { Set(spans, Options()); }

  std::span<const TraceSpan> spans() const { return spans_; }
  SpanPlace place(uint32_t span) const { return places_[span]; }
  // Of spans that are waited for or asynchronous; of shifted ones by the clock of what is above.
  const SpanWindow& window(uint32_t span) const { return windows_[span]; }
  bool timed(uint32_t span) const { return places_[span] <= SpanPlace::kAsynchronous; }
  uint32_t shifted() const { return shifted_; }  // server's halves, by their own evidence
  // What begins a path, in preorder: timed roots and asynchronous spans.
  std::span<const uint32_t> starts() const { return starts_; }

  // f(child) for each child that `parent` waits for, by start, then as they stand.
  template <class F>
  void ForEachWaited(uint32_t parent, F&& f) const {
    const uint32_t end = spans_[parent].subtree_end;
    for (uint32_t c = parent + 1; c < end; c = spans_[c].subtree_end) {
      if (places_[c] == SpanPlace::kWaited) f(c);
    }
  }

 private:
  SpanPlace PlaceBelow(uint32_t child, uint32_t parent);

  std::span<const TraceSpan> spans_;
  Options options_;
  std::vector<SpanPlace> places_;
  std::vector<SpanWindow> windows_;
  std::vector<int64_t> shifts_;  // by span: what is added to its times
  std::vector<uint32_t> starts_;
  uint32_t shifted_ = 0;
};

}  // namespace plumbago::graph
