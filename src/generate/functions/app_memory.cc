#include "generate/functions/app_memory.h"

#include <cmath>

#include "generate/functions/draws.h"

namespace plumbago::generate::functions {
namespace {

// Log-distances of the percentiles from the average, in the middle of the released rows.
constexpr std::array<double, 8> kFrom = {-0.167, -0.077, -0.027, 0, 0.033, 0.102, 0.144, 0.175};

}  // namespace

AppMemoryDraw::AppMemoryDraw(const WorkloadShape& shape, uint64_t seed, uint32_t app) {
  Random random(MixSeeds(MixSeeds(seed, 0x3E3), app));
  // Burr XII: F(x) = 1 - (1 + (x / lambda)^c)^-k, turned round.
  const double u = random.Unit();
  average_mb_ =
      shape.memory_lambda * std::pow(std::pow(1 - u, -1 / shape.memory_k) - 1, 1 / shape.memory_c);
  // Both sides vary together (their logarithms correlate by 0.43 in the released rows).
  const double both = Normal(random);
  below_ = std::exp(0.8 * (0.65 * both + 0.76 * Normal(random)));
  above_ = std::exp(0.9 * (0.65 * both + 0.76 * Normal(random)));
}

AppMemoryDraw::Day AppMemoryDraw::DrawDay(Random& random) const {
  const double average = average_mb_ * std::exp(0.02 * Normal(random));
  Day day;
  day.average_mb = std::llround(average);
  for (size_t i = 0; i < kFrom.size(); ++i) {
    const double from = std::max(-1.5, kFrom[i] * (kFrom[i] < 0 ? below_ : above_));
    day.percentiles_mb[i] = std::llround(average * std::exp(from));
  }
  return day;
}

}  // namespace plumbago::generate::functions
