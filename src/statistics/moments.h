// Mean and standard deviation of integers, exact until the end: count, sum and sum of squares as
// integers.
//
// The sum of squares is kept modulo 2^128. It may wrap (it does for times since 1970 in
// nanoseconds): the squares about the mean come out of it exactly as long as their own sum stays
// below 2^127.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

#include "base/int128.h"
#include "statistics/state_bytes.h"

namespace plumbago::statistics {

class Moments {
 public:
  void Add(int64_t value, uint64_t times = 1) {
    count_ += times;
    sum_ += static_cast<Int128>(value) * static_cast<Int128>(times);
    squares_ += static_cast<UInt128>(static_cast<Int128>(value) * value) * times;
  }
  void Merge(const Moments& other) {
    count_ += other.count_;
    sum_ += other.sum_;
    squares_ += other.squares_;
  }

  uint64_t count() const { return count_; }
  std::optional<double> Mean() const {
    if (count_ == 0) return std::nullopt;
    return static_cast<double>(sum_) / static_cast<double>(count_);
  }
  // Of the sample: n - 1. Nothing for fewer than two values.
  std::optional<double> StandardDeviation() const {
    if (count_ < 2) return std::nullopt;
    // With sum = n * m + r the squares about the whole number m are, modulo 2^128,
    // squares - m * (2 * sum - n * m) = squares - m * (sum + r).
    const Int128 n = count_, m = sum_ / n, r = sum_ - n * m;
    const UInt128 about = squares_ - static_cast<UInt128>(m) * static_cast<UInt128>(sum_ + r);
    const auto rest = static_cast<double>(r), all = static_cast<double>(n);
    return std::sqrt((static_cast<double>(about) - rest * rest / all) / (all - 1));
  }

  // state_bytes.h: count, sum (wide, two's complement), sum of squares (wide).
  void Save(std::string& out) const {
    AppendVarint(out, count_);
    AppendWide(out, static_cast<UInt128>(sum_));
    AppendWide(out, squares_);
  }
  [[nodiscard]] bool Load(StateReader& in) {
    count_ = in.Varint();
    sum_ = static_cast<Int128>(in.Wide());
    squares_ = in.Wide();
    if (!in.ok()) *this = Moments();
    return in.ok();
  }
  friend bool operator==(const Moments&, const Moments&) = default;

 private:
  uint64_t count_ = 0;
  Int128 sum_ = 0;
  UInt128 squares_ = 0;
};

}  // namespace plumbago::statistics
