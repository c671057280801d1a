// A sum over traces that knows how far it varies, small enough to be kept for each pair of calls.
//
// Traces are put by the hash of their ids into N groups. The interval of the total is the
// delete-one-group jackknife of total / traces x traces, with Student's t of N - 1 degrees of
// freedom (random group method; Wolter, "Introduction to Variance Estimation", chapters 2 and 4):
// it resamples groups of traces, never calls. statistics::BucketedRatio does the same better with
// 64 groups, for which a record has no room.
//
// 8 N bytes. Merging adds. Sums stop at the largest number (statistics/sums.h).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "statistics/resampling.h"
#include "statistics/state_bytes.h"
#include "statistics/sums.h"

namespace plumbago::analysis {

template <size_t N>
class GroupedSums {
  static_assert(N == 8 || N == 16);

 public:
  // Of a trace with this TraceId::Hash().
  void Add(uint64_t trace_hash, uint64_t value) {
    statistics::AddSaturating(sums_[trace_hash >> (N == 16 ? 60 : 61)], value);
  }
  void Merge(const GroupedSums& other) {
    for (size_t i = 0; i < N; ++i) statistics::AddSaturating(sums_[i], other.sums_[i]);
  }
  uint64_t Total() const {
    uint64_t total = 0;
    for (const uint64_t sum : sums_) statistics::AddSaturating(total, sum);
    return total;
  }
  bool empty() const { return Total() == 0; }

  // 95 %, of the total over as many traces as were read; `traces`: how many there are of each
  // group. Nothing where fewer than 8 groups add something: too few for an interval.
  std::optional<statistics::Bounds> Interval(const GroupedSums& traces) const {
    constexpr double kStudent = N == 16 ? 2.131 : 2.365;
    const auto all = static_cast<double>(Total());
    const auto count = static_cast<double>(traces.Total());
    const auto filled = static_cast<size_t>(
        std::count_if(sums_.begin(), sums_.end(), [](uint64_t sum) { return sum > 0; }));
    if (filled < 8) return std::nullopt;
    std::array<double, N> without{};
    double mean = 0;
    for (size_t i = 0; i < N; ++i) {
      const double rest = count - static_cast<double>(traces.sums_[i]);
      if (rest <= 0) return std::nullopt;
      without[i] = (all - static_cast<double>(sums_[i])) / rest * count;
      mean += without[i] / N;
    }
    double squares = 0;
    for (const double one : without) squares += (one - mean) * (one - mean);
    const double reach = kStudent * std::sqrt(squares * (N - 1) / N);
    return statistics::Bounds{std::max(0.0, all - reach), all + reach};
  }

  void Save(std::string& out) const {
    for (const uint64_t sum : sums_) statistics::AppendVarint(out, sum);
  }
  [[nodiscard]] bool Load(statistics::StateReader& in) {
    for (uint64_t& sum : sums_) sum = in.Varint();
    return in.ok();
  }

 private:
  std::array<uint64_t, N> sums_{};
};

}  // namespace plumbago::analysis
