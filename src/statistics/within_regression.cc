#include "statistics/within_regression.h"

#include <cmath>

#include "statistics/cluster_jackknife.h"

namespace plumbago::statistics {
namespace {

// A sum of squares below this part of what it was before others were taken out is rounding.
constexpr double kNothing = 1e-9;

}  // namespace

void WithinRegression::AddGroup(uint32_t cluster, std::span<const PanelUnit> units, double scale) {
  double w = 0, wx = 0, wy = 0, plain_x = 0;
  std::array<double, PanelUnit::kCovariates> known{}, means{};
  for (const PanelUnit& unit : units) {
    w += unit.weight;
    wx += unit.weight * unit.x;
    wy += unit.weight * unit.y;
    plain_x += unit.x;
    all_xx_ += unit.weight * unit.x * unit.x;
    all_xy_ += unit.weight * unit.x * unit.y;
    all_yy_ += unit.weight * unit.y * unit.y;
    for (size_t c = 0; c < known.size(); ++c) {
      if (std::isnan(unit.covariates[c])) continue;
      known[c] += unit.weight;
      means[c] += unit.weight * unit.covariates[c];
    }
  }
  all_w_ += w;
  all_x_ += wx;
  all_y_ += wy;
  all_plain_x_ += plain_x;
  all_units_ += units.size();
  if (units.size() < 2 || !(wy > 0)) return;

  const double mean_x = wx / w, mean_y = wy / w;
  const double plain_mean_x = plain_x / static_cast<double>(units.size());
  for (size_t c = 0; c < known.size(); ++c) {
    if (known[c] > 0) means[c] /= known[c];
  }
  if (cluster >= clusters_.size()) {
    clusters_.resize(cluster + 1);
    cluster_units_.resize(cluster + 1);
  }
  const double counts = scale > 0 ? mean_y / scale : 1;
  Products& sums = clusters_[cluster];
  for (const PanelUnit& unit : units) {
    std::array<double, kVariables> deviation;
    for (size_t c = 0; c < known.size(); ++c) {
      deviation[c] = std::isnan(unit.covariates[c]) ? 0 : unit.covariates[c] - means[c];
    }
    deviation[kX] = unit.x - mean_x;
    deviation[kY] = unit.y / mean_y - 1;
    for (size_t j = 0; j < kVariables; ++j) {
      for (size_t i = 0; i <= j; ++i) {
        const double product = counts * unit.weight * deviation[i] * deviation[j];
        sums[At(i, j)] += product;
        total_[At(i, j)] += product;
      }
    }
    plain_xx_ += (unit.x - plain_mean_x) * (unit.x - plain_mean_x);
  }
  cluster_units_[cluster] += units.size();
  freedom_ += units.size() - 1;
  units_ += units.size();
  ++groups_;
}

size_t WithinRegression::clusters() const {
  size_t count = 0;
  for (const uint64_t units : cluster_units_) count += units > 0;
  return count;
}

std::optional<double> WithinRegression::PooledCorrelation() const {
  if (all_units_ < 3) return std::nullopt;
  const double xx = all_xx_ - all_x_ * all_x_ / all_w_;
  const double yy = all_yy_ - all_y_ * all_y_ / all_w_;
  const double xy = all_xy_ - all_x_ * all_y_ / all_w_;
  if (!(xx > 1e-12 * all_xx_) || !(yy > 1e-12 * all_yy_)) return std::nullopt;
  return xy / std::sqrt(xx * yy);
}

std::optional<double> WithinRegression::WithinCorrelation() const {
  const double xx = total_[At(kX, kX)], yy = total_[At(kY, kY)];
  if (freedom_ < 2 || !(xx > 0) || !(yy > 0)) return std::nullopt;
  return total_[At(kX, kY)] / std::sqrt(xx * yy);
}

std::optional<double> WithinRegression::Solve(Products sums) {
  const double x_before = sums[At(kX, kX)];
  std::array<double, PanelUnit::kCovariates> before{};
  for (size_t c = 0; c < before.size(); ++c) before[c] = sums[At(c, c)];
  // Gauss's elimination: what a covariate explains is taken out of all behind it.
  for (size_t c = 0; c < before.size(); ++c) {
    const double pivot = sums[At(c, c)];
    if (!(pivot > kNothing * before[c]) || !(pivot > 0)) continue;
    for (size_t j = c + 1; j < kVariables; ++j) {
      const double factor = sums[At(c, j)] / pivot;
      for (size_t i = c + 1; i <= j; ++i) sums[At(i, j)] -= factor * sums[At(c, i)];
    }
  }
  const double xx = sums[At(kX, kX)];
  if (!(xx > kNothing * x_before) || !(xx > 0)) return std::nullopt;
  return sums[At(kX, kY)] / xx;
}

std::optional<double> WithinRegression::Slope() const {
  if (freedom_ < PanelUnit::kCovariates + 2) return std::nullopt;
  return Solve(total_);
}

std::optional<double> WithinRegression::SlopeWithout(size_t cluster) const {
  if (cluster >= clusters_.size()) return Slope();
  const double x_before = total_[At(kX, kX)];
  Products rest = total_;
  for (size_t i = 0; i < rest.size(); ++i) rest[i] -= clusters_[cluster][i];
  if (!(rest[At(kX, kX)] > kNothing * x_before)) return std::nullopt;
  return Solve(rest);
}

std::vector<double> WithinRegression::Shares() const {
  std::vector<double> shares;
  if (!(total_[At(kX, kX)] > 0)) return shares;
  shares.reserve(clusters_.size());
  for (const Products& sums : clusters_) shares.push_back(sums[At(kX, kX)] / total_[At(kX, kX)]);
  return shares;
}

std::optional<Bounds> WithinRegression::Interval(double confidence) const {
  const std::optional<double> slope = Slope();
  if (!slope) return std::nullopt;
  return ClusterInterval(
      Shares(), *slope, [this](size_t cluster) { return SlopeWithout(cluster); }, confidence);
}

std::optional<double> WithinRegression::WithinDeviation() const {
  if (freedom_ == 0) return std::nullopt;
  return std::sqrt(plain_xx_ / static_cast<double>(freedom_));
}

std::optional<double> WithinRegression::MeanX() const {
  if (all_units_ == 0) return std::nullopt;
  return all_plain_x_ / static_cast<double>(all_units_);
}

}  // namespace plumbago::statistics
