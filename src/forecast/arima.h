// ARIMA(p, d, q) by exact maximum likelihood (Box and Jenkins), as R's stats::arima has it: starts
// from the conditional sum of squares; stationary and invertible throughout.
//
// A constant is the mean of the d times differenced series: the mean for d = 0, the drift for d
// = 1. sigma2 is the likelihood's (divided by the number of values, as stats::arima; not by what
// forecast::Arima prints).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "forecast/arma_likelihood.h"

namespace plumbago::forecast {

struct ArimaOrder {
  size_t p = 0, d = 0, q = 0;  // up to kMostLags, 2, kMostLags
  bool constant = false;

  std::string Text() const;  // "ARIMA(1,1,0) with drift"
  friend bool operator==(const ArimaOrder&, const ArimaOrder&) = default;
};

// What is expected of one value to come: the mean, and the standard deviation of what it will miss.
// Coefficients are taken as true.
struct Expected {
  double mean = 0, deviation = 0;
};

// Where an optimiser stands: coefficients of AR and MA, each without limits.
using FreeLags = std::array<double, 2 * kMostLags>;

class ArimaFit {
 public:
  ArimaOrder order;
  Arma arma;
  double constant = 0;  // of the differenced series; 0 without
  double sigma2 = 0;    // 0: the series follows the order exactly
  double loglik = 0;    // of the differenced series; infinite if sigma2 is 0
  size_t used = 0;      // values of it
  FreeLags free{};      // where a later fit may start
  int calls = 0;        // of likelihoods, to find it

  size_t parameters() const { return order.p + order.q + (order.constant ? 1 : 0) + 1; }
  double aic() const { return 2 * static_cast<double>(parameters()) - 2 * loglik; }
  // Infinite where there are no more values than parameters + 1.
  double aicc() const;
  std::vector<Expected> Forecast(size_t steps) const;

 private:
  friend std::optional<ArimaFit> FitArima(std::span<const double>, const ArimaOrder&,
                                          const FreeLags*);
  ArmaState state_;
  double size_ = 1;                    // the series was divided by it
  double scale_ = 1;                   // and the differenced one by this, then
  double last_ = 0, before_last_ = 0;  // values, divided
};

// Nothing where there are not more values than coefficients, one is not finite, or no likelihood
// can be found. `start`: the coefficients of an earlier fit of that order, instead of a search.
std::optional<ArimaFit> FitArima(std::span<const double> series, const ArimaOrder& order,
                                 const FreeLags* start = nullptr);

// The series d times differenced.
std::vector<double> Differenced(std::span<const double> series, size_t d);

}  // namespace plumbago::forecast
