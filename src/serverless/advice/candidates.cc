#include "serverless/advice/candidates.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "serverless/figures/found_period.h"
#include "serverless/idle_gaps.h"

namespace plumbago::serverless {
namespace {

constexpr uint32_t kKeeps[] = {30,     60,     90,     150,    210,    360,   660,
                               960,    1260,   1860,   2760,   3660,   5460,  7260,
                               10'860, 14'460, 21'660, 28'860, 43'260, 86'460};
constexpr uint32_t kPeriods[] = {15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440, 10'080};
constexpr uint32_t kShortestPeriod = 15;  // minutes: below, a window is nearly all of it
constexpr double kIdle = 120;             // seconds: ends by an invocation worth a window
constexpr size_t kMostPhases = 6, kMostWindows = 4;
// Minutes of the period for each phase: by chance a sixth is met, not half.
constexpr uint32_t kLeastPeriodOfPhase = 6;

std::optional<Schedule> ScheduleOf(const std::vector<uint32_t>& ends, uint32_t period) {
  std::map<uint32_t, uint32_t> at;  // invocations by phase
  for (const uint32_t minute : ends) ++at[minute % period];
  std::vector<std::pair<uint32_t, uint32_t>> most;  // count, phase
  most.reserve(at.size());
  for (const auto& [phase, count] : at) most.emplace_back(count, phase);
  std::sort(most.begin(), most.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  std::vector<uint32_t> phases;
  size_t met = 0;
  for (const auto& [count, phase] : most) {
    if (phases.size() == std::min<size_t>(kMostPhases, period / kLeastPeriodOfPhase) ||
        met * 20 >= ends.size() * 19)
      break;
    phases.push_back(phase);
    met += count;
  }
  if (met * 2 < ends.size()) return std::nullopt;
  std::sort(phases.begin(), phases.end());
  auto schedule = ScheduleFor(period, phases);
  if (!schedule || schedule->windows.size() > kMostWindows) return std::nullopt;
  uint32_t held = 0;
  for (const Schedule::Window& window : schedule->windows) held += window.end - window.start;
  return held * 3 <= period ? schedule : std::nullopt;
}

}  // namespace

std::span<const uint32_t> UsualKeeps() { return kKeeps; }

uint32_t BestKeep(const model::MinuteSeries& minutes, double lambda) {
  std::vector<std::pair<double, uint64_t>> gaps;
  ForEachGap(minutes, [&](const IdleGap& gap) { gaps.emplace_back(gap.seconds, gap.times); });
  std::sort(gaps.begin(), gaps.end());
  uint64_t longer = 0;
  for (const auto& gap : gaps) longer += gap.second;
  double best = 0, best_cost = lambda * static_cast<double>(longer), held = 0;
  for (const auto& [seconds, times] : gaps) {
    longer -= times;
    held += static_cast<double>(times) * seconds;
    const double cost = held + static_cast<double>(longer) * (seconds + lambda);
    if (cost < best_cost) std::tie(best, best_cost) = std::pair(seconds, cost);
  }
  return best > 0 ? static_cast<uint32_t>(std::ceil(best / kMinute) + 1) * 60 : 0;
}

std::vector<Schedule> LikelySchedules(const model::MinuteSeries& minutes, uint32_t begin,
                                      uint32_t end, bool weekday_known) {
  std::vector<uint32_t> ends;         // minutes of invocations that end an idle time
  std::map<uint32_t, uint32_t> gaps;  // of whole minutes
  ForEachGap(minutes, [&](const IdleGap& gap) {
    if (gap.seconds < kIdle) return;
    ends.push_back(static_cast<uint32_t>((gap.begins + gap.seconds) / kMinute + 1e-6));
    ++gaps[static_cast<uint32_t>(std::lround(gap.seconds / kMinute))];
  });
  std::vector<Schedule> schedules;
  if (ends.size() < 3) return schedules;
  std::vector<uint32_t> periods(std::begin(kPeriods), std::end(kPeriods));
  const auto usual = std::max_element(
      gaps.begin(), gaps.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  const auto also = [&](uint32_t period) {
    if (std::find(periods.begin(), periods.end(), period) == periods.end())
      periods.push_back(period);
  };
  also(usual->first);
  if (const auto found = FindPeriod(minutes, begin, end); found && found->on_clock)
    also(found->minutes);
  for (const uint32_t period : periods) {
    if (period < kShortestPeriod || uint64_t{3} * period > end - begin) continue;
    if (period == 10'080 && !weekday_known) continue;
    if (auto schedule = ScheduleOf(ends, period)) schedules.push_back(std::move(*schedule));
  }
  return schedules;
}

}  // namespace plumbago::serverless
