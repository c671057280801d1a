#include "serverless/window_sweep.h"

#include <algorithm>

#include "serverless/each_index.h"
#include "serverless/fixed_window.h"
#include "serverless/idle_gaps.h"

namespace plumbago::serverless {
namespace {

// Gaps by the first window that holds them; those that none holds stand at the end.
struct GapSums {
  std::vector<uint64_t> times;
  std::vector<double> seconds;
  explicit GapSums(size_t windows) : times(windows + 1), seconds(windows + 1) {}
};

void ReplayApp(const AppArrivals& app, std::span<const double> windows, GapSums& sums,
               std::vector<std::vector<Outcome>>& outcomes, size_t at) {
  std::fill(sums.times.begin(), sums.times.end(), 0);
  std::fill(sums.seconds.begin(), sums.seconds.end(), 0);
  const uint64_t invocations = app.minutes->total();
  if (invocations == 0) return;
  const double last = ForEachGap(*app.minutes, [&](const IdleGap& gap) {
    const auto holds = static_cast<size_t>(
        std::lower_bound(windows.begin(), windows.end(), gap.seconds) - windows.begin());
    sums.times[holds] += gap.times;
    sums.seconds[holds] += static_cast<double>(gap.times) * gap.seconds;
  });
  uint64_t longer = 0;
  for (const uint64_t times : sums.times) longer += times;
  double held = 0;
  for (size_t i = 0; i < windows.size(); ++i) {
    longer -= sums.times[i];
    held += sums.seconds[i];
    Outcome& outcome = outcomes[i][at];
    outcome.invocations = invocations;
    outcome.cold = outcome.starts = 1 + longer;
    outcome.idle_seconds = held + std::min(windows[i], app.end - last);
    if (longer > 0) outcome.idle_seconds += static_cast<double>(longer) * windows[i];
  }
}

}  // namespace

std::vector<std::vector<Outcome>> ReplayWindows(const std::vector<AppArrivals>& apps,
                                                std::span<const double> seconds, unsigned threads) {
  std::vector<std::vector<Outcome>> outcomes(seconds.size(), std::vector<Outcome>(apps.size()));
  std::vector<GapSums> sums(std::max(1u, threads), GapSums(seconds.size()));  // of each thread
  ForEachIndex(apps.size(), threads, [&](size_t at, unsigned thread) {
    if (!apps[at].timed()) {
      ReplayApp(apps[at], seconds, sums[thread], outcomes, at);
      return;
    }
    for (size_t i = 0; i < seconds.size(); ++i)
      outcomes[i][at] = FixedWindow("", seconds[i]).ReplayApp(apps[at]);
  });
  return outcomes;
}

}  // namespace plumbago::serverless
