#include "serverless/instance_bounds.h"

#include <algorithm>
#include <vector>

#include "serverless/instance_replay.h"

namespace plumbago::serverless {
namespace {

// Keeps all, and writes down what would be kept.
struct AllGaps {
  static constexpr bool kEqualWindows = true;
  std::vector<int64_t> closed = {};
  void Gap(int64_t us) { closed.push_back(us); }
  LoadedAges Decide() const { return {0, kEver}; }
};

void BestAges(std::vector<int64_t>& closed, std::vector<int64_t>& open, double lambda,
              Outcome& outcome) {
  std::sort(closed.begin(), closed.end());
  std::sort(open.begin(), open.end());
  const auto total = static_cast<int64_t>(closed.size());
  int64_t before = -1, idle_us = 0;  // the last age that is loaded
  for (size_t at = 0; at < closed.size();) {
    const int64_t age = closed[at] / kMinuteUs, begins = age * kMinuteUs;
    int64_t hits = 0, idle = 0;
    for (; at < closed.size() && closed[at] < begins + kMinuteUs; ++at, ++hits)
      idle += closed[at] - begins;
    const int64_t beyond = total - static_cast<int64_t>(at);
    idle += beyond * kMinuteUs;
    const auto first = std::upper_bound(open.begin(), open.end(), begins);
    for (auto one = first; one != open.end(); ++one) idle += std::min(kMinuteUs, *one - begins);
    if (lambda * static_cast<double>(hits) > static_cast<double>(idle) / kSecondUs) {
      idle_us += idle;
      if (age > 0 && before != age - 1)
        outcome.starts += static_cast<uint64_t>(hits + beyond + (open.end() - first));
      before = age;
    } else {
      outcome.cold += static_cast<uint64_t>(hits);
      outcome.starts += static_cast<uint64_t>(hits);
    }
  }
  outcome.idle_seconds = static_cast<double>(idle_us) / kSecondUs;
}

}  // namespace

Outcome BoundOnInstances(const AppArrivals& app, BoundKind kind, double lambda) {
  AllGaps gaps;
  std::vector<int64_t> open;
  Outcome outcome = WithExecutions(app, [&](auto source) {
    InstanceReplay replay(EndUs(app), 0, gaps);
    const Outcome all = replay.Run(source);
    replay.ForEachOpen([&](int64_t us) { open.push_back(us); });
    return all;
  });
  outcome.idle_seconds = 0;
  if (outcome.invocations == 0) return outcome;
  if (kind == BoundKind::kB0) {  // all places but the first are loaded for the moment
    outcome.cold = 1;
    outcome.starts = outcome.invocations;
    return outcome;
  }
  // Who opens a place is cold.
  outcome.cold = outcome.starts = outcome.invocations - gaps.closed.size();
  if (kind == BoundKind::kB2) {
    BestAges(gaps.closed, open, lambda, outcome);
    return outcome;
  }
  const int64_t longest = MicrosOfSeconds(lambda);
  int64_t idle_us = 0;
  for (const int64_t gap : gaps.closed) {
    if (gap > longest) {
      ++outcome.cold;
    } else {
      idle_us += gap;
    }
  }
  outcome.starts = outcome.cold;
  outcome.idle_seconds = static_cast<double>(idle_us) / kSecondUs;
  return outcome;
}

}  // namespace plumbago::serverless
