#include "engine/completeness.h"

#include <cmath>
#include <utility>

#include "analysis/trace_weight.h"
#include "statistics/sums.h"

namespace plumbago::engine {
namespace {

using statistics::AddSaturating;

std::optional<double> Share(double part, uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return part / static_cast<double>(whole);
}

}  // namespace

void CountKept(KeptCounts& counts, const graph::CallGraph& graph, uint32_t rows,
               uint32_t damaged_rows) {
  AddSaturating(counts.traces, graph.traces());
  counts.rows += rows;
  counts.rows_damaged += damaged_rows;
  AddSaturating(counts.calls, statistics::ProductSaturating(graph.call_count(), graph.traces()));
  counts.rows_folded += graph.repairs.folded;
  counts.sides_inferred += graph.repairs.sides_inferred;
  counts.from_queues += graph.repairs.from_queues;
  if (!graph.ready_made) {
    const uint64_t times = analysis::Times(graph.weight);
    AddSaturating(counts.weights, times);
    AddSaturating(counts.squares, statistics::ProductSaturating(times, times));
  }
  for (const graph::TraceCall& call : graph.calls) {
    counts.links += call.parent != graph::kNone;
    if (call.mended == graph::kMendedNothing) continue;
    ++counts.calls_mended;
    counts.calls_inserted += (call.mended & graph::kMendedInserted) != 0;
    if (call.parent == graph::kNone || (call.mended & graph::kMendedLink) == 0) continue;
    ++counts.links_mended;
    counts.confidence_ppm +=
        static_cast<uint64_t>(std::llround(static_cast<double>(call.confidence) * 1e6));
  }
}

void CountDropped(KeptCounts& counts, uint32_t rows, uint32_t damaged_rows) {
  ++counts.traces;
  counts.rows += rows;
  counts.rows_damaged += damaged_rows;
}

void CountLinks(analysis::LinkCounts& counts, const graph::TraceLinks& links) {
  for (const graph::TraceLink& link : links.links) counts.Count(link, links.trace_here);
}

uint64_t DamagedRows(const CompletenessState& state, graph::RepairMode mode) {
  const size_t variant = Slot(VariantOf(mode));
  return state.whole.rows_damaged + state.kept[variant].rows_damaged +
         state.dropped[variant].rows_damaged;
}

document::Traces ConcludeTraces(const CompletenessState& state, graph::RepairMode mode) {
  const size_t variant = Slot(VariantOf(mode));
  document::Traces traces;
  traces.complete = state.whole.traces;
  traces.repaired = state.kept[variant].traces;
  traces.dropped = state.dropped[variant].traces;
  for (const uint64_t some : {traces.complete, traces.repaired, traces.dropped}) {
    AddSaturating(traces.read, some);
  }
  return traces;
}

document::Completeness ConcludeCompleteness(const CompletenessState& state, graph::RepairMode mode,
                                            int64_t first_ns) {
  const KeptCounts& whole = state.whole;
  const KeptCounts& kept = state.kept[Slot(VariantOf(mode))];
  const KeptCounts& dropped = state.dropped[Slot(VariantOf(mode))];
  const WindowDamage window = DamageOf(state.window, first_ns);
  document::Completeness c;
  c.repair = graph::RepairModeName(mode);
  c.cut_left = window.cut_left;
  c.cut_right = window.cut_right;
  c.reused_ids = window.reused_ids;
  c.window =
      BirthsFit(state.window)
          ? "birth times in the trace ids against the first rows; work beyond the last row"
      : state.window.births == 0
          ? "these trace ids tell no birth: traces cut at the start cannot be told"
          : "the births in the trace ids do not fit the data's clock: traces cut at the start "
            "cannot be told";
  c.rows = whole.rows + kept.rows + dropped.rows;
  c.rows_in_whole_traces = whole.rows;
  c.calls = whole.calls;
  AddSaturating(c.calls, kept.calls);
  c.calls_mended = kept.calls_mended;
  c.calls_inserted = kept.calls_inserted;
  c.rows_folded = whole.rows_folded + kept.rows_folded;
  c.sides_inferred = whole.sides_inferred + kept.sides_inferred;
  c.from_queues = whole.from_queues + kept.from_queues;
  uint64_t weights = whole.weights, squares = whole.squares;
  AddSaturating(weights, kept.weights);
  AddSaturating(squares, kept.squares);
  if (squares > weights) {  // not all of weight 1
    c.sampled_of = weights;
    c.effective_traces = analysis::EffectiveCount(weights, squares);
  }
  c.span_links = state.links.across;
  c.span_links_not_here = state.links.no_trace + state.links.no_span;
  const uint64_t links = whole.links + kept.links;
  const double confidence = static_cast<double>(kept.confidence_ppm) / 1e6;
  c.links_mended_confidence = Share(confidence, kept.links_mended);
  c.links_confidence = Share(static_cast<double>(links - kept.links_mended) + confidence, links);
  c.calls_mean_whole = Share(static_cast<double>(whole.calls), whole.traces);
  c.calls_mean_damaged = Share(static_cast<double>(kept.calls), kept.traces);
  return c;
}

}  // namespace plumbago::engine
