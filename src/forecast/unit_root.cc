#include "forecast/unit_root.h"

#include <cmath>
#include <vector>

#include "forecast/arima.h"

namespace plumbago::forecast {

double KpssStatistic(std::span<const double> series) {
  const auto n = static_cast<double>(series.size());
  double size = 0, mean = 0;
  for (const double value : series) size = std::max(size, std::abs(value));
  if (!(size > 0)) return std::nan("");
  for (const double value : series) mean += value / size / n;
  std::vector<double> left;
  double sum = 0, sums = 0, squares = 0;
  for (const double value : series) {
    left.push_back(value / size - mean);
    sum += left.back();
    sums += sum * sum;
    squares += left.back() * left.back();
  }
  const auto most = static_cast<size_t>(3 * std::sqrt(n) / 13);
  for (size_t lag = 1; lag <= most && lag < left.size(); ++lag) {
    double product = 0;
    for (size_t i = lag; i < left.size(); ++i) product += left[i] * left[i - lag];
    squares += 2 * (1 - static_cast<double>(lag) / static_cast<double>(most + 1)) * product;
  }
  return sums / n / squares;
}

bool IsConstant(std::span<const double> series) {
  if (series.empty()) return true;
  double size = 0, difference = 0;
  const auto n = static_cast<double>(series.size());
  for (const double value : series) {
    size += std::abs(series[0]) / n;
    difference += std::abs(value / n - series[0] / n);
  }
  return difference <= 1.5e-8 * (size > 1.5e-8 ? size : 1);
}

size_t NeededDifferences(std::span<const double> series, size_t most) {
  std::vector<double> left(series.begin(), series.end());
  size_t d = 0;
  while (d < most && !IsConstant(left) && KpssStatistic(left) > 0.463) {
    left = Differenced(left, 1);
    ++d;
  }
  return d;
}

}  // namespace plumbago::forecast
