#include "engine/trace_window.h"

#include <algorithm>

#include "engine/places.h"

namespace plumbago::engine {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kHour = 3600 * kSecond;
// Births that are further from 1970 are none: any two can be told apart by their difference.
constexpr int64_t kFurthest = INT64_MAX / 2;
// A first row this long after the birth of its id is not the first: real ids are made within 10 ms
// of it (T4).
constexpr int64_t kBirthSlack = 50'000'000;

}  // namespace

TraceWindow WindowOf(std::span<const graph::Row> rows) {
  TraceWindow window;
  for (const graph::Row& row : rows) {
    window.sides_marked |= row.call->side != model::Side::kUnknown;
    window.saved |= (row.call->origin.block & kSavedOrigin) != 0;
    const int64_t start = row.call->start_ns;
    if (start == model::kNoTime) continue;
    if (window.first_ns == model::kNoTime || start < window.first_ns) window.first_ns = start;
    const int64_t duration = row.call->duration_ns;
    window.last_ns =
        std::max(window.last_ns, duration == model::kNoTime ? start : start + duration);
  }
  return window;
}

uint64_t Births::Before(int64_t ns) const {
  return static_cast<uint64_t>(
      std::count_if(ns_.begin(), ns_.end(), [ns](int64_t birth) { return birth < ns; }));
}

void Births::Save(std::string& out) const {
  std::vector<int64_t> sorted = ns_;
  std::sort(sorted.begin(), sorted.end());
  statistics::AppendVarint(out, sorted.size());
  int64_t last = 0;
  for (const int64_t ns : sorted) {
    statistics::AppendSigned(out, ns - last);
    last = ns;
  }
}

bool Births::Load(statistics::StateReader& in) {
  ns_.clear();
  int64_t last = 0;
  const uint64_t count = in.Varint();
  for (uint64_t i = 0; i < count; ++i) {
    const int64_t step = in.Signed();
    if (!in.ok() || (i > 0 && step < 0) || __builtin_add_overflow(last, step, &last)) return false;
    if (last > kFurthest || last < -kFurthest) return false;
    ns_.push_back(last);
  }
  return in.ok();
}

void ObserveWindow(WindowCounts& counts, const model::TraceId& trace, const TraceWindow& window,
                   int64_t first_ns, int64_t last_ns) {
  if (window.first_ns == model::kNoTime) return;
  const int64_t last = std::max(window.last_ns, window.first_ns);
  if (last_ns != model::kNoTime && last > last_ns) ++counts.at_work_at_end;
  // As unsigned numbers: the ends of time lie further apart than signed ones reach.
  if (static_cast<uint64_t>(last) - static_cast<uint64_t>(window.first_ns) > uint64_t{kHour})
    ++counts.spread;
  const auto birth = trace.BirthNs();
  if (!birth) return;
  ++counts.births;
  const int64_t lag = window.first_ns - *birth;
  if (lag >= -kSecond && lag <= kSecond) ++counts.births_fit;
  if (lag > kHour) {
    ++counts.born_long_before;
  } else if (lag > kBirthSlack && *birth < first_ns) {
    counts.late.Add(*birth);
  }
}

bool BirthsFit(const WindowCounts& counts) {
  return counts.births != 0 && counts.births_fit * 2 > counts.births;
}

WindowDamage DamageOf(const WindowCounts& counts, int64_t first_ns) {
  WindowDamage damage;
  damage.cut_right = counts.at_work_at_end;
  if (!BirthsFit(counts)) return damage;
  damage.cut_left = counts.late.Before(first_ns);
  damage.reused_ids = counts.born_long_before;
  return damage;
}

}  // namespace plumbago::engine
