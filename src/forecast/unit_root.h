// How often a series is to be differenced until its level is stationary: the test of Kwiatkowski,
// Phillips, Schmidt and Shin (Journal of Econometrics 54, 1992), as R's forecast::ndiffs applies
// it.
#pragma once

#include <cstddef>
#include <span>

namespace plumbago::forecast {

// The statistic for a stationary level; autocovariances up to 3 sqrt(n) / 13 with Bartlett weights.
// Large: not stationary (5 %: 0.463). Not a number for a constant series.
double KpssStatistic(std::span<const double> series);

// All values equal, within 1.5e-8 of their size (R's all.equal).
bool IsConstant(std::span<const double> series);

// Differences until KPSS no longer rejects a stationary level at 5 %, or the series is constant.
size_t NeededDifferences(std::span<const double> series, size_t most = 2);

}  // namespace plumbago::forecast
