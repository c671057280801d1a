// Which distribution describes whole numbers (sizes, milliseconds), and how badly: log-normal and
// Burr XII (T8).
//
// The data are integers and the families are continuous, so the likelihood is that of intervals:
// value v stands for [v - 0.5, v + 0.5). Maximum likelihood by Nelder-Mead from several fixed
// starts. Then
//   D        the Kolmogorov-Smirnov distance, at the borders of the intervals
//   p        its p-value by parametric bootstrap: draw from the fit, fit again, compare. The one
//            of textbooks does not hold once parameters were fitted (Lilliefors 1967; Clauset,
//            Shalizi, Newman, SIAM Review 51, 2009, section 4)
//   Vuong    which of two families is nearer to the truth (Econometrica 57, 1989), corrected
//            for the number of parameters
// Values above 64 are joined into the buckets of QuantileSketch (2 % wide): also an interval, so
// the likelihood stays exact for what is kept, and a fit costs a few hundred intervals however long
// the tail is.
//
// Cost: a fit 3 and 13 ms (log-normal, Burr XII; distribution_fit_benchmark.cc), a bootstrap 30 ms
// at most. Deterministic: seeds come from the data.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "statistics/count_histogram.h"

namespace plumbago::statistics {

enum class Family : uint8_t { kLogNormal, kBurr };
const char* FamilyName(Family family);  // "log-normal", "Burr XII"

// A member of a family.
//   log-normal   log X is normal with mean `location` and standard deviation `shape`
//   Burr XII     P(X > x) = (1 + (x / scale)^shape)^-shape2   (scipy's burr12: c, d = the shapes)
struct Distribution {
  Family family = Family::kLogNormal;
  double location = 0;  // log-normal: mean of the logarithm; Burr XII: log of the scale
  double shape = 1;
  double shape2 = 1;  // Burr XII only

  int parameters() const { return family == Family::kBurr ? 3 : 2; }
  // P(X > x).
  double Survival(double x) const;
  // log P(from <= X < to), the logarithms of the borders given (-infinity for a border of 0 or
  // below).
  double LogBetween(double log_from, double log_to) const;
  // x with P(X <= x) = p, 0 < p < 1.
  double Quantile(double p) const;
};

// `count` values between two borders.
struct Group {
  double log_from = 0;  // logarithm of the lower border; -infinity: 0
  double log_to = 0;
  uint64_t count = 0;
};
// The values of a histogram as intervals, from the smallest up.
std::vector<Group> GroupIntegers(const CountHistogram& histogram);

struct Fit {
  Distribution distribution;
  double log_likelihood = 0;
  double distance = 0;  // D
};

// Nothing for fewer than `parameters() + 1` groups: no shape to fit.
std::optional<Fit> FitDistribution(Family family, std::span<const Group> groups);

double LogLikelihood(const Distribution& distribution, std::span<const Group> groups);
// max |empirical - fitted| over the borders.
double KolmogorovSmirnov(const Distribution& distribution, std::span<const Group> groups);

struct BootstrapLimits {
  uint32_t draws = 99;
  uint64_t most_values = 2000;  // of a draw. Where the sample is larger the test is that of so many
                                // values: it rejects less often, never more
};
// Share of draws from the fit whose distance is at least the fit's: (1 + hits) / (1 + draws). Where
// D * sqrt(values) > 3 it is not computed and the smallest possible value is returned (Massart: P <
// 4e-8 for a given distribution, less for a fitted one).
double BootstrapP(const Fit& fit, std::span<const Group> groups,
                  const BootstrapLimits& limits = {});

struct Vuong {
  double z = 0;  // > 0: `a` is nearer to the truth than `b`
  double p = 1;  // two-sided
};
Vuong VuongTest(const Distribution& a, const Distribution& b, std::span<const Group> groups);

}  // namespace plumbago::statistics
