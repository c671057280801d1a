// What the caller's own clock saw of a call: times of calls of one caller can be compared.
#pragma once

#include "graph/call_graph.h"

namespace plumbago::analysis {

// Where the data does not mark sides it is not known whose clock it was: whichever was recorded.
inline const graph::Interval& SeenByCaller(const graph::CallGraph& graph,
                                           const graph::TraceCall& call) {
  return graph.sides_marked ? call.client : call.seen();
}

}  // namespace plumbago::analysis
