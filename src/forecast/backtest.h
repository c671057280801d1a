// How well a rule says the next value, tried on a series from a rolling origin: at each value from
// `first` on, from those before it alone.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>

namespace plumbago::forecast {

// The next value, of a series that is not empty; nothing: the rule says none.
using Rule = std::function<std::optional<double>(std::span<const double>)>;

struct Backtest {
  size_t forecasts = 0, silent = 0;  // silent: the rule said nothing
  double mae = 0;                    // mean absolute error
  // Mean of absolute errors, each divided by what "as the last one" had missed on average before
  // (Hyndman and Koehler, International Journal of Forecasting 22, 2006): below 1 is better than
  // that. Of `scaled` forecasts: those that a value had changed before.
  double mase = 0;
  size_t scaled = 0;
};

Backtest RollingOrigin(std::span<const double> series, const Rule& rule, size_t first);

}  // namespace plumbago::forecast
