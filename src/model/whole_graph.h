// A call graph that a source gives ready made, standing for all traces that have it: services and
// how often each calls each, and no single call, no time. Published sets of graphs come so.
//
// Which call of a caller made a call below it is not told where the caller was called more than
// once, so there is no tree of calls.
#pragma once

#include <cstdint>
#include <span>

#include "model/call.h"
#include "model/names.h"
#include "model/trace_id.h"

namespace plumbago::model {

// A record that a reader is given may name no more nodes, nor edges, than this (damage kTooLong).
inline constexpr uint32_t kMostGraphParts = 12'000;

struct WholeNode {
  ServiceId service = kNoService;
  OperationId label =
      kNoOperation;  // what the source calls its kind ("normal", "Memcached"); kept, not used
};

// Instead of a node: as caller the user, or one that is not known; as callee one that is not known.
inline constexpr uint32_t kNoNode = 0xFFFFFFFFu;

// Distinct in caller, callee and kind.
struct WholeEdge {
  uint32_t caller = 0;  // index of a node of the graph, or kNoNode
  uint32_t callee = 0;  // likewise
  uint32_t calls = 1;  // in each of the traces
  Kind kind = Kind::kUnknown;
};

// As it stands in a batch: its nodes and edges lie in the batch's vectors.
struct WholeGraph {
  TraceId id;  // of its content and place, so that samples can be chosen by its hash
  OperationId entry = kNoOperation;  // the online service whose requests look so
  uint64_t traces = 1;               // that have exactly this graph
  uint32_t first_node = 0, nodes = 0;
  uint32_t first_edge = 0, edges = 0;
  uint32_t group = 0;  // a class that the source has put its service in, plus one; 0: none
  Origin origin;
};

// The same with what it points to, while it is visited.
struct WholeGraphView {
  const WholeGraph* graph;
  std::span<const WholeNode> nodes;
  std::span<const WholeEdge> edges;
};

}  // namespace plumbago::model
