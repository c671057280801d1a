// The second half of building a trace's graph: from calls with parents, names and times to
// everything that is measured on them. The builder links the calls; this fills in what follows from
// the links.
//
//   TraceCall   subtree_end, depth, caller_node, callee_node, self_ns
//   nodes       distinct services in order of first appearance (a call's caller before its callee)
//   edges       distinct (caller, callee) with both known, in order of first appearance
//
// Own time (self_ns): the server side's interval (else the client's) without the union of the
// intervals of the direct synchronous callees, each as its caller saw it (else as it was served),
// clipped to the interval. It is kNoTime where the interval is not known, and where a synchronous
// callee's is not: what such a callee took cannot be told from own time.
//
// A service that is only ever a caller has the depth of the call that it makes.
//
// Cost: linear but for callers whose callees do not stand in the order of their start (clock
// jitter): those are sorted. About 10 ns a call on traces of 5 to 30 calls
// (graph_measure_benchmark.cc). Allocates only while growing. One object a thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/call_graph.h"

namespace plumbago::graph {

struct MeasuredGraph {
  std::vector<Node> nodes;
  std::vector<Edge> edges;

  // Working memory, kept from trace to trace. Both tables are open addressing with a generation in
  // each slot: starting a trace clears nothing, and a small trace uses the first few slots only,
  // whatever a large one before it has needed.
  struct NodeSlot {
    uint32_t generation = 0;
    uint32_t service = 0;
    uint32_t node = 0;
  };
  struct EdgeSlot {
    uint64_t pair = 0;
    uint32_t generation = 0;
    uint32_t edge = 0;
  };
  // How much of a call is covered by its callees, as far as they stand in order.
  struct Cover {
    int64_t begin = 0, end = 0;  // the own interval; begin > end: not known
    int64_t last_start = 0;      // of the callee seen last
    int64_t frontier = 0;        // covered up to here
    int64_t covered = 0;
    bool unordered = false;  // a callee started before the one that stands before it
  };
  struct Span {
    int64_t start, end;
  };
  std::vector<NodeSlot> node_slots;
  std::vector<EdgeSlot> edge_slots;
  std::vector<Cover> covers;
  std::vector<Span> spans;
  uint32_t generation = 0;
};

// `calls`: in preorder, with parent, kind, caller, callee, client and server set. Nodes and edges
// of `out` are replaced.
void Measure(std::span<TraceCall> calls, MeasuredGraph& out);

}  // namespace plumbago::graph
