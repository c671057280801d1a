// Spearman's rank correlation, equal values sharing their mean rank: it asks whether one value
// rises with the other, whatever the shape, and a few extreme response times do not decide it.
// Spearman, "The proof and measurement of association between two things", 1904.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace plumbago::statistics {

// Exact: n log n. Nothing for fewer than three pairs, or where one of the two is always the same.
std::optional<double> RankCorrelation(const std::vector<std::pair<double, double>>& pairs);

// The same over any number of pairs: exact up to kExact; beyond, values fall into bins of 2.2 % (x)
// and 4.4 % (y), and equal bins share a rank. Off by less than 0.01 where values spread over some
// ten bins or more. Bins are for x from 1e-5 to 1 (what is beyond goes to the end bins) and y from
// 64 to 6e10 (as ns: a minute). At most 4 MB. The order of adding does not matter.
class RankGrid {
 public:
  static constexpr size_t kExact = size_t{1} << 18;
  explicit RankGrid(size_t exact = kExact) : exact_(exact) {}

  void Add(double x, double y);
  std::optional<double> Correlation() const;

 private:
  static constexpr size_t kX = 512, kY = 480;
  void Count(double x, double y);

  size_t exact_;
  std::vector<std::pair<double, double>> pairs_;  // while they are few
  std::vector<uint64_t> counts_;                  // once they are not
};

// The middle one; of two, their mean. Nothing of none.
std::optional<double> Median(std::vector<double> values);

}  // namespace plumbago::statistics
