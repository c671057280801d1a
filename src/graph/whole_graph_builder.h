// A ready-made call graph as analyses see graphs: degrees, depths and stateful services found from
// its edges. `calls` stays empty (CallGraph::ready_made).
//
// The entry service is what the first call from outside calls; without one, the first service that
// nobody calls. Depth is the shortest way from the services that are called from outside or by
// nobody (from the first one, where there is none). Edges of one pair of services but different
// kinds stay apart; degrees count the pair once. Linear in nodes and edges, but for a sort of the
// edges.
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
  // Valid until the next Build. An edge with an end that is no node becomes a half edge.
  CallGraph Build(const model::WholeGraphView& whole);

 private:
  model::ServiceId EntryService() const;
  void CountDegrees();
  void FindDepths();

  std::vector<Node> nodes_;
  std::vector<Edge> edges_, half_edges_;
  std::vector<std::pair<uint32_t, uint32_t>> pairs_;  // distinct (caller, callee), sorted
  std::vector<uint32_t> first_;                       // of each caller's pairs
  std::vector<uint32_t> queue_;
};

}  // namespace plumbago::graph
