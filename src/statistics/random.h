// Random numbers that are the same on every machine (the standard's distributions are not).
// SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA'14.
// Seeds come from the data (T15).
#pragma once

#include <cstdint>

#include "base/int128.h"

namespace plumbago::statistics {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
  // 0 <= result < below; below > 0. Off from uniform by at most below / 2^64.
  uint64_t Below(uint64_t below) {
    return static_cast<uint64_t>(static_cast<UInt128>(Next()) * below >> 64);
  }
  // 0 < result < 1, in steps of 2^-53.
  double Unit() { return (static_cast<double>(Next() >> 11) + 0.5) * 0x1p-53; }

 private:
  uint64_t state_;
};

// Folds `value` into a seed.
inline uint64_t MixSeed(uint64_t seed, uint64_t value) { return Random(seed ^ value).Next(); }

}  // namespace plumbago::statistics
