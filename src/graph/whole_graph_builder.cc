#include "graph/whole_graph_builder.h"

#include <algorithm>

namespace plumbago::graph {
namespace {

constexpr uint16_t kNotReached = 0xFFFF;

}  // namespace

CallGraph WholeGraphBuilder::Build(const model::WholeGraphView& whole) {
  nodes_.assign(whole.nodes.size(), {});
  for (size_t i = 0; i < nodes_.size(); ++i) nodes_[i].service = whole.nodes[i].service;
  edges_.clear();
  for (const model::WholeEdge& edge : whole.edges) {
    if (edge.caller >= nodes_.size() || edge.callee >= nodes_.size()) continue;
    edges_.push_back({edge.caller, edge.callee, edge.calls, edge.kind});
    nodes_[edge.callee].stateful |= model::IsStateful(edge.kind);
  }
  CountDegrees();
  FindDepths();

  CallGraph graph;
  graph.trace = whole.graph->id;
  graph.weight = static_cast<double>(whole.graph->traces);
  graph.entry = whole.graph->entry;
  for (const Node& node : nodes_) {
    if (node.in_degree != 0) continue;
    graph.entry_service = node.service;
    break;
  }
  graph.nodes = nodes_;
  graph.edges = edges_;
  graph.ready_made = true;
  return graph;
}

void WholeGraphBuilder::CountDegrees() {
  pairs_.clear();
  for (const Edge& edge : edges_) pairs_.emplace_back(edge.caller, edge.callee);
  std::sort(pairs_.begin(), pairs_.end());
  pairs_.erase(std::unique(pairs_.begin(), pairs_.end()), pairs_.end());
  first_.assign(nodes_.size() + 1, 0);
  for (const auto& [caller, callee] : pairs_) {
    ++nodes_[caller].out_degree;
    ++nodes_[callee].in_degree;
    ++first_[caller + 1];
  }
  for (size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
}

void WholeGraphBuilder::FindDepths() {
  queue_.clear();
  for (uint32_t i = 0; i < nodes_.size(); ++i) {
    const bool called = nodes_[i].in_degree != 0;
    nodes_[i].depth = called ? kNotReached : 0;
    if (!called) queue_.push_back(i);
  }
  for (uint32_t start = 0, next = 0;; ++start) {
    for (; next < queue_.size(); ++next) {
      const uint32_t at = queue_[next];
      for (uint32_t i = first_[at]; i < first_[at + 1]; ++i) {
        Node& callee = nodes_[pairs_[i].second];
        if (callee.depth != kNotReached) continue;
        callee.depth = static_cast<uint16_t>(std::min(nodes_[at].depth + 1, kNotReached - 1));
        queue_.push_back(pairs_[i].second);
      }
    }
    // A cycle that nothing leads into.
    while (start < nodes_.size() && nodes_[start].depth != kNotReached) ++start;
    if (start >= nodes_.size()) return;
    nodes_[start].depth = 0;
    queue_.push_back(start);
  }
}

}  // namespace plumbago::graph
