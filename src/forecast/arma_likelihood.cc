#include "forecast/arma_likelihood.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace plumbago::forecast {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The variance of the first state. P = T P T' + R R' holds along each diagonal,
//   P(i,j) = ar(i) ar(j) P(0,0) + ar(i) P(0,j+1) + ar(j) P(0,i+1) + P(i+1,j+1) + R(i) R(j),
// so the first row solves a linear system, and the others follow from it. False where there is
// none: a root too near to one.
bool FirstVariance(const Arma& arma, const StateVector& shocks, StateMatrix& variance) {
  const size_t r = arma.states();
  const auto ar = [&](size_t i) { return i < arma.p ? arma.ar[i] : 0; };
  std::array<std::array<double, kMostStates + 1>, kMostStates> system{};
  for (size_t j = 0; j < r; ++j) {
    system[j][j] += 1;
    for (size_t k = 0; j + k < r; ++k) {
      system[j][0] -= ar(k) * ar(j + k);
      if (j + k + 1 < r) system[j][j + k + 1] -= ar(k);
      if (k + 1 < r) system[j][k + 1] -= ar(j + k);
      system[j][r] += shocks[k] * shocks[j + k];
    }
  }
  for (size_t i = 0; i < r; ++i) {
    size_t pivot = i;
    for (size_t k = i + 1; k < r; ++k) {
      if (std::abs(system[k][i]) > std::abs(system[pivot][i])) pivot = k;
    }
    if (!(std::abs(system[pivot][i]) > 1e-14)) return false;
    std::swap(system[i], system[pivot]);
    for (size_t k = i + 1; k < r; ++k) {
      const double times = system[k][i] / system[i][i];
      if (times == 0) continue;
      for (size_t c = i; c <= r; ++c) system[k][c] -= times * system[i][c];
    }
  }
  for (size_t i = r; i-- > 0;) {
    double value = system[i][r];
    for (size_t k = i + 1; k < r; ++k) value -= system[i][k] * variance[0][k];
    variance[0][i] = value / system[i][i];
  }
  if (!(variance[0][0] > 0) || !std::isfinite(variance[0][0])) return false;
  for (size_t i = r; i-- > 1;) {
    for (size_t j = r; j-- > i;) {
      double value = ar(i) * ar(j) * variance[0][0] + shocks[i] * shocks[j];
      if (j + 1 < r) value += ar(i) * variance[0][j + 1] + variance[i + 1][j + 1];
      if (i + 1 < r) value += ar(j) * variance[0][i + 1];
      variance[i][j] = variance[j][i] = value;
    }
  }
  for (size_t i = 1; i < r; ++i) variance[i][0] = variance[0][i];
  return true;
}

// The mean and the sum of squares that is left, of the sums over series and ones.
struct Squares {
  double series = 0, cross = 0, ones = 0;

  double mean(bool with_mean) const { return with_mean && ones > 0 ? cross / ones : 0; }
  double left(bool with_mean) const { return series - mean(with_mean) * cross; }
};

// One step of the state: no variance in it.
void Advance(StateVector& at, const StateVector& ar, size_t r) {
  const double first = at[0];
  for (size_t i = 0; i + 1 < r; ++i) at[i] = at[i + 1] + ar[i] * first;
  at[r - 1] = ar[r - 1] * first;
}

}  // namespace

