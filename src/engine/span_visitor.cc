#include "engine/span_visitor.h"

#include <algorithm>

#include "graph/span_view.h"

namespace plumbago::engine {

const graph::TraceSpan* EntryOf(std::span<const graph::TraceSpan> spans) {
  const auto entry = std::find_if(spans.begin(), spans.end(), [](const graph::TraceSpan& span) {
    return span.parent == graph::kNone && !span.inserted;
  });
  return entry == spans.end() ? nullptr : &*entry;
}

SpanVisitor::SpanVisitor(const model::Names& names, graph::RepairMode mode)
    : names_(names), mode_(mode) {
  SpanVisitor::Release();
}

void SpanVisitor::Release() {
  builder_ = std::make_unique<graph::TraceBuilder>(names_);
  builder_->KeepSpans(true);
  made_ = {};
}

void SpanVisitor::Visit(const model::TraceId& trace, std::span<const graph::Row> rows) {
  ++traces;
  builder_->Load(trace, rows, damage);
  graph::CallGraph graph;
  if (!builder_->Build(mode_, graph)) {
    ++dropped;
    return;
  }
  std::span<const graph::TraceSpan> spans = graph.spans;
  if (spans.empty()) {
    graph::SpansOfCalls(graph, made_);
    spans = made_;
  }
  Look(graph, rows, spans);
}

void SpanVisitor::MergeCounts(const SpanVisitor& other) {
  traces += other.traces;
  dropped += other.dropped;
  damage.Merge(other.damage);
}

}  // namespace plumbago::engine
