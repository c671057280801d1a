// Bootstrap over clusters: groups of observations that depend on each other (all that one host saw)
// are drawn with replacement, never single observations (statistics.md T1, T8). Field, Welsh,
// "Bootstrapping clustered data", JRSS B 69, 2007.
//
// An estimate that is a function of sums is evaluated by adding each cluster's sums as often as it
// was drawn. The interval is value +- t * (standard deviation of the draws), t of Student with one
// degree less than there are clusters: with few clusters, percentiles of the draws are too narrow
// (Cameron, Gelbach, Miller, Review of Economics and Statistics 90, 2008).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "statistics/random.h"
#include "statistics/resampling.h"
#include "statistics/student.h"

namespace plumbago::statistics {

inline constexpr size_t kLeastClusters = 8;  // fewer tell nothing of how they vary
inline constexpr int kClusterDraws = 499;

// estimate(times) -> std::optional<double>, where times[i] says how often cluster i was drawn.
// `clusters` that hold something; seeded by `seed`, which comes from the data. Nothing with fewer
// than kLeastClusters, or where more than one draw in ten has no estimate.
template <class F>
std::optional<Bounds> ClusterInterval(size_t clusters, uint64_t seed, double value, F&& estimate,
                                      double confidence = 0.95) {
  if (clusters < kLeastClusters) return std::nullopt;
  Random random(seed);
  std::vector<uint32_t> times(clusters);
  std::vector<double> values;
  values.reserve(kClusterDraws);
  for (int draw = 0; draw < kClusterDraws; ++draw) {
    std::fill(times.begin(), times.end(), 0);
    for (size_t i = 0; i < clusters; ++i) ++times[random.Below(clusters)];
    const std::optional<double> drawn = estimate(static_cast<const std::vector<uint32_t>&>(times));
    if (drawn) values.push_back(*drawn);
  }
  if (values.size() * 10 < static_cast<size_t>(kClusterDraws) * 9) return std::nullopt;
  double mean = 0;
  for (const double one : values) mean += one;
  mean /= static_cast<double>(values.size());
  double squares = 0;
  for (const double one : values) squares += (one - mean) * (one - mean);
  const double deviation = std::sqrt(squares / static_cast<double>(values.size() - 1));
  const double t = StudentQuantile(0.5 + confidence / 2, static_cast<double>(clusters) - 1);
  return Bounds{value - t * deviation, value + t * deviation};
}

}  // namespace plumbago::statistics
