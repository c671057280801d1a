// Regression and correlation within groups: what x does to y where all else that makes groups
// differ is held fixed. Pooled over groups, the same data may say the opposite (Simpson's paradox;
// statistics.md T1).
//
// Every group has a level of its own (fixed effects; the "within estimator": Wooldridge,
// "Econometric Analysis of Cross Section and Panel Data", chapter 10). y counts relative to its
// mean in the group, so the slope is a relative change, and groups of slow and of fast operations
// weigh alike.
//
// A group's own mean is noisy where it is of few things, and high where one of them took long: y
// over it shows less of an effect than there is (by a share of about Var(y) / (y^2 n) for n things
// whose noise is multiplied, which nothing in the group tells from noise of counting, that hides
// nothing). With a scale from many such groups a group weighs by its mean over that scale. Then the
// sums that are divided are linear in y, so noise of any kind averages out.
//
// x is adjusted for covariates by partial regression (Frisch, Waugh, Econometrica 1,
// 1933). A covariate that is not known in a unit (NaN) counts as the group's mean there, which
// adjusts for nothing.
//
// Sums in floating point: add groups in an order that the data give. 100 bytes a cluster. AddGroup:
// about 20 ns a unit.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "statistics/resampling.h"

namespace plumbago::statistics {

// One observation: a mean over `weight` things.
struct PanelUnit {
  static constexpr size_t kCovariates = 2;
  double weight = 1;  // > 0
  double x = 0;
  double y = 0;
  std::array<double, kCovariates> covariates{};
};

class WithinRegression {
 public:
  // Units of one group, all of `cluster` (a dense number). The mean of y must be above 0: a group
  // where it is not counts for the pooled figures only, as does one of a single unit.
  // `scale`: what y usually is in groups like this one, from more data than its own (0: not known).
  void AddGroup(uint32_t cluster, std::span<const PanelUnit> units, double scale = 0);

  uint64_t units() const { return units_; }    // of groups that count
  uint64_t groups() const { return groups_; }  // likewise
  size_t clusters() const;                     // that have such groups

  // Over all units as if there were no groups: confounded, to be shown beside the answer.
  std::optional<double> PooledCorrelation() const;
  // Of x with y relative to its group's mean, both less their group's mean. Not adjusted.
  std::optional<double> WithinCorrelation() const;
  // Relative change of y for a change of x by 1, within groups, adjusted.
  std::optional<double> Slope() const;
  // Without that cluster, which may be none of these. Nothing where it holds all there is.
  std::optional<double> SlopeWithout(size_t cluster) const;
  // Of Slope: jackknife over clusters (cluster_jackknife.h).
  std::optional<Bounds> Interval(double confidence = 0.95) const;
  // What each cluster tells: its share of the squares of x. Empty if x never varies.
  std::vector<double> Shares() const;

  // Standard deviation of x about its group's mean, each unit alike.
  std::optional<double> WithinDeviation() const;
  std::optional<double> MeanX() const;  // of all units, each alike

 private:
  // Covariates, x, y: sums of products of deviations from the group's mean.
  static constexpr size_t kVariables = PanelUnit::kCovariates + 2;
  static constexpr size_t kX = PanelUnit::kCovariates, kY = kX + 1;
  using Products = std::array<double, kVariables*(kVariables + 1) / 2>;
  static size_t At(size_t i, size_t j) { return j * (j + 1) / 2 + i; }  // i <= j

  static std::optional<double> Solve(Products sums);

  Products total_{};  // of all clusters

  std::vector<Products> clusters_;
  std::vector<uint64_t> cluster_units_;
  uint64_t units_ = 0;
  uint64_t groups_ = 0;
  double plain_xx_ = 0;  // not weighted
  uint64_t freedom_ = 0;
  double all_w_ = 0, all_x_ = 0, all_y_ = 0, all_xx_ = 0, all_xy_ = 0, all_yy_ = 0;
  double all_plain_x_ = 0;
  uint64_t all_units_ = 0;
};

}  // namespace plumbago::statistics
