#include "generate/functions/shape_tables.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <vector>

namespace plumbago::generate::functions {
namespace {

constexpr uint32_t kSizeClasses = 6, kRateClasses = 6;
constexpr uint32_t kMostFunctions = 302;

uint32_t SizeClass(uint32_t functions) {
  if (functions <= 3) return functions - 1;
  return functions <= 5 ? 3 : functions <= 10 ? 4 : 5;
}

// Whether so many a day are those of a lone timer that runs all the time.
bool LikeATimer(double a_day) {
  for (const double timer : {24., 48., 96., 144., 288., 480., 1440., 86400.}) {
    if (a_day > timer * 0.999 && a_day < timer * 1.003) return true;
  }
  return false;
}

uint32_t RateClass(double a_day) {
  if (LikeATimer(a_day)) return 5;
  if (a_day < 1) return 0;
  if (a_day < 20) return 1;
  if (a_day < 1500) return 2;
  return a_day < 50'000 ? 3 : 4;
}

// Of applications in these classes, how much more likely than others' is a set of triggers.
double Affinity(uint32_t size, uint32_t rate, uint8_t set, uint32_t smallest) {
  if (static_cast<uint32_t>(std::popcount(set)) > smallest) return 0;
  double weight = 1;
  if (set == kTimerBit) {
    constexpr double kByRate[kRateClasses] = {0.5, 1.0, 1.4, 0.12, 1e-3, 14};
    weight *= kByRate[rate];
    if (size >= 4) weight *= 0.6;
  } else if ((set & kTimerBit) != 0) {
    constexpr double kByRate[kRateClasses] = {0.3, 0.8, 1.6, 0.6, 0.6, 4};
    weight *= kByRate[rate];
  }
  if ((set & (kEventBit | kQueueBit)) != 0) {
    constexpr double kByRate[kRateClasses] = {0.7, 0.9, 1, 1.5, 2, 0.5};
    weight *= kByRate[rate];
  }
  if ((set == kEventBit || set == kStorageBit) && size >= 2) weight *= 0.3;
  if ((set & kOrchestrationBit) != 0 && size >= 4) weight *= 10;
  return weight;
}

std::vector<double> SharesOf(const std::vector<CdfPoint>& points) {
  std::vector<double> shares(kMostFunctions);
  double last = 0;
  size_t next = 0;
  for (uint32_t n = 1; n <= kMostFunctions; ++n) {
    while (next < points.size() && points[next].x < n) ++next;
    double at = 1;
    if (next < points.size()) {
      at = points[next].at;
      if (points[next].x > n && next > 0) {
        const CdfPoint &low = points[next - 1], &high = points[next];
        at = low.at + (high.at - low.at) * std::log(n / low.x) / std::log(high.x / low.x);
      }
    }
    shares[n - 1] = std::max(at - last, 0.0);
    last = at;
  }
  return shares;
}

}  // namespace

ShareTable FunctionsByRate(const WorkloadShape& shape, uint32_t span_days) {
  std::vector<double> weights(size_t{kStrata} * kMostFunctions);
  for (uint32_t s = 0; s < kStrata; ++s) {
    const double a_day = QuantileOf(shape.invocations_a_day, static_cast<double>(s) / kStrata);
    const double most = std::max(1.0, std::round(a_day * span_days));
    for (uint32_t n = 1; n <= kMostFunctions; ++n) {
      // More functions, more to invoke: applications seldom invoked have a few at most.
      weights[size_t{s} * kMostFunctions + n - 1] =
          n > most ? 0 : std::pow(n, 0.5 * std::log10(most + 1) / 3);
    }
  }
  return ShareTable(std::vector<double>(kStrata, 1.0 / kStrata), SharesOf(shape.functions_per_app),
                    std::move(weights));
}

ShareTable SetsByCell(const WorkloadShape& shape, const ShareTable& functions) {
  std::vector<double> masses(size_t{kSizeClasses} * kRateClasses);
  constexpr uint32_t kSteps = 64;
  for (uint32_t s = 0; s < kStrata; ++s) {
    std::array<double, kRateClasses> rates{};
    for (uint32_t i = 0; i < kSteps; ++i) {
      const double u = (s + (i + 0.5) / kSteps) / kStrata;
      rates[RateClass(QuantileOf(shape.invocations_a_day, u))] += 1.0 / kSteps / kStrata;
    }
    for (uint32_t n = 1; n <= kMostFunctions; ++n) {
      for (uint32_t r = 0; r < kRateClasses; ++r) {
        masses[SizeClass(n) * kRateClasses + r] += rates[r] * functions.share(s, n - 1);
      }
    }
  }
  constexpr uint32_t kSmallest[kSizeClasses] = {1, 2, 3, 4, 6, 11};
  std::vector<double> weights, wished;
  for (uint32_t size = 0; size < kSizeClasses; ++size) {
    for (uint32_t rate = 0; rate < kRateClasses; ++rate) {
      for (const TriggerSet& set : shape.trigger_sets) {
        weights.push_back(Affinity(size, rate, set.triggers, kSmallest[size]));
      }
    }
  }
  for (const TriggerSet& set : shape.trigger_sets) wished.push_back(set.share);
  return ShareTable(masses, wished, std::move(weights));
}

size_t CellOf(uint32_t functions, double a_day) {
  return size_t{SizeClass(functions)} * kRateClasses + RateClass(a_day);
}

}  // namespace plumbago::generate::functions
