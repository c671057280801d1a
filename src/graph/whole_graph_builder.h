// A ready-made call graph as analyses see graphs: degrees, depths and stateful services found from
// its edges. `calls` stays empty (CallGraph::ready_made).
//
// Depth is the shortest way from a service that nobody calls (from the first one, where there is
// none). Linear in nodes and edges, but for a sort of the edges.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "graph/call_graph.h"
#include "model/whole_graph.h"

namespace plumbago::graph {

// Holds the memory of the graph that it built last. Not thread-safe.
class WholeGraphBuilder {
 public:
  // Valid until the next Build. Edges whose ends are no nodes are left out: readers give none.
  CallGraph Build(const model::WholeGraphView& whole);

 private:
  void CountDegrees();
  void FindDepths();

  std::vector<Node> nodes_;
  std::vector<Edge> edges_;
  std::vector<std::pair<uint32_t, uint32_t>> pairs_;  // distinct (caller, callee), sorted
  std::vector<uint32_t> first_;                       // of each caller's pairs
  std::vector<uint32_t> queue_;
};

}  // namespace plumbago::graph
