// A distribution fitted to values of a figure by maximum likelihood, beside a published one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "document/document.h"
#include "statistics/count_histogram.h"
#include "statistics/distribution_fit.h"

namespace plumbago::serverless {

// What was fitted: whole numbers of `step` (of the unit that figures draw: ns, bytes).
struct FitInput {
  statistics::CountHistogram values;
  double step = 1;
  double effective = 0;  // independent values; the histogram counts weights
};

// Whole numbers where all values are, else thousandths of `step`. Values are given in `step`s.
FitInput WholeOrFine(const std::vector<std::pair<double, uint64_t>>& values, double step);

struct FittedRow {
  std::string name;
  statistics::Distribution distribution;  // in the steps of the input
  std::optional<double> log_likelihood, distance;
  std::optional<double> p;  // of the fit's own distance (parametric bootstrap); not of others
};

// The fit, and the published distribution (in the same steps) held against the same values.
std::vector<FittedRow> FitBeside(const FitInput& input, statistics::Family family,
                                 const statistics::Distribution& published, std::string name,
                                 std::string published_name);

// Quantiles of the distribution from 0.5 % to 99.5 %, in the unit of the figure.
std::vector<document::Point> CurveOf(const statistics::Distribution& distribution, double step);

}  // namespace plumbago::serverless
