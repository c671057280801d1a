#include "statistics/within_curve.h"

#include <algorithm>
#include <cmath>

namespace plumbago::statistics {

size_t WithinCurve::BinOf(double x) {
  if (!(x > 0)) return 0;
  return std::min(kBins - 1, static_cast<size_t>(std::min(x, 1.0) * kBins + 1e-9));
}

void WithinCurve::AddGroup(std::span<const PanelUnit> units) {
  std::array<double, kBins> w{}, wy{};
  double all = 0, all_y = 0;
  for (const PanelUnit& unit : units) {
    const size_t bin = BinOf(unit.x);
    w[bin] += unit.weight;
    wy[bin] += unit.weight * unit.y;
    all += unit.weight;
    all_y += unit.weight * unit.y;
    ++units_[bin];
  }
  for (size_t k = 0; k < kBins; ++k) all_weight_[k] += w[k], all_y_[k] += wy[k];
  if (units.size() < 2 || !(all_y > 0)) return;
  const double mean = all_y / all;
  for (size_t k = 0; k < kBins; ++k) {
    if (w[k] == 0) continue;
    weight_[k] += w[k];
    with_y_[k] += wy[k] / mean - w[k];
    products_[k][k] += w[k];
    for (size_t l = 0; l < kBins; ++l) products_[k][l] -= w[k] * w[l] / all;
  }
}

std::array<std::optional<double>, WithinCurve::kBins> WithinCurve::Within() const {
  std::array<std::optional<double>, kBins> curve;
  size_t lowest = 0;
  while (lowest < kBins && !(weight_[lowest] > 0)) ++lowest;
  if (lowest == kBins) return curve;
  // Effects against the lowest bin, whose row and column are left out.
  auto a = products_;
  auto y = with_y_;
  std::array<bool, kBins> solved{};
  for (size_t k = lowest + 1; k < kBins; ++k) {
    if (!(a[k][k] > 1e-9 * weight_[k]) || !(weight_[k] > 0)) continue;
    solved[k] = true;
    for (size_t i = lowest + 1; i < kBins; ++i) {
      if (i == k || a[i][k] == 0) continue;
      const double factor = a[i][k] / a[k][k];
      for (size_t j = lowest + 1; j < kBins; ++j) a[i][j] -= factor * a[k][j];
      y[i] -= factor * y[k];
    }
  }
  std::array<double, kBins> effect{};
  double weights = weight_[lowest], sum = 0;
  for (size_t k = lowest + 1; k < kBins; ++k) {
    if (!solved[k]) continue;
    effect[k] = y[k] / a[k][k];
    weights += weight_[k];
    sum += weight_[k] * effect[k];
  }
  // Effects are parts of the group's mean; the mean over all is 1.
  const double base = 1 - sum / weights;
  if (!(base > 0)) return curve;
  curve[lowest] = 1;
  for (size_t k = lowest + 1; k < kBins; ++k) {
    if (solved[k]) curve[k] = (base + effect[k]) / base;
  }
  return curve;
}

std::array<std::optional<double>, WithinCurve::kBins> WithinCurve::Pooled() const {
  std::array<std::optional<double>, kBins> curve;
  std::optional<double> base;
  for (size_t k = 0; k < kBins; ++k) {
    if (!(all_weight_[k] > 0)) continue;
    const double mean = all_y_[k] / all_weight_[k];
    if (!base && mean > 0) base = mean;
    if (base) curve[k] = mean / *base;
  }
  return curve;
}

}  // namespace plumbago::statistics
