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

void Sort(std::vector<Share>& shares) {
  std::sort(shares.begin(), shares.end(),
            [](const Share& a, const Share& b) { return a.percent < b.percent; });
}

}  // namespace

std::vector<ColdShare> ColdCurve(std::span<const Outcome> outcomes, const Workload& load,
                                 size_t most) {
  std::vector<Share> shares;
  uint64_t all = 0;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].invocations == 0) continue;
    shares.push_back({100 * outcomes[i].cold_share(), load.apps[i].weight});
    all += load.apps[i].weight;
  }
  Sort(shares);
  std::vector<ColdShare> curve;
  uint64_t below = 0;
  double drawn = -1;
  for (size_t i = 0; i < shares.size(); ++i) {
    below += shares[i].weight;
    if (i + 1 < shares.size() && shares[i + 1].percent == shares[i].percent) continue;
    const double apps = static_cast<double>(below) / static_cast<double>(all);
    if (apps - drawn < 1 / static_cast<double>(most) && i + 1 < shares.size()) continue;
    drawn = apps;
    curve.push_back({shares[i].percent, apps});
  }
  return curve;
}

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
    summary.dropped += weight * outcome.dropped;
    summary.wait_seconds += static_cast<double>(weight) * outcome.wait_seconds;
    summary.most_at_once = std::max(summary.most_at_once, outcome.most_at_once);
    if (const double mb = load.apps[i].memory_mb; mb > 0) {
      summary.memory_apps += weight;
      summary.gb_seconds = summary.gb_seconds.value_or(0) +
                           static_cast<double>(weight) * outcome.idle_seconds * mb / 1024;
    }
    shares.push_back({100 * outcome.cold_share(), weight});
    all += weight;
    if (outcome.always_cold()) always += weight;
  }
  Sort(shares);
  summary.apps = all;
  summary.p50 = Percentile(shares, all, 50);
  summary.p75 = Percentile(shares, all, 75);
  summary.p90 = Percentile(shares, all, 90);
  if (all > 0)
    summary.always_cold_percent = 100 * static_cast<double>(always) / static_cast<double>(all);
  return summary;
}

}  // namespace plumbago::serverless
