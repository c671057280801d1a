#include "graph/graph_measure.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "base/strong_id.h"

namespace plumbago::graph {
namespace {

constexpr size_t kFirstSlots = 64;

uint32_t SlotOf(uint64_t key, unsigned shift) {
  return static_cast<uint32_t>((key * 0x9E3779B97F4A7C15ull) >> shift);
}

// The distinct services and pairs of one trace.
class Finder {
 public:
  explicit Finder(MeasuredGraph& graph) : graph_(graph) {
    if (graph.node_slots.empty()) {
      graph.node_slots.resize(kFirstSlots);
      graph.edge_slots.resize(kFirstSlots);
    }
    // A trace uses one generation, and one more each time a table doubles.
    if (graph.generation > std::numeric_limits<uint32_t>::max() - 128) [[unlikely]] {
      std::fill(graph.node_slots.begin(), graph.node_slots.end(), MeasuredGraph::NodeSlot{});
      std::fill(graph.edge_slots.begin(), graph.edge_slots.end(), MeasuredGraph::EdgeSlot{});
      graph.generation = 0;
    }
    node_generation_ = edge_generation_ = ++graph.generation;
  }

  uint32_t Node(model::ServiceId service, uint16_t depth) {
    const uint32_t id = Index(service);
    for (size_t at = SlotOf(id, node_shift_);; at = (at + 1) & (node_size_ - 1)) {
      MeasuredGraph::NodeSlot& slot = graph_.node_slots[at];
      if (slot.generation != node_generation_) {
        const auto node = static_cast<uint32_t>(graph_.nodes.size());
        slot = {node_generation_, id, node};
        graph_.nodes.push_back({.service = service, .depth = depth});
        if (graph_.nodes.size() * 2 > node_size_) [[unlikely]]
          GrowNodes();
        return node;
      }
      if (slot.service == id) {
        graph::Node& node = graph_.nodes[slot.node];
        node.depth = std::min(node.depth, depth);
        return slot.node;
      }
    }
  }

  void CountEdge(uint32_t caller, uint32_t callee, model::Kind kind) {
    const uint64_t pair = uint64_t{caller} << 32 | callee;
    for (size_t at = SlotOf(pair, edge_shift_);; at = (at + 1) & (edge_size_ - 1)) {
      MeasuredGraph::EdgeSlot& slot = graph_.edge_slots[at];
      if (slot.generation != edge_generation_) {
        slot = {pair, edge_generation_, static_cast<uint32_t>(graph_.edges.size())};
        graph_.edges.push_back({caller, callee, 1, kind});
        ++graph_.nodes[caller].out_degree;
        ++graph_.nodes[callee].in_degree;
        if (graph_.edges.size() * 2 > edge_size_) [[unlikely]]
          GrowEdges();
        return;
      }
      if (slot.pair == pair) {
        ++graph_.edges[slot.edge].calls;
        return;
      }
    }
  }

 private:
  void GrowNodes() {
    node_size_ *= 2;
    --node_shift_;
    if (graph_.node_slots.size() < node_size_) graph_.node_slots.resize(node_size_);
    node_generation_ = ++graph_.generation;
    FillNodes();
  }

  void GrowEdges() {
    edge_size_ *= 2;
    --edge_shift_;
    if (graph_.edge_slots.size() < edge_size_) graph_.edge_slots.resize(edge_size_);
    edge_generation_ = ++graph_.generation;
    FillEdges();
  }

  void FillNodes() {
    for (uint32_t node = 0; node < graph_.nodes.size(); ++node) {
      const uint32_t id = Index(graph_.nodes[node].service);
      size_t at = SlotOf(id, node_shift_);
      while (graph_.node_slots[at].generation == node_generation_) at = (at + 1) & (node_size_ - 1);
      graph_.node_slots[at] = {node_generation_, id, node};
    }
  }

  void FillEdges() {
    for (uint32_t edge = 0; edge < graph_.edges.size(); ++edge) {
      const uint64_t pair = uint64_t{graph_.edges[edge].caller} << 32 | graph_.edges[edge].callee;
      size_t at = SlotOf(pair, edge_shift_);
      while (graph_.edge_slots[at].generation == edge_generation_) at = (at + 1) & (edge_size_ - 1);
      graph_.edge_slots[at] = {pair, edge_generation_, edge};
    }
  }

