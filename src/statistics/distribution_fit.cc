#include "statistics/distribution_fit.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>

#include "statistics/nelder_mead.h"
#include "statistics/normal.h"
#include "statistics/quantile_sketch.h"
#include "statistics/random.h"

namespace plumbago::statistics {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr uint64_t kJoinAbove = 64;

// log(1 + e^t) without overflow.
double LogOnePlusExp(double t) { return t > 30 ? t + std::exp(-t) : std::log1p(std::exp(t)); }

double LogSurvivalBurr(const Distribution& d, double log_x) {
  if (log_x == -kInfinity) return 0;
  return -d.shape2 * LogOnePlusExp(d.shape * (log_x - d.location));
}

Distribution LogNormalAt(const std::array<double, 2>& x) {
  return {Family::kLogNormal, x[0], std::exp(x[1]), 1};
}

Distribution BurrAt(const std::array<double, 3>& x) {
  return {Family::kBurr, x[0], std::exp(x[1]), std::exp(x[2])};
}

uint64_t Total(std::span<const Group> groups) {
  uint64_t total = 0;
  for (const Group& group : groups) total += group.count;
  return total;
}

// Logarithm at the middle of the group that holds the q-quantile.
double LogQuantile(std::span<const Group> groups, double q) {
  const auto rank = static_cast<uint64_t>(q * static_cast<double>(Total(groups) - 1));
  uint64_t before = 0;
  for (const Group& group : groups) {
    before += group.count;
    if (rank < before) {
      return group.log_from == -kInfinity ? group.log_to - std::numbers::ln2
                                          : 0.5 * (group.log_from + group.log_to);
    }
  }
  return groups.back().log_to;
}

Fit Finish(const Distribution& distribution, std::span<const Group> groups) {
  return {distribution, LogLikelihood(distribution, groups),
          KolmogorovSmirnov(distribution, groups)};
}

template <size_t N, class At>
Minimum<N> Maximise(std::span<const Group> groups, At at, const std::array<double, N>& start,
                    double step, double tolerance, int most) {
  const auto minus = [&](const std::array<double, N>& x) {
    // Walls far from anything real: exp(9) = 8103 for a shape.
    for (size_t d = 1; d < N; ++d) {
      if (std::abs(x[d]) > 9) return kInfinity;
    }
    if (std::abs(x[0]) > 100) return kInfinity;
    const double value = LogLikelihood(at(x), groups);
    return std::isnan(value) ? kInfinity : -value;
  };
  return NelderMead<N>(minus, start, step, tolerance, most);
}

// From a start that is known to be near: what a bootstrap needs.
Distribution Refit(const Distribution& near, std::span<const Group> groups) {
  if (near.family == Family::kLogNormal) {
    return LogNormalAt(
        Maximise<2>(groups, LogNormalAt, {near.location, std::log(near.shape)}, 0.1, 1e-2, 80).at);
  }
  return BurrAt(Maximise<3>(groups, BurrAt,
                            {near.location, std::log(near.shape), std::log(near.shape2)}, 0.15,
                            1e-2, 160)
                    .at);
}

void AppendInteger(CountHistogram& histogram, double x) {
  histogram.Add(x < 0.5    ? 0
                : x < 1e18 ? static_cast<uint64_t>(std::llround(x))
                           : uint64_t{1'000'000'000'000'000'000});
}

}  // namespace

const char* FamilyName(Family family) {
  return family == Family::kLogNormal ? "log-normal" : "Burr XII";
}

double Distribution::Survival(double x) const {
  if (x <= 0) return 1;
  const double log_x = std::log(x);
  return family == Family::kLogNormal ? NormalCdf((location - log_x) / shape)
                                      : std::exp(LogSurvivalBurr(*this, log_x));
}

double Distribution::LogBetween(double log_from, double log_to) const {
  if (family == Family::kLogNormal) {
    return LogNormalBetween((log_from - location) / shape, (log_to - location) / shape);
  }
  const double from = LogSurvivalBurr(*this, log_from);
  return from + std::log(-std::expm1(LogSurvivalBurr(*this, log_to) - from));
}

double Distribution::Quantile(double p) const {
  if (family == Family::kLogNormal) return std::exp(location + shape * NormalQuantile(p));
  return std::exp(location + std::log(std::expm1(-std::log1p(-p) / shape2)) / shape);
}

std::vector<Group> GroupIntegers(const CountHistogram& histogram) {
  std::vector<Group> groups;
  int64_t until = -1;  // last value of the group at work
  for (const auto& [value, count] : histogram.Bins()) {
    const int64_t v = static_cast<int64_t>(std::min<uint64_t>(value, INT64_MAX));
    if (v > until) {
      int64_t lower = v, upper = v;
      if (value > kJoinAbove) {
        const uint32_t bucket = QuantileSketch::BucketOf(v);
        lower = std::max(QuantileSketch::BucketLower(bucket), static_cast<int64_t>(kJoinAbove) + 1);
        upper = QuantileSketch::BucketUpper(bucket);
      }
      const double from = static_cast<double>(lower) - 0.5, to = static_cast<double>(upper) + 0.5;
      groups.push_back({from > 0 ? std::log(from) : -kInfinity, std::log(to), 0});
      until = upper;
    }
    groups.back().count += count;
  }
  return groups;
}

