// The order of an ARIMA by AICc: the stepwise search of Hyndman and Khandakar (Journal of
// Statistical Software 27(3), 2008), as R's forecast::auto.arima does it without seasons.
//
// d by KPSS; the best of (2,d,2), (0,d,0), (1,d,0), (0,d,1) with a constant and (0,d,0) without;
// from there p and q one up or down, alone or together, the constant put in or left out, while that
// lowers AICc. Orders with a root within 1.01 of the unit circle are none. Unlike R: likelihoods
// are exact for long series, too; an order whose AICc needs more values than there are is none;
// where no order is left, (0,d,0).
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "forecast/arima.h"

namespace plumbago::forecast {

struct AutoArimaResult {
  ArimaFit fit;
  size_t tried = 0;  // orders
  int calls = 0;     // of likelihoods
};

// Nothing for an empty series, or one with a value that is not finite.
std::optional<AutoArimaResult> AutoArima(std::span<const double> series,
                                         size_t most_lags = kMostLags);

}  // namespace plumbago::forecast