  MeasuredGraph& graph_;
  size_t node_size_ = kFirstSlots;
  size_t edge_size_ = kFirstSlots;
  unsigned node_shift_ = 64 - 6;
  unsigned edge_shift_ = 64 - 6;
  uint32_t node_generation_ = 0;
  uint32_t edge_generation_ = 0;
};

// Takes a callee's interval into the cover of its caller. Exact as long as callees come in order of
// start.
void CoverWith(const TraceCall& callee, MeasuredGraph::Cover& cover) {
  if (model::IsAsynchronous(callee.kind) || cover.begin > cover.end) return;
  const Interval& seen = callee.seen();
  if (!seen.known()) {
    cover.end = cover.begin - 1;
    return;
  }
  const int64_t start = std::clamp(seen.start_ns, cover.begin, cover.end);
  const int64_t end = std::clamp(seen.end_ns(), cover.begin, cover.end);
  if (start < cover.last_start) cover.unordered = true;
  cover.last_start = start;
  if (end > cover.frontier) {
    cover.covered += end - std::max(start, cover.frontier);
    cover.frontier = end;
  }
}

// The union of the callees' intervals within [begin, end], in any order.
int64_t SortedCover(std::span<const TraceCall> calls, uint32_t caller,
                    const MeasuredGraph::Cover& cover, std::vector<MeasuredGraph::Span>& spans) {
  spans.clear();
  for (uint32_t i = caller + 1; i < calls[caller].subtree_end; i = calls[i].subtree_end) {
    if (model::IsAsynchronous(calls[i].kind)) continue;
    const Interval& seen = calls[i].seen();
    spans.push_back({std::clamp(seen.start_ns, cover.begin, cover.end),
                     std::clamp(seen.end_ns(), cover.begin, cover.end)});
  }
  std::sort(spans.begin(), spans.end(),
            [](const auto& a, const auto& b) { return a.start < b.start; });
  int64_t covered = 0;
  int64_t frontier = cover.begin;
  for (const MeasuredGraph::Span& span : spans) {
    if (span.end <= frontier) continue;
    covered += span.end - std::max(span.start, frontier);
    frontier = span.end;
  }
  return covered;
}

}  // namespace

void Measure(std::span<TraceCall> calls, MeasuredGraph& out) {
  out.nodes.clear();
  out.edges.clear();
  const auto size = static_cast<uint32_t>(calls.size());
  if (out.covers.size() < size) out.covers.resize(size);
  Finder finder(out);

  for (uint32_t i = 0; i < size; ++i) {
    TraceCall& call = calls[i];
    call.subtree_end = i + 1;
    call.depth = 0;
    uint32_t caller = kNone;
    if (call.parent != kNone) {
      DCHECK(call.parent < i);
      const TraceCall& parent = calls[call.parent];
      call.depth = static_cast<uint16_t>(std::min<uint32_t>(parent.depth + 1u, 0xFFFF));
      // A call's caller is what its parent called, in all but damaged traces. Its depth is known to
      // be less.
      if (call.caller == parent.callee) caller = parent.callee_node;
      CoverWith(call, out.covers[call.parent]);
    }
    if (caller == kNone && call.caller != model::kNoService)
      caller = finder.Node(call.caller, call.depth);
    call.caller_node = caller;
    call.callee_node =
        call.callee == model::kNoService ? kNone : finder.Node(call.callee, call.depth);
    if (call.callee_node != kNone) {
      if (model::IsStateful(call.kind)) out.nodes[call.callee_node].stateful = true;
      if (caller != kNone) finder.CountEdge(caller, call.callee_node, call.kind);
    }

    MeasuredGraph::Cover& cover = out.covers[i];
    const Interval& own = call.server.known() ? call.server : call.client;
    cover.begin = own.known() ? own.start_ns : 0;
    cover.end = own.known() ? own.end_ns() : -1;
    cover.last_start = cover.frontier = cover.begin;
    cover.covered = 0;
    cover.unordered = false;
  }

  for (uint32_t i = size; i-- > 0;) {
    TraceCall& call = calls[i];
    if (call.parent != kNone) {
      uint32_t& parent_end = calls[call.parent].subtree_end;
      parent_end = std::max(parent_end, call.subtree_end);
    }
    const MeasuredGraph::Cover& cover = out.covers[i];
    if (cover.begin > cover.end) {
      call.self_ns = model::kNoTime;
    } else {
      const int64_t covered =
          cover.unordered ? SortedCover(calls, i, cover, out.spans) : cover.covered;
      call.self_ns = cover.end - cover.begin - covered;
    }
  }
}

}  // namespace plumbago::graph
