#include "statistics/normal.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace plumbago::statistics {

double NormalCdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

double LogNormalTail(double z) {
  if (z < 20) return std::log(0.5 * std::erfc(z / std::numbers::sqrt2));
  if (std::isinf(z)) return -std::numeric_limits<double>::infinity();
  // Asymptotic series (Abramowitz, Stegun 26.2.12); beyond 20 the first term left out is below
  // 1e-8.
  const double s = 1 / (z * z);
  return -0.5 * z * z - std::log(z) - 0.5 * std::log(2 * std::numbers::pi) +
         std::log1p(-s * (1 - 3 * s * (1 - 5 * s)));
}

double LogNormalBetween(double a, double b) {
  if (a < 0 && b > 0) {
    // Neither tail holds nearly everything: what is outside is subtracted.
    return std::log1p(-0.5 *
                      (std::erfc(-a / std::numbers::sqrt2) + std::erfc(b / std::numbers::sqrt2)));
  }
  if (b <= 0) return LogNormalBetween(-b, -a);
  const double from = LogNormalTail(a), to = LogNormalTail(b);
  return from + std::log(-std::expm1(to - from));
}

double NormalQuantile(double p) {
  // Acklam's rational approximation (relative error 1.15e-9), then a step of Halley's method.
  static constexpr double kA[] = {-3.969683028665376e+01, 2.209460984245205e+02,
                                  -2.759285104469687e+02, 1.383577518672690e+02,
                                  -3.066479806614716e+01, 2.506628277459239e+00};
  static constexpr double kB[] = {-5.447609879822406e+01, 1.615858368580409e+02,
                                  -1.556989798598866e+02, 6.680131188771972e+01,
                                  -1.328068155288572e+01};
  static constexpr double kC[] = {-7.784894002430293e-03, -3.223964580411365e-01,
                                  -2.400758277161838e+00, -2.549732539343734e+00,
                                  4.374664141464968e+00,  2.938163982698783e+00};
  static constexpr double kD[] = {7.784695709041462e-03, 3.224671290700398e-01,
                                  2.445134137142996e+00, 3.754408661907416e+00};
  if (p > 0.5) return -NormalQuantile(1 - p);
  double z;
  if (p < 0.02425) {
    const double q = std::sqrt(-2 * std::log(p));
    z = (((((kC[0] * q + kC[1]) * q + kC[2]) * q + kC[3]) * q + kC[4]) * q + kC[5]) /
        ((((kD[0] * q + kD[1]) * q + kD[2]) * q + kD[3]) * q + 1);
  } else {
    const double q = p - 0.5, r = q * q;
    z = (((((kA[0] * r + kA[1]) * r + kA[2]) * r + kA[3]) * r + kA[4]) * r + kA[5]) * q /
        (((((kB[0] * r + kB[1]) * r + kB[2]) * r + kB[3]) * r + kB[4]) * r + 1);
  }
  const double error = NormalCdf(z) - p;
  const double step = error * std::sqrt(2 * std::numbers::pi) * std::exp(0.5 * z * z);
  return z - step / (1 + 0.5 * z * step);
}

}  // namespace plumbago::statistics
