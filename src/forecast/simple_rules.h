// Rules that say the next value of a series without a model of it: what an ARIMA has to beat.
#pragma once

#include <cstddef>
#include <span>

namespace plumbago::forecast {

// Of the last `n` values, or of all if there are fewer; of an even number the mean of the middle
// two. The series is not empty.
double MedianOfLast(std::span<const double> series, size_t n);

// What was `period` values before the next, or the last value if there are fewer; not empty.
double SeasonalNaive(std::span<const double> series, size_t period);

struct Smoothed {
  double alpha = 1, beta = 0;  // weights of the last level and trend, in [0, 1]
  double level = 0, trend = 0;
  double squares = 0;  // of errors one step ahead
  double Ahead(size_t steps) const { return level + trend * static_cast<double>(steps); }
};

// Simple exponential smoothing (Brown, 1956) with the weight of least squares one step ahead; the
// first level is the first value (as R's HoltWinters without beta and gamma). Not empty.
Smoothed SimpleSmoothing(std::span<const double> series);

// With a trend (Holt, 1957): the first level is the second value, the first trend what lies between
// (as R's HoltWinters without gamma). One value: its level.
Smoothed HoltSmoothing(std::span<const double> series);

}  // namespace plumbago::forecast
