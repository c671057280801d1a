#include "forecast/simple_rules.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "statistics/nelder_mead.h"

namespace plumbago::forecast {
namespace {

Smoothed Simple(std::span<const double> series, double alpha) {
  Smoothed at{alpha, 0, series[0], 0, 0};
  for (const double value : series.subspan(1)) {
    const double error = value - at.level;
    at.squares += error * error;
    at.level += alpha * error;
  }
  return at;
}

Smoothed Holt(std::span<const double> series, double alpha, double beta) {
  Smoothed at{alpha, beta, series[1], series[1] - series[0], 0};
  for (const double value : series.subspan(2)) {
    const double error = value - at.Ahead(1);
    at.squares += error * error;
    at.level += at.trend + alpha * error;
    at.trend += alpha * beta * error;
  }
  return at;
}

// [0, 1] from any number, both ends within reach.
double Weight(double free) { return 0.5 - 0.5 * std::cos(free); }

}  // namespace

double MedianOfLast(std::span<const double> series, size_t n) {
  const auto last = series.last(std::min(n, series.size()));
  std::vector<double> sorted(last.begin(), last.end());
  std::sort(sorted.begin(), sorted.end());
  const size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2;
}

double SeasonalNaive(std::span<const double> series, size_t period) {
  return period > 0 && period <= series.size() ? series[series.size() - period] : series.back();
}

Smoothed SimpleSmoothing(std::span<const double> series) {
  const double size = MedianOfLast(series, series.size());
  if (!(std::abs(size) < 1e150)) return {1, 0, series.back(), 0, 0};  // squares have no end
  const auto squares = [&](const std::array<double, 1>& free) {
    return Simple(series, Weight(free[0])).squares;
  };
  // The first of a few places, then down from there: sums of squares may have two hollows.
  std::array<double, 1> start{};
  for (int i = 1; i <= 8; ++i) {
    const std::array<double, 1> next = {i * 0.39};
    if (squares(next) < squares(start)) start = next;
  }
  const double least = squares(start);
  const auto found = statistics::NelderMead<1>(squares, start, 0.1, 1e-13 * least, 300);
  return Simple(series, Weight(found.at[0]));
}

Smoothed HoltSmoothing(std::span<const double> series) {
  if (series.size() < 2) return {1, 0, series.back(), 0, 0};
  if (!(std::abs(MedianOfLast(series, series.size())) < 1e150)) return {1, 0, series.back(), 0, 0};
  const auto squares = [&](const std::array<double, 2>& free) {
    return Holt(series, Weight(free[0]), Weight(free[1])).squares;
  };
  std::array<double, 2> start{};
  for (int i = 0; i <= 8; ++i) {
    for (int k = 0; k <= 8; ++k) {
      const std::array<double, 2> next = {i * 0.39, k * 0.39};
      if (squares(next) < squares(start)) start = next;
    }
  }
  const double least = squares(start);
  const auto found = statistics::NelderMead<2>(squares, start, 0.1, 1e-13 * least, 600);
  return Holt(series, Weight(found.at[0]), Weight(found.at[1]));
}

}  // namespace plumbago::forecast