ArmaLikelihood LikelihoodOf(const Arma& arma, std::span<const double> series, bool with_mean,
                            ArmaState* state) {
  const size_t r = arma.states();
  StateVector ar{}, shocks{};
  for (size_t i = 0; i < arma.p; ++i) ar[i] = arma.ar[i];
  shocks[0] = 1;
  for (size_t i = 0; i < arma.q; ++i) shocks[i + 1] = arma.ma[i];
  StateMatrix variance{};
  ArmaLikelihood result;
  result.objective = kInfinity;
  if (!FirstVariance(arma, shocks, variance)) return result;
  StateVector at{}, ones{};
  Squares squares;
  double log_gains = 0;
  bool settled = false;  // the variance behind each value is that of one shock from here on
  for (size_t t = 0; t < series.size(); ++t) {
    if (t > 0) {
      Advance(at, ar, r);
      if (with_mean) Advance(ones, ar, r);
      if (!settled) {
        StateMatrix next;
        for (size_t i = 0; i < r; ++i) {
          for (size_t j = i; j < r; ++j) {
            double value = shocks[i] * shocks[j] + ar[i] * ar[j] * variance[0][0];
            if (i + 1 < r) value += ar[j] * variance[i + 1][0];
            if (j + 1 < r) value += ar[i] * variance[0][j + 1];
            if (j + 1 < r) value += variance[i + 1][j + 1];
            next[i][j] = next[j][i] = value;
          }
        }
        variance = next;
      }
    }
    const double gain = settled ? 1 : variance[0][0];
    const double more = series[t] - at[0];
    squares.series += more * more / gain;
    if (with_mean) {
      const double more_ones = 1 - ones[0];
      squares.cross += more * more_ones / gain;
      squares.ones += more_ones * more_ones / gain;
      for (size_t i = 0; i < r; ++i)
        ones[i] += (settled ? shocks[i] : variance[0][i]) * more_ones / gain;
    }
    for (size_t i = 0; i < r; ++i) at[i] += (settled ? shocks[i] : variance[0][i]) * more / gain;
    if (settled) continue;
    log_gains += std::log(gain);
    const StateVector column = variance[0];
    double most = 0;
    for (size_t i = 0; i < r; ++i) {
      for (size_t j = 0; j < r; ++j) {
        variance[i][j] -= column[i] * column[j] / gain;
        most = std::max(most, std::abs(variance[i][j]));
      }
    }
    if (most < 1e-14) {
      settled = true;
      variance = {};
    }
  }
  const auto n = static_cast<double>(series.size());
  result.mean = squares.mean(with_mean);
  result.sigma2 = squares.left(with_mean) / n;
  if (!(result.sigma2 > 0) || !std::isfinite(result.sigma2)) return result;
  result.objective = 0.5 * (std::log(result.sigma2) + log_gains / n);
  result.loglik = -n * (result.objective + 0.5 * (std::log(2 * std::numbers::pi) + 1));
  if (state != nullptr) {
    for (size_t i = 0; i < r; ++i) state->at[i] = at[i] - result.mean * ones[i];
    state->variance = variance;
  }
  return result;
}

double ConditionalObjective(const Arma& arma, std::span<const double> series, bool with_mean) {
  if (series.size() <= arma.p) return kInfinity;
  Squares squares;
  Lags shocks{}, shocks_of_ones{};  // the last ones, by lag
  double ones = 1;
  for (size_t i = 0; i < arma.p; ++i) ones -= arma.ar[i];
  for (size_t t = arma.p; t < series.size(); ++t) {
    double shock = series[t], shock_of_ones = ones;
    for (size_t i = 0; i < arma.p; ++i) shock -= arma.ar[i] * series[t - 1 - i];
    for (size_t i = 0; i < arma.q; ++i) {
      shock -= arma.ma[i] * shocks[i];
      shock_of_ones -= arma.ma[i] * shocks_of_ones[i];
    }
    squares.series += shock * shock;
    squares.cross += shock * shock_of_ones;
    squares.ones += shock_of_ones * shock_of_ones;
    for (size_t i = arma.q; i-- > 1;) {
      shocks[i] = shocks[i - 1];
      shocks_of_ones[i] = shocks_of_ones[i - 1];
    }
    shocks[0] = shock;
    shocks_of_ones[0] = shock_of_ones;
  }
  const double left = squares.left(with_mean) / static_cast<double>(series.size() - arma.p);
  return left > 0 && std::isfinite(left) ? 0.5 * std::log(left) : kInfinity;
}

}  // namespace plumbago::forecast
