#include "serverless/instance_bounds.h"

#include <algorithm>
#include <vector>

#include "serverless/instance_replay.h"

namespace plumbago::serverless {
namespace {

// Keeps all, and takes note of what would be kept: by minute of idleness, so that many cost little.
struct AllGaps {
  static constexpr bool kEqualWindows = true;
  struct Age {
    int64_t hits = 0, hit_us = 0;  // from the beginning of the minute to the invocation
  };
  int64_t longest_us;  // that B1 keeps
  std::vector<Age> ages = {};
  int64_t closed = 0, longer = 0, kept_us = 0;

  void Gap(int64_t us) {
    const auto age = static_cast<size_t>(us / kMinuteUs);
    if (age >= ages.size()) ages.resize(age + 1);
    ++ages[age].hits;
    ages[age].hit_us += us % kMinuteUs;
    ++closed;
    if (us > longest_us) {
      ++longer;
    } else {
      kept_us += us;
    }
  }
  LoadedAges Decide() const { return {0, kEver}; }
};

void BestAges(const AllGaps& gaps, std::vector<int64_t>& open, double lambda, Outcome& outcome) {
  std::sort(open.begin(), open.end());
  int64_t idle_us = 0, beyond = gaps.closed;
  bool before = false;  // the minute before is loaded
  for (size_t age = 0; age < gaps.ages.size(); ++age) {
    const auto [hits, hit_us] = gaps.ages[age];
    beyond -= hits;
    if (hits == 0) {
      before = false;
      continue;
    }
    const int64_t begins = static_cast<int64_t>(age) * kMinuteUs;
    int64_t idle = hit_us + beyond * kMinuteUs;
    const auto first = std::upper_bound(open.begin(), open.end(), begins);
    for (auto one = first; one != open.end(); ++one) idle += std::min(kMinuteUs, *one - begins);
    if (lambda * static_cast<double>(hits) > static_cast<double>(idle) / kSecondUs) {
      idle_us += idle;
      if (age > 0 && !before)
        outcome.starts += static_cast<uint64_t>(hits + beyond + (open.end() - first));
      before = true;
    } else {
      outcome.cold += static_cast<uint64_t>(hits);
      outcome.starts += static_cast<uint64_t>(hits);
      before = false;
    }
  }
  outcome.idle_seconds = static_cast<double>(idle_us) / kSecondUs;
}

}  // namespace

Outcome BoundOnInstances(const AppArrivals& app, BoundKind kind, double lambda) {
  AllGaps gaps{MicrosOfSeconds(lambda)};
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
  outcome.cold = outcome.starts = outcome.invocations - static_cast<uint64_t>(gaps.closed);
  if (kind == BoundKind::kB2) {
    BestAges(gaps, open, lambda, outcome);
    return outcome;
  }
  outcome.cold += static_cast<uint64_t>(gaps.longer);
  outcome.starts = outcome.cold;
  outcome.idle_seconds = static_cast<double>(gaps.kept_us) / kSecondUs;
  return outcome;
}

}  // namespace plumbago::serverless
