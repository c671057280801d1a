// A distribution as equally likely values: a draw is one look-up with ten random bits.
//
// Exact enough for synthetic latencies and repeats; the tail ends at the 1 - 1/2048 quantile, but for Pareto,
// whose tail looks like its whole and is drawn again from its end.
#pragma once

#include <array>
#include <cstdint>

namespace plumbago::generate {

inline constexpr uint32_t kDraws = 1024;

struct DrawTable {
  std::array<float, kDraws> value;

  // Median 1, spread `sigma` (standard deviation of the logarithm).
  static DrawTable LogNormal(double sigma);
  // P(X > x) = (minimum / x)^alpha.
  static DrawTable Pareto(double minimum, double alpha);

  float Draw(uint64_t bits) const { return value[bits % kDraws]; }
};

// The z with P(Z < z) = p of the standard normal distribution (Acklam's rational approximation, error 1e-9).
double NormalQuantile(double p);

}  // namespace plumbago::generate
