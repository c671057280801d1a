// The likelihood of a series under a stationary ARMA(p, q) with or without a mean, exact, by a
// Kalman filter over Harvey's state space (Gardner, Harvey and Phillips, AS 154, Applied Statistics
// 29(3), 1980; Durbin and Koopman, 2012). Variance and mean are the best ones for the coefficients:
// the filter is linear, so it runs over the series and over ones, and least squares are left.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "forecast/partial_autocorrelations.h"

namespace plumbago::forecast {

inline constexpr size_t kMostStates = kMostLags + 1;

// x[t] - mean = sum ar[i] (x[t-1-i] - mean) + e[t] + sum ma[i] e[t-1-i]
struct Arma {
  size_t p = 0, q = 0;
  Lags ar{}, ma{};

  size_t states() const { return p > q + 1 ? p : q + 1; }
};

using StateVector = std::array<double, kMostStates>;
using StateMatrix = std::array<StateVector, kMostStates>;

// What the filter knows behind the last value.
struct ArmaState {
  StateVector at{};
  StateMatrix variance{};  // in units of sigma2
};

struct ArmaLikelihood {
  double mean = 0, sigma2 = 0, loglik = 0;
  // Minus the logarithm a value, but for a constant: what a fit minimises.
  double objective = 0;
};

// Of a series that is not empty; sigma2 > 0, or objective is infinite. `state`, if given, is set.
ArmaLikelihood LikelihoodOf(const Arma& arma, std::span<const double> series, bool with_mean,
                            ArmaState* state = nullptr);

// Half the logarithm of the mean square that is left, given the first p values and no shocks before
// (CSS): rough where there are few values, and cheap.
double ConditionalObjective(const Arma& arma, std::span<const double> series, bool with_mean);

}  // namespace plumbago::forecast
