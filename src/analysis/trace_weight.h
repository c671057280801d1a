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

}  // namespace plumbago::analysis
