#include "forecast/arima.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "forecast/quasi_newton.h"

namespace plumbago::forecast {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Arma ArmaAt(const FreeLags& free, size_t p, size_t q) {
  Arma arma{p, q, StationaryLags(free.data(), p), StationaryLags(free.data() + p, q)};
  for (double& ma : arma.ma) ma = -ma;
  return arma;
}

// Of each size, without rounding: a power of two.
double SizeOf(std::span<const double> series) {
  double most = 0;
  for (const double value : series) most = std::max(most, std::abs(value));
  int exponent = 0;
  std::frexp(most, &exponent);
  return most > 0 ? std::ldexp(1.0, std::min(exponent, 1023)) : 1;
}

// The better of two places: where the conditional sum of squares is least, and no correlation.
FreeLags StartOf(std::span<const double> series, const ArimaOrder& order, int& calls) {
  const auto conditional = [&](const FreeLags& free) {
    return ConditionalObjective(ArmaAt(free, order.p, order.q), series, order.constant);
  };
  const auto exact = [&](const FreeLags& free) {
    ++calls;
    return LikelihoodOf(ArmaAt(free, order.p, order.q), series, order.constant).objective;
  };
  FreeLags start{};
  const FreeLags found = QuasiNewton(conditional, start, order.p + order.q, 1e-4, 1e-6, 50).at;
  if (exact(found) < exact(start)) start = found;
  return start;
}

}  // namespace

std::string ArimaOrder::Text() const {
  const char* with = !constant ? "" : d == 0 ? " with mean" : " with drift";
  return fmt::format("ARIMA({},{},{}){}", p, d, q, with);
}

std::vector<double> Differenced(std::span<const double> series, size_t d) {
  std::vector<double> left(series.begin(), series.end());
  for (size_t times = 0; times < d && !left.empty(); ++times) {
    for (size_t i = 0; i + 1 < left.size(); ++i) left[i] = left[i + 1] - left[i];
    left.pop_back();
  }
  return left;
}

double ArimaFit::aicc() const {
  const auto n = static_cast<double>(used), k = static_cast<double>(parameters());
  return n - k - 1 > 0 ? aic() + 2 * k * (k + 1) / (n - k - 1) : kInfinity;
}

std::optional<ArimaFit> FitArima(std::span<const double> series, const ArimaOrder& order,
                                 const FreeLags* start) {
  const size_t lags = order.p + order.q;
  if (order.p > kMostLags || order.q > kMostLags || order.d > 2 ||
      series.size() <= order.d + lags + (order.constant && lags > 0 ? 1 : 0))
    return std::nullopt;
  for (const double value : series) {
    if (!std::isfinite(value)) return std::nullopt;
  }
  ArimaFit fit;
  fit.order = order;
  fit.size_ = SizeOf(series);
  std::vector<double> values(series.begin(), series.end());
  for (double& value : values) value /= fit.size_;
  fit.last_ = values.back();
  fit.before_last_ = values.size() > 1 ? values[values.size() - 2] : 0;
  values = Differenced(values, order.d);
  fit.used = values.size();
  const auto n = static_cast<double>(values.size());

  // About its mean, and of size one: sums of squares lose no digits, and slopes are comparable.
  double mean = 0, square = 0, most = 0;
  if (order.constant) {  // exact where all are equal
    for (const double value : values) mean += (value - values[0]) / n;
    mean += values[0];
  }
  for (double& value : values) {
    value -= mean;
    square += value * value / n;
    most = std::max(most, std::abs(value));
  }
  if (most <= 1e-13) {  // of values below one: what rounding leaves
    fit.arma.p = order.p;
    fit.arma.q = order.q;
    fit.constant = mean * fit.size_;
    fit.loglik = kInfinity;
    fit.scale_ = 0;
    return fit;
  }
  fit.scale_ = std::sqrt(square);
  for (double& value : values) value /= fit.scale_;

  const auto objective = [&](const FreeLags& free) {
    return LikelihoodOf(ArmaAt(free, order.p, order.q), values, order.constant).objective;
  };
  if (start != nullptr) fit.free = *start;
  if (start == nullptr || !std::isfinite(objective(fit.free)))
    fit.free = StartOf(values, order, fit.calls);
  const auto found = QuasiNewton(objective, fit.free, lags);
  fit.calls += found.calls;
  fit.free = found.at;
  fit.arma = ArmaAt(fit.free, order.p, order.q);
  const ArmaLikelihood at = LikelihoodOf(fit.arma, values, order.constant, &fit.state_);
  if (!std::isfinite(at.objective)) return std::nullopt;
  const double unit = fit.scale_ * fit.size_;
  fit.constant = order.constant ? (mean + at.mean * fit.scale_) * fit.size_ : 0;
  fit.sigma2 = at.sigma2 * unit * unit;
  fit.loglik = at.loglik - n * (std::log(fit.scale_) + std::log(fit.size_));
  return fit;
}

// The states of the differenced series, and with d > 0 the last value and the one before it.
std::vector<Expected> ArimaFit::Forecast(size_t steps) const {
  constexpr size_t kMost = kMostStates + 2;
  using Vector = std::array<double, kMost>;
  const size_t r = arma.states(), level = r, all = r + order.d;
  std::array<Vector, kMost> step{}, variance{};
  Vector at{}, shocks{};
  shocks[0] = 1;
  for (size_t i = 0; i < r; ++i) {
    if (i < arma.p) step[i][0] = arma.ar[i];
    if (i + 1 < r) step[i][i + 1] = 1;
    if (i > 0 && i - 1 < arma.q) shocks[i] = arma.ma[i - 1];
    at[i] = state_.at[i] * scale_;
    for (size_t k = 0; k < r; ++k) variance[i][k] = state_.variance[i][k];
  }
  if (order.d > 0) {
    step[level] = step[0];  // the difference to come
    step[level][level] = order.d == 1 ? 1 : 2;
    shocks[level] = 1;
    at[level] = last_;
  }
  if (order.d == 2) {
    step[level][level + 1] = -1;
    step[level + 1][level] = 1;
    at[level + 1] = before_last_;
  }
  const size_t seen = order.d > 0 ? level : 0;
  const double mean = constant / size_;
  const double deviation = std::sqrt(sigma2);
  std::vector<Expected> expected;
  for (size_t h = 0; h < steps; ++h) {
    Vector next{};
    std::array<Vector, kMost> half{}, spread{};
    for (size_t i = 0; i < all; ++i) {
      for (size_t k = 0; k < all; ++k) {
        next[i] += step[i][k] * at[k];
        for (size_t c = 0; c < all; ++c) half[i][c] += step[i][k] * variance[k][c];
      }
    }
    for (size_t i = 0; i < all; ++i) {
      for (size_t k = 0; k < all; ++k) {
        spread[i][k] = shocks[i] * shocks[k];
        for (size_t c = 0; c < all; ++c) spread[i][k] += half[i][c] * step[k][c];
      }
    }
    at = next;
    if (order.d > 0) at[level] += mean;
    variance = spread;
    const double ahead = order.d > 0 ? at[seen] : at[seen] + mean;
    constexpr double kMax = std::numeric_limits<double>::max();
    expected.push_back(
        {std::clamp(ahead * size_, -kMax, kMax),
         deviation > 0 ? deviation * std::sqrt(std::max(1.0, spread[seen][seen])) : 0});
  }
  return expected;
}

}  // namespace plumbago::forecast
