// The rank of a quantile among sorted values: one definition for sketches, histograms and truths.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace plumbago::statistics {

// The 0-based rank of the smallest of `n` sorted values that at least a share `q` of all do not
// exceed: the inverse of the empirical distribution (Hyndman and Fan 1996, definition 1). q is
// clamped to [0, 1]; n is at least 1. So the p99 of fewer than 100 values is the largest.
inline uint64_t NearestRank(double q, uint64_t n) {
  constexpr double kRounding = 1e-9;  // keeps 0.07 x 100, which is a little above 7, at 7
  const double wanted = std::ceil(std::clamp(q, 0.0, 1.0) * static_cast<double>(n) - kRounding) - 1;
  return std::min(n - 1, static_cast<uint64_t>(std::max(wanted, 0.0)));
}

}  // namespace plumbago::statistics