double LogLikelihood(const Distribution& distribution, std::span<const Group> groups) {
  double sum = 0;
  for (const Group& group : groups) {
    sum += static_cast<double>(group.count) * distribution.LogBetween(group.log_from, group.log_to);
  }
  return sum;
}

double KolmogorovSmirnov(const Distribution& distribution, std::span<const Group> groups) {
  const auto total = static_cast<double>(Total(groups));
  double distance = 0;
  uint64_t before = 0;
  for (const Group& group : groups) {
    const auto gap = [&](double log_x) {
      if (log_x == -kInfinity) return 0.0;
      return std::abs(static_cast<double>(before) / total -
                      (1 - distribution.Survival(std::exp(log_x))));
    };
    distance = std::max(distance, gap(group.log_from));
    before += group.count;
    distance = std::max(distance, gap(group.log_to));
  }
  return distance;
}

std::optional<Fit> FitDistribution(Family family, std::span<const Group> groups) {
  const size_t needed = static_cast<size_t>(Distribution{family}.parameters()) + 1;
  if (groups.size() < needed) return std::nullopt;
  // Where the logarithms lie.
  const double middle = LogQuantile(groups, 0.5);
  const double spread = std::max(0.05, LogQuantile(groups, 0.75) - LogQuantile(groups, 0.25));
  constexpr double kTolerance = 1e-7;
  if (family == Family::kLogNormal) {
    Minimum<2> best =
        Maximise<2>(groups, LogNormalAt, {middle, std::log(spread / 1.35)}, 0.5, kTolerance, 400);
    // Once more from where it ended: a simplex that collapsed early is found out.
    best = Maximise<2>(groups, LogNormalAt, best.at, 0.2, kTolerance, 400);
    return Finish(LogNormalAt(best.at), groups);
  }
  // A short look from each start, then the best two to the end.
  std::vector<Minimum<3>> found;
  for (const double shape2 : {0.3, 1.0, 3.0, 20.0}) {
    for (const double steep : {1.0, 2.5}) {
      // The scale that puts the median where it is; ln 9 = 2.197 gives the quartiles of a
      // log-logistic.
      const double shape = steep * 2.197 / spread;
      const double scale = middle - std::log(std::expm1(std::numbers::ln2 / shape2)) / shape;
      found.push_back(
          Maximise<3>(groups, BurrAt, {scale, std::log(shape), std::log(shape2)}, 0.4, 1e-2, 60));
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Minimum<3>& a, const Minimum<3>& b) { return a.value < b.value; });
  Minimum<3> best = found[0];
  for (size_t i = 0; i < 2; ++i) {
    Minimum<3> end = found[i];
    for (const double step : {0.3, 0.1}) {
      if (end.value < kInfinity) end = Maximise<3>(groups, BurrAt, end.at, step, kTolerance, 500);
    }
    if (end.value < best.value) best = end;
  }
  if (best.value == kInfinity) return std::nullopt;
  return Finish(BurrAt(best.at), groups);
}

double BootstrapP(const Fit& fit, std::span<const Group> groups, const BootstrapLimits& limits) {
  const uint64_t values = std::min(Total(groups), limits.most_values);
  if (fit.distance * std::sqrt(static_cast<double>(values)) > 3) return 1.0 / (1 + limits.draws);
  uint64_t seed = 0;
  for (const Group& group : groups) {
    seed = MixSeed(MixSeed(seed, group.count), std::bit_cast<uint64_t>(group.log_to));
  }
  Random random(seed);
  uint32_t hits = 0;
  for (uint32_t draw = 0; draw < limits.draws; ++draw) {
    CountHistogram sample;
    for (uint64_t i = 0; i < values; ++i)
      AppendInteger(sample, fit.distribution.Quantile(random.Unit()));
    const std::vector<Group> drawn = GroupIntegers(sample);
    const Distribution refitted = Refit(fit.distribution, drawn);
    hits += KolmogorovSmirnov(refitted, drawn) >= fit.distance;
  }
  return (1.0 + hits) / (1.0 + limits.draws);
}

Vuong VuongTest(const Distribution& a, const Distribution& b, std::span<const Group> groups) {
  const auto n = static_cast<double>(Total(groups));
  double sum = 0, squares = 0;
  for (const Group& group : groups) {
    const double ratio =
        a.LogBetween(group.log_from, group.log_to) - b.LogBetween(group.log_from, group.log_to);
    sum += static_cast<double>(group.count) * ratio;
    squares += static_cast<double>(group.count) * ratio * ratio;
  }
  const double variance = squares / n - (sum / n) * (sum / n);
  if (!(variance > 0)) return {};
  const double penalty = 0.5 * (a.parameters() - b.parameters()) * std::log(n);  // Schwarz
  const double z = (sum - penalty) / std::sqrt(n * variance);
  return {z, std::erfc(std::abs(z) / std::numbers::sqrt2)};
}

}  // namespace plumbago::statistics
