#include "serverless/figures/fitted.h"

#include <cmath>
#include <utility>

namespace plumbago::serverless {

using statistics::Distribution;
using statistics::Group;

FitInput WholeOrFine(const std::vector<std::pair<double, uint64_t>>& values, double step) {
  FitInput input;
  bool whole = true;
  double sum = 0, squares = 0;
  for (const auto& [value, weight] : values) {
    whole = whole && value == std::floor(value);
    sum += static_cast<double>(weight);
    squares += static_cast<double>(weight) * static_cast<double>(weight);
  }
  const double finer = whole ? 1 : 1000;
  input.step = step / finer;
  input.effective = squares > 0 ? sum * sum / squares : 0;
  constexpr double kMost = 9e15;
  for (const auto& [value, weight] : values)
    input.values.Add(static_cast<uint64_t>(std::llround(std::min(value * finer, kMost))), weight);
  return input;
}

std::vector<FittedRow> FitBeside(const FitInput& input, statistics::Family family,
                                 const Distribution& published, std::string name,
                                 std::string published_name) {
  const std::vector<Group> groups = statistics::GroupIntegers(input.values);
  std::vector<FittedRow> rows;
  if (const auto fit = statistics::FitDistribution(family, groups)) {
    FittedRow& row = rows.emplace_back();
    row.name = std::move(name);
    row.distribution = fit->distribution;
    row.log_likelihood = fit->log_likelihood;
    row.distance = fit->distance;
    // Weights are no values of their own: the test is that of so many as tell as much.
    statistics::BootstrapLimits limits;
    limits.most_values =
        std::min(limits.most_values, static_cast<uint64_t>(std::max(input.effective, 1.0)));
    row.p = statistics::BootstrapP(*fit, groups, limits);
  }
  FittedRow& row = rows.emplace_back();
  row.name = std::move(published_name);
  row.distribution = published;
  if (!groups.empty()) {
    row.log_likelihood = statistics::LogLikelihood(published, groups);
    row.distance = statistics::KolmogorovSmirnov(published, groups);
  }
  return rows;
}

std::vector<document::Point> CurveOf(const Distribution& distribution, double step) {
  std::vector<document::Point> points;
  constexpr int kSteps = 100;
  for (int i = 0; i < kSteps; ++i) {
    const double p = 0.005 + 0.99 * i / (kSteps - 1);
    points.push_back({distribution.Quantile(p) * step, p});
  }
  return points;
}

}  // namespace plumbago::serverless
