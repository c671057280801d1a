// A graph that stands for several traces (weight) counts as often, rounded to whole numbers, at
// least once: so that every count of an analysis is a whole number and merges to the bit.
#pragma once

#include <cmath>
#include <cstdint>

namespace plumbago::analysis {

// How many traces a graph of this weight stands for.
inline uint64_t Times(double weight) {
  return weight > 1 ? static_cast<uint64_t>(std::llround(weight)) : 1;
}

// How many traces without weights would tell as much as those with this sum of weights and of their
// squares (> 0): Kish, "Survey Sampling", 1965.
inline double EffectiveCount(uint64_t weights, uint64_t squares) {
  const auto sum = static_cast<double>(weights);
  return sum * sum / static_cast<double>(squares);
}

}  // namespace plumbago::analysis
