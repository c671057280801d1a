#include "generate/functions/function_times.h"

#include <algorithm>
#include <cmath>

#include "generate/functions/draws.h"
#include "statistics/normal.h"

namespace plumbago::generate::functions {
namespace {

using statistics::NormalCdf;
using statistics::NormalQuantile;

// The lower half is so much narrower.
constexpr double kLower = 0.45;
// Spreads are log-normal over functions. Chosen so that maxima of days with 100 to 1,000 executions
// are e^2 and e^3.5 times the average in the middle, as in the released rows.
constexpr double kSpread = 1.0, kSpreadSigma = 0.4;

// Where z lies, in averages.
double Ratio(double z, double spread) {
  const double low = kLower * spread;
  const double mean =
      NormalCdf(spread) * std::exp(spread * spread / 2) + NormalCdf(-low) * std::exp(low * low / 2);
  return std::exp((z > 0 ? spread : low) * z) / mean;
}

double Guarded(double p) { return std::clamp(p, 1e-12, 1 - 1e-12); }

}  // namespace

FunctionTimes::FunctionTimes(const WorkloadShape& shape, uint64_t seed, uint64_t function) {
  Random random(MixSeeds(MixSeeds(seed, 0xD04A), function));
  average_s_ = std::exp(shape.duration_log_mean + shape.duration_log_sigma * Normal(random));
  spread_ = std::min(2.2, kSpread * std::exp(kSpreadSigma * Normal(random)));
}

double FunctionTimes::Draw(Random& random) const {
  return average_s_ * Ratio(Normal(random), spread_);
}

FunctionTimes::Day FunctionTimes::DrawDay(uint64_t count, uint64_t minutes, Random& random) const {
  const auto n = static_cast<double>(count);
  const double average =
      1000 * average_s_ * std::exp(Normal(random) * 0.3 * spread_ / std::sqrt(n));
  const auto whole = [](double ms) { return static_cast<int64_t>(std::llround(ms)); };
  Day day;
  day.average_ms = whole(average);
  if (count == 1) {
    day.minimum_ms = day.maximum_ms = day.average_ms;
    day.percentiles_ms.fill(day.average_ms);
    return day;
  }
  // The extremes of n draws, as draws of their own; neither can be beyond what the average allows.
  const double highest = NormalQuantile(Guarded(std::pow(random.Unit(), 1 / n)));
  const double lowest = -NormalQuantile(Guarded(std::pow(random.Unit(), 1 / n)));
  const double maximum = std::clamp(average * Ratio(highest, spread_), average, average * n);
  const double minimum = std::min(average * Ratio(lowest, spread_), average);
  day.maximum_ms = whole(maximum);
  day.minimum_ms = whole(minimum);
  // Two halves a minute at most; averages over several executions lie closer together.
  const double windows = std::max(1.0, std::min(n, 2 * static_cast<double>(minutes)));
  const double spread = spread_ / std::sqrt(n / windows);
  const double beyond = std::max(0.0, NormalQuantile(Guarded(1 - 0.5 / windows)));
  constexpr std::array<double, 7> kZ = {-9, -2.326, -0.674, 0, 0.674, 2.326, 9};
  for (size_t i = 0; i < kZ.size(); ++i) {
    const double z = std::clamp(kZ[i], -beyond, beyond);
    day.percentiles_ms[i] =
        std::clamp(whole(average * Ratio(z, spread)), day.minimum_ms, day.maximum_ms);
  }
  return day;
}

}  // namespace plumbago::generate::functions
