// Draws from distributions, from a seeded stream.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

#include "generate/random.h"

namespace plumbago::generate::functions {

inline double Exponential(Random& random) { return -std::log(1 - random.Unit()); }

// Mean 0, variance 1, two at a time (the polar method: Marsaglia and Bray, SIAM Review 6, 1964).
class NormalDraw {
 public:
  double Draw(Random& random) {
    if (kept_) {
      kept_ = false;
      return other_;
    }
    double a = 0, b = 0, square = 0;
    do {
      a = 2 * random.Unit() - 1;
      b = 2 * random.Unit() - 1;
      square = a * a + b * b;
    } while (square >= 1 || square == 0);
    const double scale = std::sqrt(-2 * std::log(square) / square);
    other_ = b * scale;
    kept_ = true;
    return a * scale;
  }

 private:
  double other_ = 0;
  bool kept_ = false;
};

inline double Normal(Random& random) { return NormalDraw().Draw(random); }

// Poisson counts of one mean, many of them: by the distribution function while the mean is small,
// else by a normal approximation made of the number of ones among 64 bits (a binomial), smoothed.
class PoissonDraw {
 public:
  explicit PoissonDraw(double mean) : mean_(mean), deviation_(std::sqrt(mean)) {
    if (mean >= kLarge) return;
    double term = std::exp(-mean), sum = 0;
    while (size_ < kTerms) {
      sum += term;
      at_most_[size_++] = sum;
      if (sum > 1 - 1e-12) break;
      term *= mean / size_;
    }
  }

  uint32_t Draw(Random& random) const {
    if (mean_ < kLarge) {
      const double u = random.Unit();
      uint32_t count = 0;
      while (count < size_ && u >= at_most_[count]) ++count;
      return count;
    }
    // A binomial of 64 in steps of 1/4, and a uniform of 1/4: variance 1 + 1/192.
    const double z = 0.25 * (std::popcount(random.Next()) - 32 +
                             static_cast<double>(random.Next() >> 11) * 0x1p-53 - 0.5);
    return static_cast<uint32_t>(std::max(0.0, mean_ + deviation_ * z + 0.5));
  }

 private:
  static constexpr double kLarge = 16;
  static constexpr uint32_t kTerms = 64;
  double mean_, deviation_;
  uint32_t size_ = 0;
  std::array<double, kTerms> at_most_;
};

}  // namespace plumbago::generate::functions
