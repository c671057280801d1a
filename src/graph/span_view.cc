#include "graph/span_view.h"

#include <algorithm>
#include <tuple>

namespace plumbago::graph {
namespace {

Interval TimeOf(const SpanNode& node) {
  if (node.call == nullptr) return {};
  return {node.call->start_ns, node.call->duration_ns};
}

void Cover(const Interval& child, Interval& cover) {
  if (!child.known()) return;
  const int64_t end = cover.known() ? std::max(cover.end_ns(), child.end_ns()) : child.end_ns();
  cover.start_ns = cover.known() ? std::min(cover.start_ns, child.start_ns) : child.start_ns;
  cover.duration_ns = end - cover.start_ns;
}

}  // namespace

// Parents stand before their children in `order`.
void SpanView::CoverLost(const SpanTree& tree) {
  const std::span<const SpanNode> nodes = tree.nodes();
  cover_.assign(nodes.size(), {});
  const std::span<const uint32_t> order = tree.order();
  for (size_t i = order.size(); i-- > 0;) {
    const SpanNode& node = nodes[order[i]];
    if (node.call != nullptr) cover_[order[i]] = TimeOf(node);
    if (node.parent == kNone || nodes[node.parent].call != nullptr) continue;
    Cover(cover_[order[i]], cover_[node.parent]);
  }
}

// The siblings gathered, last first: the first is taken from the stack next.
void SpanView::PushSorted(uint32_t parent) {
  const auto before = [](const Sibling& a, const Sibling& b) {
    return std::tie(a.start, a.id, a.node) < std::tie(b.start, b.id, b.node);
  };
  if (!std::is_sorted(siblings_.begin(), siblings_.end(), before))
    std::sort(siblings_.begin(), siblings_.end(), before);
  for (size_t i = siblings_.size(); i-- > 0;) open_.push_back({siblings_[i].node, parent});
}

std::span<const TraceSpan> SpanView::Make(const SpanTree& tree, const SpanCalls& calls,
                                          std::span<const uint32_t> call_of_draft,
                                          bool certain_only) {
  const std::span<const SpanNode> nodes = tree.nodes();
  const bool lost = std::any_of(nodes.begin(), nodes.end(),
                                [](const SpanNode& node) { return node.call == nullptr; });
  if (lost) CoverLost(tree);
  const auto kept = [&](uint32_t n) {
    if (!certain_only) return true;
    return calls.folded(n) ? calls.certain(n) : call_of_draft[calls.draft_of(n)] != kNone;
  };
  const auto gather = [&](uint32_t n) {
    if (!kept(n)) return;
    const int64_t start = lost ? cover_[n].start_ns : nodes[n].call->start_ns;
    siblings_.push_back({start, nodes[n].span, n});
  };
  if (spans_.size() < nodes.size()) spans_.resize(nodes.size());
  uint32_t made = 0;
  open_.clear();
  siblings_.clear();
  for (const uint32_t n : tree.order()) {
    if (nodes[n].parent != kNone) break;  // the roots stand first
    gather(n);
  }
  PushSorted(kNone);
  while (!open_.empty()) {
    const Open at = open_.back();
    open_.pop_back();
    const SpanNode& node = nodes[at.node];
    TraceSpan& span = spans_[made];
    span = {};
    span.parent = at.parent;
    span.subtree_end = made + 1;
    const uint32_t draft = calls.draft_of(at.node);
    if (draft != kNone) span.call = call_of_draft[draft];
    span.service = node.owner;
    span.id = node.span;
    span.side = node.side;
    span.inserted = node.call == nullptr;
    const Interval time = lost ? cover_[at.node] : TimeOf(node);
    span.start_ns = time.start_ns;
    span.duration_ns = time.duration_ns;
    if (node.call != nullptr) {
      span.operation = node.call->operation;
      span.kind = node.call->kind;
      span.status = node.call->status;
      if (node.row != kNone) span.attributes = tree.rows()[node.row].attributes;
    }
    const uint32_t self = made++;
    const uint32_t child = tree.first_child(at.node);
    if (child == kNone) continue;
    if (tree.next_sibling(child) == kNone) {
      if (kept(child)) open_.push_back({child, self});
      continue;
    }
    siblings_.clear();
    for (uint32_t c = child; c != kNone; c = tree.next_sibling(c)) gather(c);
    PushSorted(self);
  }
  for (uint32_t i = made; i-- > 0;) {
    if (spans_[i].parent == kNone) continue;
    uint32_t& end = spans_[spans_[i].parent].subtree_end;
    end = std::max(end, spans_[i].subtree_end);
  }
  return std::span(spans_).first(made);
}

void SpansOfCalls(const CallGraph& graph, std::vector<TraceSpan>& spans) {
  spans.resize(graph.calls.size());
  for (uint32_t i = 0; i < spans.size(); ++i) {
    const TraceCall& call = graph.calls[i];
    TraceSpan& span = spans[i];
    span.parent = call.parent;
    span.subtree_end = call.subtree_end;
    span.call = i;
    span.service = call.callee;
    span.operation = call.operation;
    span.start_ns = call.seen().start_ns;
    span.duration_ns = call.seen().duration_ns;
    span.id = 0;
    span.kind = call.kind;
    span.side = model::Side::kServer;
    span.status = call.status;
    span.inserted = (call.mended & kMendedInserted) != 0;
  }
  if (graph.repairs.inserted == 0) return;
  for (uint32_t i = static_cast<uint32_t>(spans.size()); i-- > 0;) {
    if (spans[i].parent == kNone || !spans[spans[i].parent].inserted) continue;
    TraceSpan& above = spans[spans[i].parent];
    Interval cover{above.start_ns, above.duration_ns};
    Cover({spans[i].start_ns, spans[i].duration_ns}, cover);
    above.start_ns = cover.start_ns;
    above.duration_ns = cover.duration_ns;
  }
}

}  // namespace plumbago::graph
