// The spans of a trace as analyses see them (CallGraph::spans): from the linked tree of span rows,
// or, for rows with dotted ids, one span a call.
//
// Preorder, siblings by start, then id, then content. A lost span (`inserted`) lasts from the start
// of its first child to the end of its last: no row says when it was at work.
//
// Cost: linear, but for siblings that do not stand in the order of their start: those are sorted.
// No recursion. Allocates only while growing. One object a thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/call_graph.h"
#include "graph/span_calls.h"
#include "graph/span_tree.h"

namespace plumbago::graph {

class SpanView {
 public:
  // `call_of_draft`: by draft of `calls`, its index in CallGraph::calls; kNone where it is left
  // out. `certain_only`: leave out those and the work inside services whose way up to the entry is
  // not certain; `calls` has marked it.
  std::span<const TraceSpan> Make(const SpanTree& tree, const SpanCalls& calls,
                                  std::span<const uint32_t> call_of_draft, bool certain_only);

 private:
  struct Sibling {
    int64_t start;
    uint64_t id;
    uint32_t node;
  };
  struct Open {
    uint32_t node, parent;  // parent: index of the span
  };

  void CoverLost(const SpanTree& tree);
  void PushSorted(uint32_t parent);

  std::vector<Interval> cover_;  // by node; only where there are lost ones
  std::vector<Sibling> siblings_;
  std::vector<Open> open_;
  std::vector<TraceSpan> spans_;  // at least as many as were made last
};

// One span a call, in the same order: of the callee, server's side, with the time that the caller
// saw (else the callee's own). For what asks for spans and has a graph without them. `spans` is
// replaced.
void SpansOfCalls(const CallGraph& graph, std::vector<TraceSpan>& spans);

}  // namespace plumbago::graph
