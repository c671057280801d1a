#include "serverless/summary.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace plumbago::serverless {
namespace {

struct Share {
  double percent;
  uint64_t weight;
};

// The least percentage up to which there is the share `q` of all weight.
double Percentile(const std::vector<Share>& sorted, uint64_t all, uint64_t percent) {
  uint64_t below = 0;
  for (const Share& share : sorted) {
    below += share.weight;
    if (below * 100 >= percent * all) return share.percent;
  }
  return 0;
}

}  // namespace

Summary Summarise(std::span<const Outcome> outcomes, const Workload& load) {
  Summary summary;
  std::vector<Share> shares;
  uint64_t all = 0, always = 0;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    const Outcome& outcome = outcomes[i];
    if (outcome.invocations == 0) continue;
    const uint64_t weight = load.apps[i].weight;
    summary.cold += weight * outcome.cold;
    summary.invocations += weight * outcome.invocations;
    summary.starts += weight * outcome.starts;
    summary.idle_seconds += static_cast<double>(weight) * outcome.idle_seconds;
    shares.push_back({100 * outcome.cold_share(), weight});
    all += weight;
    if (outcome.always_cold()) always += weight;
  }
  std::sort(shares.begin(), shares.end(),
            [](const Share& a, const Share& b) { return a.percent < b.percent; });
  summary.p50 = Percentile(shares, all, 50);
  summary.p75 = Percentile(shares, all, 75);
  summary.p90 = Percentile(shares, all, 90);
  if (all > 0)
    summary.always_cold_percent = 100 * static_cast<double>(always) / static_cast<double>(all);
  return summary;
}

}  // namespace plumbago::serverless
