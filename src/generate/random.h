// Seeded random numbers: SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators",
// OOPSLA 2014). One 64-bit word of state, so a stream a trace costs nothing to begin, and a trace is the
// same whatever thread makes it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace plumbago::generate {

inline uint64_t MixBits(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

// The seed of stream `index` below `seed`.
inline uint64_t MixSeeds(uint64_t seed, uint64_t index) {
  return MixBits(MixBits(seed + 0x9E3779B97F4A7C15ull) + index * 0xD6E8FEB86659FD93ull);
}

// For hash tables with 64-bit keys made of two numbers.
struct MixHash {
  size_t operator()(uint64_t key) const { return MixBits(key); }
};

// A one-to-one map of 0 .. 2^bits-1 onto itself that looks random: distinct numbers for names and ids.
inline uint64_t Scramble(uint64_t value, int bits) {
  const uint64_t mask = (uint64_t{1} << bits) - 1;
  for (int round = 0; round < 3; ++round) {
    value = (value * 0x9E3779B97F4A7C15ull + 0x5851F42D4C957F2Dull) & mask;
    value ^= value >> (bits / 2);
  }
  return value;
}

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() { return MixBits(state_ += 0x9E3779B97F4A7C15ull); }
  // 0 .. bound-1.
  uint32_t Below(uint32_t bound) {
    return static_cast<uint32_t>(((Next() >> 32) * bound) >> 32);
  }
  // [0, 1)
  double Unit() { return static_cast<double>(Next() >> 11) * 0x1p-53; }
  bool Chance(double share) { return Unit() < share; }

 private:
  uint64_t state_;
};

}  // namespace plumbago::generate
