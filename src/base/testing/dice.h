// For tests: random numbers that are the same on every machine, since they come of a seed and no
// distribution of the library's.
#pragma once

#include <cstdint>
#include <random>

namespace plumbago {

class Dice {
 public:
  explicit Dice(uint64_t seed) : random_(seed) {}
  uint64_t Next() { return random_(); }
  // Below `n`.
  uint64_t Below(uint64_t n) { return random_() % n; }
  uint32_t Below32(uint32_t n) { return static_cast<uint32_t>(Below(n)); }
  int64_t Upto(int64_t n) { return static_cast<int64_t>(Below(static_cast<uint64_t>(n) + 1)); }
  bool Once(uint64_t in) { return Below(in) == 0; }
  std::mt19937_64& engine() { return random_; }

 private:
  std::mt19937_64 random_;
};

}  // namespace plumbago
