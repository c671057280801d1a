// Exact counts of whole numbers that are mostly small: sizes, depths, degrees.
//
// An array up to the largest value seen below kDense, an ordered map for the rare ones beyond.
// Everything that is asked of it is exact (Int128 sums), so the order of adding and merging never
// shows.
//
// Cost: Add 1-2 ns below kDense; answers are a pass over the distinct values. Threads: const
// functions may run at once.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/int128.h"
#include "statistics/state_bytes.h"

namespace plumbago::statistics {

class CountHistogram {
 public:
  static constexpr uint64_t kDense = 4096;

  void Add(uint64_t value, uint64_t times = 1) {
    if (value < dense_.size()) [[likely]] {
      dense_[value] += times;
    } else {
      AddSlowly(value, times);
    }
  }
  void Merge(const CountHistogram& other);

  struct Bin {
    uint64_t value = 0;
    uint64_t count = 0;
  };
  // Values that occur, from the smallest up.
  std::vector<Bin> Bins() const;

  uint64_t Count() const;
  UInt128 Sum() const;
  // Nothing where there are no values (or, for the deviation, fewer than two).
  std::optional<double> Mean() const;
  std::optional<double> StandardDeviation() const;  // of the sample: n - 1
  std::optional<uint64_t> Min() const;
  std::optional<uint64_t> Max() const;
  // The value with NearestRank(q, count) of the sorted values.
  std::optional<uint64_t> Quantile(double q) const;
  uint64_t CountAbove(uint64_t value) const;
  // Share of the values above `value`.
  std::optional<double> ShareAbove(uint64_t value) const;

  // state_bytes.h: number of distinct values, and of each: its difference to the last one minus 1
  // (first: the value), count.
  void Save(std::string& out) const;
  // Replaces the content. False: the bytes are no histogram, and the content is empty.
  [[nodiscard]] bool Load(StateReader& in);
  friend bool operator==(const CountHistogram& a, const CountHistogram& b) { return a.Same(b); }

 private:
  void AddSlowly(uint64_t value, uint64_t times);
  bool Same(const CountHistogram& other) const;
  template <class F>
  void ForEach(F&& visit) const {
    for (uint64_t value = 0; value < dense_.size(); ++value) {
      if (dense_[value] > 0) visit(value, dense_[value]);
    }
    for (const auto& [value, count] : sparse_) visit(value, count);
  }

  std::vector<uint64_t> dense_;          // by value; grows in steps up to kDense
  std::map<uint64_t, uint64_t> sparse_;  // values >= kDense
};

}  // namespace plumbago::statistics
