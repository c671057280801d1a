// Interval of an estimate over clusters: groups of observations that depend on each other (all that
// one host saw), of which a whole one is left out at a time, never a single observation
// (statistics.md T1, T8).
//
// The delete-one-cluster jackknife (CV3: Bell, McCaffrey, "Bias reduction in standard errors for
// linear regression with multi-stage samples", Survey Methodology 28, 2002; Cameron, Miller, "A
// practitioner's guide to cluster-robust inference", Journal of Human Resources 50, 2015, VI.B).
// value +- t * deviation, with Student's t. Its degrees of freedom are those of Bell and McCaffrey
// (Satterthwaite's rule: from the mean and the variance of the squared deviation, as if
// all observations were alike): clusters less one where all tell as much, fewer where a few of them
// tell most. Drawing clusters with replacement and t with clusters less one is too narrow then.
//
// Nothing is drawn, so there is no seed. One estimate a cluster.
#pragma once

#include <cmath>
#include <cstddef>
#include <optional>
#include <span>

#include "statistics/resampling.h"
#include "statistics/student.h"

namespace plumbago::statistics {

inline constexpr size_t kLeastClusters = 8;  // fewer tell nothing of how they vary

// Of clusters that tell so much each (>= 0, at least two above 0, none all): the sum of weights of
// a mean, the squares of x of a slope.
inline double ClusterFreedom(std::span<const double> weights) {
  double all = 0;
  for (const double weight : weights) all += weight;
  // The jackknife's variance is a sum of squares z^2 / (1 - p)^2 over clusters of share p, where z
  // varies as p (1 - p), and with that of share q as -p q.
  double trace = 0, squares = 0, fourths = 0;
  for (const double weight : weights) {
    const double share = weight / all, rest = 1 - share;
    const double odds = share / rest;
    trace += odds;
    squares += odds * odds;
    fourths += odds * odds * odds * odds;
  }
  return trace * trace / (squares + squares * squares - fourths);
}

// estimate(i) -> std::optional<double>, without cluster i; `weights`: what each cluster tells, as
// above. Clusters of weight 0 hold nothing and are not asked for. Nothing with fewer than
// kLeastClusters others, or where all hangs on one: without it there is no estimate.
template <class F>
std::optional<Bounds> ClusterInterval(std::span<const double> weights, double value, F&& estimate,
                                      double confidence = 0.95) {
  size_t clusters = 0;
  double squares = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    if (!(weights[i] > 0)) continue;
    ++clusters;
    const std::optional<double> without = estimate(i);
    if (!without) return std::nullopt;
    squares += (*without - value) * (*without - value);
  }
  if (clusters < kLeastClusters) return std::nullopt;
  const auto count = static_cast<double>(clusters);
  const double deviation = std::sqrt(squares * (count - 1) / count);
  const double t = StudentQuantile(0.5 + confidence / 2, ClusterFreedom(weights));
  return Bounds{value - t * deviation, value + t * deviation};
}

}  // namespace plumbago::statistics
