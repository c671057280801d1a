// Places for the nodes of a small graph in layers, callers left of callees, with few crossings.
//
// With a focus a node's layer is its distance from it: callers' side negative, callees' positive;
// what is reached both ways goes to the nearer side, callees first. Without one every node stands
// one layer after the last of its callers, links that close a cycle left out (found depth first,
// in the order of the nodes). Within a layer the order of the nodes is improved by barycentres, to
// and fro, and the order with the fewest crossings is kept (Sugiyama, Tagawa, Toda: "Methods for
// visual understanding of hierarchical system structures", 1981).
//
// Deterministic: only indices and links decide. Cost: about links^2 a sweep; for some dozens of
// nodes.
#pragma once

#include <cstddef>
#include <vector>

#include "document/document.h"

namespace plumbago::render {

struct GraphLayout {
  // Indices of the figure's nodes, layer by layer from the left, each from above.
  std::vector<std::vector<size_t>> layers;
  std::vector<int> layer;     // of each node, an index into `layers`; -1: not placed
  size_t crossings = 0;       // between neighbouring layers
  size_t nodes_left_out = 0;  // beyond the limit
};

// The first `most` nodes; links to others do not count.
GraphLayout LayOutGraph(const document::Figure& figure, size_t most);

}  // namespace plumbago::render
