#include "forecast/backtest.h"

#include <algorithm>
#include <cmath>

namespace plumbago::forecast {

Backtest RollingOrigin(std::span<const double> series, const Rule& rule, size_t first) {
  Backtest result;
  double changes = 0;
  for (size_t t = 1; t < series.size(); ++t) {
    const double naive = t > 1 ? changes / static_cast<double>(t - 1) : 0;
    changes += std::abs(series[t] - series[t - 1]);
    if (t < first) continue;
    const auto said = rule(series.first(t));
    if (!said) {
      ++result.silent;
      continue;
    }
    const double missed = std::abs(series[t] - *said);
    result.mae += (missed - result.mae) / static_cast<double>(++result.forecasts);
    if (naive > 0)
      result.mase += (missed / naive - result.mase) / static_cast<double>(++result.scaled);
  }
  return result;
}

}  // namespace plumbago::forecast
