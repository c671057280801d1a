// Coefficients of a stationary autoregression, by its partial autocorrelations (Jones,
// Technometrics 22(3), 1980; the recursion is Durbin and Levinson's): any values within (-1, 1) are
// one, and each is one of them. So an optimiser that walks in their inverse hyperbolic tangents
// cannot leave it.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

namespace plumbago::forecast {

inline constexpr size_t kMostLags = 5;
using Lags = std::array<double, kMostLags>;  // of lag 1, 2, ...; zero behind the last

// `free`: any n real numbers.
inline Lags StationaryLags(const double* free, size_t n) {
  Lags lags{};
  for (size_t j = 0; j < n; ++j) {
    const double partial = std::tanh(free[j]);
    Lags next = lags;
    for (size_t k = 0; k < j; ++k) next[k] -= partial * lags[j - 1 - k];
    next[j] = partial;
    lags = next;
  }
  return lags;
}

// All roots of 1 - lags[0] z - lags[1] z^2 ... lie at |z| > radius. The recursion run backwards.
inline bool RootsBeyond(Lags lags, size_t n, double radius) {
  double power = 1;
  for (size_t k = 0; k < n; ++k) lags[k] *= power *= radius;
  for (size_t j = n; j-- > 0;) {
    const double partial = lags[j];
    if (!(std::abs(partial) < 1)) return false;
    Lags before{};
    for (size_t k = 0; k < j; ++k)
      before[k] = (lags[k] + partial * lags[j - 1 - k]) / (1 - partial * partial);
    lags = before;
  }
  return true;
}

}  // namespace plumbago::forecast
