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
  half_edges_.clear();
  const auto node = [&](uint32_t end) { return end < nodes_.size() ? end : kNone; };
  for (const model::WholeEdge& edge : whole.edges) {
    const Edge made{node(edge.caller), node(edge.callee), edge.calls, edge.kind};
    (made.caller == kNone || made.callee == kNone ? half_edges_ : edges_).push_back(made);
    if (made.callee != kNone) nodes_[made.callee].stateful |= model::IsStateful(edge.kind);
  }
  CountDegrees();
  FindDepths();

  CallGraph graph;
  graph.trace = whole.graph->id;
  graph.weight = static_cast<double>(whole.graph->traces);
  graph.entry = whole.graph->entry;
  graph.entry_service = EntryService();
  graph.nodes = nodes_;
  graph.edges = edges_;
  graph.half_edges = half_edges_;
  graph.ready_made = true;
  return graph;
}

model::ServiceId WholeGraphBuilder::EntryService() const {
  for (const Edge& edge : half_edges_) {
    if (edge.callee != kNone) return nodes_[edge.callee].service;
  }
  for (const Node& node : nodes_) {
    if (node.in_degree == 0) return node.service;
  }
  return model::kNoService;
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
  for (Node& node : nodes_) node.depth = kNotReached;
  const auto start_at = [&](uint32_t i) {
    if (nodes_[i].depth == 0) return;
    nodes_[i].depth = 0;
    queue_.push_back(i);
  };
  for (const Edge& edge : half_edges_) {
    if (edge.callee != kNone) start_at(edge.callee);
  }
  for (uint32_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i].in_degree == 0) start_at(i);
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
