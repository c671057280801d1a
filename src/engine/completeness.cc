#include "engine/completeness.h"

#include <algorithm>
#include <cmath>

namespace plumbago::engine {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kHour = 3600 * kSecond;
// A first row this long after the birth of its id is not the first: real ids are made within 10 ms
// of it (T4).
constexpr int64_t kBirthSlack = 50'000'000;

std::optional<double> Share(double part, uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return part / static_cast<double>(whole);
}

}  // namespace

void CompletenessState::Merge(const CompletenessState& from) {
  complete += from.complete;
  repaired += from.repaired;
  dropped += from.dropped;
  rows += from.rows;
  rows_complete += from.rows_complete;
  rows_damaged += from.rows_damaged;
  calls_complete += from.calls_complete;
  calls_repaired += from.calls_repaired;
  calls_mended += from.calls_mended;
  calls_inserted += from.calls_inserted;
  links += from.links;
  links_mended += from.links_mended;
  confidence_ppm += from.confidence_ppm;
  births += from.births;
  births_fit += from.births_fit;
  born_before += from.born_before;
  born_long_before += from.born_long_before;
  at_work_at_end += from.at_work_at_end;
  spread += from.spread;
}

void ObserveWindow(CompletenessState& state, const model::TraceId& trace, const TraceWindow& window,
                   const analysis::Facts& facts) {
  if (window.first_ns == model::kNoTime) return;
  const int64_t last = std::max(window.last_ns, window.first_ns);
  if (facts.last_ns != model::kNoTime && last > facts.last_ns) ++state.at_work_at_end;
  if (last - window.first_ns > kHour) ++state.spread;
  const auto birth = trace.BirthNs();
  if (!birth) return;
  ++state.births;
  const int64_t lag = window.first_ns - *birth;
  if (lag >= -kSecond && lag <= kSecond) ++state.births_fit;
  if (lag > kHour) {
    ++state.born_long_before;
  } else if (lag > kBirthSlack && *birth < facts.first_ns) {
    ++state.born_before;
  }
}

void ObserveKept(CompletenessState& state, const graph::CallGraph& graph, bool whole, uint32_t rows,
                 uint32_t damaged_rows) {
  state.rows += rows;
  state.rows_damaged += damaged_rows;
  uint64_t links = 0;
  for (const graph::TraceCall& call : graph.calls) links += call.parent != graph::kNone;
  state.links += links;
  if (whole) {
    ++state.complete;
    state.rows_complete += rows;
    state.calls_complete += graph.calls.size();
    return;
  }
  ++state.repaired;
  state.calls_repaired += graph.calls.size();
  for (const graph::TraceCall& call : graph.calls) {
    state.calls_mended += call.mended != graph::kMendedNothing;
    state.calls_inserted += (call.mended & graph::kMendedInserted) != 0;
    if (call.parent == graph::kNone || (call.mended & graph::kMendedLink) == 0) continue;
    ++state.links_mended;
    state.confidence_ppm +=
        static_cast<uint64_t>(std::llround(static_cast<double>(call.confidence) * 1e6));
  }
}

void ObserveDropped(CompletenessState& state, uint32_t rows, uint32_t damaged_rows) {
  ++state.dropped;
  state.rows += rows;
  state.rows_damaged += damaged_rows;
}

bool BirthsFit(const CompletenessState& state) {
  return state.births != 0 && state.births_fit * 2 > state.births;
}

void AddWindowDamage(const CompletenessState& state, model::DamageCounts& damage) {
  if (BirthsFit(state)) {
    damage.Add(model::Damage::kLeftCut, state.born_before);
    damage.Add(model::Damage::kReusedId, state.born_long_before);
  }
  damage.Add(model::Damage::kRightCut, state.at_work_at_end);
}

document::Completeness ConcludeCompleteness(const CompletenessState& state,
                                            graph::RepairMode mode) {
  document::Completeness c;
  c.repair = graph::RepairModeName(mode);
  c.cut_right = state.at_work_at_end;
  if (BirthsFit(state)) {
    c.cut_left = state.born_before;
    c.reused_ids = state.born_long_before;
    c.window = "birth times in the trace ids against the first rows; work beyond the last row";
  } else {
    c.window =
        state.births == 0
            ? "these trace ids tell no birth: traces cut at the start cannot be told"
            : "the births in the trace ids do not fit the data's clock: traces cut at the start "
              "cannot be told";
  }
  c.rows = state.rows;
  c.rows_in_whole_traces = state.rows_complete;
  c.calls = state.calls_complete + state.calls_repaired;
  c.calls_mended = state.calls_mended;
  c.calls_inserted = state.calls_inserted;
  const double confidence = static_cast<double>(state.confidence_ppm) / 1e6;
  c.links_mended_confidence = Share(confidence, state.links_mended);
  c.links_confidence =
      Share(static_cast<double>(state.links - state.links_mended) + confidence, state.links);
  c.calls_mean_whole = Share(static_cast<double>(state.calls_complete), state.complete);
  c.calls_mean_damaged = Share(static_cast<double>(state.calls_repaired), state.repaired);
  return c;
}

}  // namespace plumbago::engine
