#include "engine/picked_traces.h"

#include <algorithm>
#include <tuple>

#include "engine/clock_offsets.h"
#include "engine/trace_walk.h"
#include "graph/span_view.h"
#include "graph/trace_builder.h"

namespace plumbago::engine {
namespace {

using model::kNoTime;

bool Slower(const PickedTrace& a, const PickedTrace& b) {
  return std::tie(b.duration_ns, a.id) < std::tie(a.duration_ns, b.id);
}

class Picking final : public TraceVisitor {
 public:
  Picking(const PickTracesOptions& options, const model::Names& names)
      : options_(options), names_(names) {
    Release();
  }

  void Release() override {
    builder_ = std::make_unique<graph::TraceBuilder>(names_);
    builder_->KeepSpans(true);
    made_ = {};
  }

  void Visit(const model::TraceId& trace, std::span<const graph::Row> rows) override {
    ++read;
    builder_->Load(trace, rows, damage);
    graph::CallGraph graph;
    const std::vector<model::TraceId>& only = options_.only;
    const bool wanted = only.empty() || std::find(only.begin(), only.end(), trace) != only.end();
    if (!builder_->Build(options_.mode, graph)) {
      ++dropped;
      return;
    }
    if (!wanted) return;
    std::span<const graph::TraceSpan> spans = graph.spans;
    if (spans.empty()) {
      graph::SpansOfCalls(graph, made_);
      spans = made_;
    }
    PickedTrace picked;
    picked.id = trace;
    picked.start_ns = graph.start_ns;
    if (graph.start_ns != kNoTime) picked.duration_ns = graph.end_ns - graph.start_ns;
    for (const graph::TraceSpan& span : spans) {
      if (span.parent != graph::kNone || span.inserted) continue;
      if (span.timed()) picked.duration_ns = span.duration_ns;
      break;
    }
    Keep(std::move(picked), spans);
  }

  // The fastest of those kept is at the front of the heap.
  void Keep(PickedTrace&& trace, std::span<const graph::TraceSpan> spans) {
    if (kept.size() >= options_.most) {
      if (!Slower(trace, kept.front())) return;
      std::pop_heap(kept.begin(), kept.end(), Slower);
      kept.pop_back();
    }
    if (trace.spans.empty()) trace.spans.assign(spans.begin(), spans.end());
    kept.push_back(std::move(trace));
    std::push_heap(kept.begin(), kept.end(), Slower);
  }

  std::vector<PickedTrace> kept;
  uint64_t read = 0, dropped = 0;
  model::DamageCounts damage;

 private:
  const PickTracesOptions& options_;
  const model::Names& names_;
  std::unique_ptr<graph::TraceBuilder> builder_;
  std::vector<graph::TraceSpan> made_;
};

}  // namespace

Result<PickedTraces> PickTraces(const PickTracesOptions& options) {
  ASSIGN_OR_RETURN(ReadRows read, ReadAllRows(options.read));
  read.ranks = read.names->Sort();
  ASSIGN_OR_RETURN(const bool looked, LearnClocks(read, options.read.show_progress));
  std::vector<std::unique_ptr<Picking>> picking;
  std::vector<TraceVisitor*> visitors;
  for (unsigned i = 0; i < read.plan.threads; ++i) {
    picking.push_back(std::make_unique<Picking>(options, *read.names));
    visitors.push_back(picking.back().get());
  }
  ASSIGN_OR_RETURN(const bool walked_all, WalkTraces(read, visitors, options.read.show_progress));
  RETURN_IF_ERROR(read.spill->status());

  PickedTraces picked;
  picked.damage = read.damage;
  for (const auto& one : picking) {
    if (one != picking.front()) {
      for (PickedTrace& trace : one->kept) picking.front()->Keep(std::move(trace), {});
    }
    picked.read += one->read;
    picked.dropped += one->dropped;
    picked.damage.Merge(one->damage);
  }
  if (read.clocks) picked.damage.Add(model::Damage::kClockSkew, read.clocks->rows_shifted);
  picked.traces = std::move(picking.front()->kept);
  std::sort(picked.traces.begin(), picked.traces.end(), Slower);
  picked.interrupted = read.interrupted || !walked_all || !looked;
  picked.names = std::move(read.names);
  return picked;
}

}  // namespace plumbago::engine
