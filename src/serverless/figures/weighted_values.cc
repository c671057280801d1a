#include "serverless/figures/weighted_values.h"

#include <cmath>

namespace plumbago::serverless {

void WeightedValues::Sort() const {
  if (sorted_) return;
  std::sort(values_.begin(), values_.end());
  up_to_.clear();
  up_to_.reserve(values_.size());
  uint64_t sum = 0;
  for (const auto& [value, weight] : values_) up_to_.push_back(sum += weight);
  sorted_ = true;
}

double WeightedValues::Effective() const {
  double squares = 0;
  for (const auto& [value, weight] : values_)
    squares += static_cast<double>(weight) * static_cast<double>(weight);
  const auto sum = static_cast<double>(total_);
  return squares > 0 ? sum * sum / squares : 0;
}

std::optional<double> WeightedValues::ShareAtMost(double value) const {
  if (total_ == 0) return std::nullopt;
  Sort();
  const auto behind = std::upper_bound(values_.begin(), values_.end(), value,
                                       [](double x, const auto& entry) { return x < entry.first; });
  if (behind == values_.begin()) return 0;
  return static_cast<double>(up_to_[static_cast<size_t>(behind - values_.begin()) - 1]) /
         static_cast<double>(total_);
}

std::optional<double> WeightedValues::ShareAbove(double value) const {
  const std::optional<double> below = ShareAtMost(value);
  return below ? std::optional<double>(1 - *below) : std::nullopt;
}

std::optional<double> WeightedValues::Quantile(double q) const {
  if (total_ == 0) return std::nullopt;
  Sort();
  const double wanted = q * static_cast<double>(total_);
  const auto at =
      std::lower_bound(up_to_.begin(), up_to_.end(), wanted,
                       [](uint64_t sum, double x) { return static_cast<double>(sum) < x; });
  const size_t i = std::min(static_cast<size_t>(at - up_to_.begin()), values_.size() - 1);
  return values_[i].first;
}

std::vector<document::Point> WeightedValues::Cdf(double scale, size_t most) const {
  std::vector<document::Point> points;
  if (total_ == 0) return points;
  Sort();
  for (size_t i = 0; i < values_.size(); ++i) {
    if (i + 1 < values_.size() && values_[i + 1].first == values_[i].first) continue;
    points.push_back(
        {values_[i].first * scale, static_cast<double>(up_to_[i]) / static_cast<double>(total_)});
  }
  if (points.size() <= most) return points;
  // Evenly in share, so that steps stay; the last point before each wanted share, and the ends.
  std::vector<document::Point> kept{points.front()};
  for (size_t i = 1; i + 1 < points.size(); ++i) {
    const auto cell = [&](double y) { return std::floor(y * static_cast<double>(most - 2)); };
    if (cell(points[i].y) != cell(points[i - 1].y)) kept.push_back(points[i]);
  }
  kept.push_back(points.back());
  return kept;
}

}  // namespace plumbago::serverless
