#include "analysis/attribute_effect.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "statistics/cluster_jackknife.h"
#include "statistics/many_tests.h"
#include "statistics/normal.h"
#include "statistics/student.h"

namespace plumbago::analysis {
namespace {

constexpr size_t kGroups = AttributeCell::kGroups;
using Groups = std::array<AttributeCell::Group, kGroups>;
using Sketch = statistics::QuantileSketch;

// Natural logarithm of one step of AttributeCell::LogOf.
constexpr double kLogStep = std::numbers::ln2 / Sketch::kBucketsPerOctave;

Groups Without(const Groups& all, const Groups& some) {
  Groups rest;
  for (size_t i = 0; i < kGroups; ++i) {
    rest[i] = {all[i].spans - some[i].spans, all[i].failed - some[i].failed,
               all[i].logs - some[i].logs};
  }
  return rest;
}

size_t Filled(const Groups& groups) {
  return static_cast<size_t>(std::count_if(groups.begin(), groups.end(),
                                           [](const auto& group) { return group.spans > 0; }));
}

// Sums over all groups but one (kGroups: all).
AttributeCell::Group Sum(const Groups& groups, size_t but) {
  AttributeCell::Group sum;
  for (size_t i = 0; i < kGroups; ++i) {
    if (i == but) continue;
    sum.spans += groups[i].spans;
    sum.failed += groups[i].failed;
    sum.logs += groups[i].logs;
  }
  return sum;
}

struct Estimate {
  double value = 0;
  double deviation = 0;
  double freedom = 1;
  double p = 1;  // that it is above 0 by chance
  statistics::Bounds bounds;
};

// Jackknife of f(sums with, sums without) over the groups.
template <class F>
std::optional<Estimate> Jackknife(const Groups& with, const Groups& without, F&& f) {
  std::array<double, kGroups> weights{}, weights_with{}, weights_without{};
  for (size_t i = 0; i < kGroups; ++i) {
    weights_with[i] = static_cast<double>(with[i].spans);
    weights_without[i] = static_cast<double>(without[i].spans);
    weights[i] = weights_with[i] + weights_without[i];
  }
  Estimate estimate;
  estimate.value = f(Sum(with, kGroups), Sum(without, kGroups));
  double squares = 0;
  for (size_t i = 0; i < kGroups; ++i) {
    if (weights[i] == 0) continue;
    const AttributeCell::Group a = Sum(with, i), b = Sum(without, i);
    if (a.spans == 0 || b.spans == 0) return std::nullopt;
    const double less = f(a, b) - estimate.value;
    squares += less * less;
  }
  // The smaller side decides how sure one can be.
  estimate.freedom = std::min(statistics::ClusterFreedom(weights_with),
                              statistics::ClusterFreedom(weights_without));
  const auto filled = static_cast<double>(
      std::count_if(weights.begin(), weights.end(), [](double weight) { return weight > 0; }));
  estimate.deviation = std::sqrt(squares * (filled - 1) / filled);
  const double t = statistics::StudentQuantile(0.975, estimate.freedom);
  estimate.bounds = {estimate.value - t * estimate.deviation,
                     estimate.value + t * estimate.deviation};
  if (estimate.value <= 0) return estimate;
  estimate.p = estimate.deviation > 0
                   ? statistics::StudentCdf(-estimate.value / estimate.deviation, estimate.freedom)
                   : 0;
  return estimate;
}

double ShareOf(uint64_t part, uint64_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}
double Smoothed(const AttributeCell::Group& sum) {
  return (static_cast<double>(sum.failed) + 0.5) / (static_cast<double>(sum.spans) + 1);
}

// Of each bucket that either has: its answer, and the counts with and without.
struct Step {
  double value;
  uint64_t with, without;
};
std::vector<Step> StepsOf(const Sketch& some, const Sketch& all) {
  const auto with = some.Buckets();
  std::vector<Step> steps;
  size_t at = 0;
  for (const Sketch::Bucket& bucket : all.Buckets()) {
    uint64_t count = 0;
    // The few values that a small sketch holds exactly lie within the buckets of a large one.
    for (; at < with.size() && with[at].upper <= bucket.upper; ++at) count += with[at].count;
    count = std::min(count, bucket.count);
    steps.push_back({bucket.Value(), count, bucket.count - count});
  }
  return steps;
}

double Median(const std::vector<Step>& steps, uint64_t Step::* count, uint64_t all) {
  uint64_t left = (all + 1) / 2;
  for (const Step& step : steps) {
    if (step.*count >= left) return step.value;
    left -= step.*count;
  }
  return steps.empty() ? 0 : steps.back().value;
}

// Wilcoxon's rank sum: by how many deviations those with are larger.
double RankTest(const std::vector<Step>& steps, uint64_t with, uint64_t without) {
  const auto n = static_cast<double>(with), m = static_cast<double>(without);
  double before = 0, wins = 0, ties = 0;
  for (const Step& step : steps) {
    const auto a = static_cast<double>(step.with), b = static_cast<double>(step.without);
    wins += a * (before + b / 2);  // pairs in which the one with is larger
    before += b;
    const double t = a + b;
    ties += t * t * t - t;
  }
  const double all = n + m;
  const double variance = n * m / 12 * (all + 1 - ties / (all * (all - 1)));
  return variance > 0 ? (wins - n * m / 2) / std::sqrt(variance) : 0;
}

// Fisher's test of counts of which only one in `design` tells something new.
double FisherTest(uint64_t hits, uint64_t drawn, uint64_t marked, uint64_t all, double design) {
  const auto less = [design](uint64_t count) {
    return static_cast<uint64_t>(std::llround(static_cast<double>(count) / design));
  };
  const uint64_t d = less(drawn), others = less(all - drawn);
  const uint64_t h = std::min(d, less(hits)), other_hits = std::min(others, less(marked - hits));
  return statistics::HypergeometricTail(h, d, h + other_hits, d + others);
}

// Variance of the difference of two means of independent values with the variance `of_one`.
double Independent(double of_one, const AttributeEffect& effect) {
  return of_one * (1 / static_cast<double>(effect.with.spans) +
                   1 / static_cast<double>(effect.without.spans));
}

std::optional<double> Design(const Estimate& estimate, double independent) {
  if (independent <= 0) return std::nullopt;
  return estimate.deviation * estimate.deviation / independent;
}

double Mean(UInt128 sum, uint64_t count) {
  return count == 0 ? 0 : static_cast<double>(sum) / static_cast<double>(count);
}

}  // namespace

bool AttributeEffect::FailsMore() const {
  return with.failed_share() >= 1.5 * without.failed_share() &&
         with.failed_share() >= without.failed_share() + 0.01;
}

bool AttributeEffect::TakesLonger() const { return time_ratio >= 1.1; }

bool AttributeEffect::IsSlowMore() const {
  return with.slow_share() >= 0.1 && with.slow_share() >= 2 * without.slow_share();
}

double AttributeEffect::FailedP(double design) const {
  if (failed_gate > kGate) return 1;
  return FisherTest(with.failed, with.spans, with.failed + without.failed,
                    with.spans + without.spans, design);
}

double AttributeEffect::TimeP(double design) const {
  return time_gate > kGate ? 1 : statistics::NormalCdf(-rank_z / std::sqrt(design));
}

double AttributeEffect::SlowP(double design) const {
  // The tail's own groups are not kept; if it is there, the mean of the logarithms moves with it.
  if (time_gate > kTailGate) return 1;
  return FisherTest(with.slow, with.spans, with.slow + without.slow, with.spans + without.spans,
                    design);
}

double AttributeEffect::excess_failed() const {
  return static_cast<double>(with.failed) -
         static_cast<double>(with.spans) * without.failed_share();
}

double AttributeEffect::excess_ns() const {
  return static_cast<double>(with.spans) * (with.mean_ns - without.mean_ns);
}

std::optional<AttributeEffect> EffectOf(const AttributeCell& cell, const AttributeCell& all,
                                        int64_t slow_ns) {
  if (cell.spans() > all.spans()) return std::nullopt;
  AttributeEffect effect;
  effect.with.spans = cell.spans();
  effect.without.spans = all.spans() - cell.spans();
  if (std::min(effect.with.spans, effect.without.spans) < kLeastSpans) return std::nullopt;
  const Groups rest = Without(all.groups, cell.groups);
  if (Filled(cell.groups) < statistics::kLeastClusters ||
      Filled(rest) < statistics::kLeastClusters) {
    return std::nullopt;
  }
  const std::vector<Step> steps = StepsOf(cell.latency, all.latency);
  effect.with.median_ns = Median(steps, &Step::with, effect.with.spans);
  effect.without.median_ns = Median(steps, &Step::without, effect.without.spans);
  effect.with.mean_ns = Mean(cell.latency.sum(), effect.with.spans);
  effect.without.mean_ns = Mean(all.latency.sum() - cell.latency.sum(), effect.without.spans);
  const uint64_t slow = all.spans() - all.latency.CountAtMost(slow_ns);
  effect.with.slow = std::min(slow, cell.spans() - cell.latency.CountAtMost(slow_ns));
  effect.without.slow = slow - effect.with.slow;
  effect.with.failed = cell.failed();
  effect.without.failed = all.failed() - effect.with.failed;

  const auto shares = Jackknife(cell.groups, rest, [](const auto& a, const auto& b) {
    return ShareOf(a.failed, a.spans) - ShareOf(b.failed, b.spans);
  });
  const auto ratio = Jackknife(cell.groups, rest, [](const auto& a, const auto& b) {
    return std::log(Smoothed(a) / Smoothed(b));
  });
  const auto times = Jackknife(cell.groups, rest, [](const auto& a, const auto& b) {
    return kLogStep * (ShareOf(a.logs, a.spans) - ShareOf(b.logs, b.spans));
  });
  if (!shares || !ratio || !times) return std::nullopt;

  effect.failed_ratio = std::exp(ratio->value);
  effect.failed_bounds = {std::exp(ratio->bounds.low), std::exp(ratio->bounds.high)};
  effect.failed_gate = shares->p;
  const double share = ShareOf(all.failed(), all.spans());
  effect.failed_design = Design(*shares, Independent(share * (1 - share), effect));
  effect.time_ratio = std::exp(times->value);
  effect.time_bounds = {std::exp(times->bounds.low), std::exp(times->bounds.high)};
  effect.time_gate = times->p;
  const AttributeCell::Group total = Sum(all.groups, kGroups);
  const double mean = ShareOf(total.logs, total.spans);
  const double of_one = ShareOf(all.squares, total.spans) - mean * mean;
  effect.time_design = Design(*times, Independent(kLogStep * kLogStep * of_one, effect));
  effect.rank_z = RankTest(steps, effect.with.spans, effect.without.spans);
  return effect;
}

}  // namespace plumbago::analysis
