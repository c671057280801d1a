#include "statistics/rank_correlation.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace plumbago::statistics {
namespace {

// Mean ranks, less their mean.
std::vector<double> CentredRanks(const std::vector<double>& values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  const double middle = (static_cast<double>(values.size()) - 1) / 2;
  for (size_t begin = 0; begin < order.size();) {
    size_t end = begin;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double rank = (static_cast<double>(begin) + static_cast<double>(end) - 1) / 2 - middle;
    for (size_t i = begin; i < end; ++i) ranks[order[i]] = rank;
    begin = end;
  }
  return ranks;
}

// Likewise of bins that hold so many values each.
std::vector<double> CentredRanksOfBins(const std::vector<uint64_t>& counts, double all) {
  std::vector<double> ranks(counts.size());
  double before = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    const auto count = static_cast<double>(counts[i]);
    ranks[i] = before + (count - 1) / 2 - (all - 1) / 2;
    before += count;
  }
  return ranks;
}

// Bins of a `per_octave`th of a doubling, from `least` on.
size_t BinOf(double value, double least, double per_octave, size_t bins) {
  if (!(value > least)) return 0;
  const double bin = std::log2(value / least) * per_octave;
  return bin >= static_cast<double>(bins - 1) ? bins - 1 : static_cast<size_t>(bin);
}

}  // namespace

std::optional<double> RankCorrelation(const std::vector<std::pair<double, double>>& pairs) {
  if (pairs.size() < 3) return std::nullopt;
  std::vector<double> x, y;
  for (const auto& [a, b] : pairs) {
    x.push_back(a);
    y.push_back(b);
  }
  const std::vector<double> rank_x = CentredRanks(x), rank_y = CentredRanks(y);
  double xx = 0, yy = 0, xy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    xx += rank_x[i] * rank_x[i];
    yy += rank_y[i] * rank_y[i];
    xy += rank_x[i] * rank_y[i];
  }
  if (!(xx > 0) || !(yy > 0)) return std::nullopt;
  return xy / std::sqrt(xx * yy);
}

void RankGrid::Add(double x, double y) {
  if (!counts_.empty()) return Count(x, y);
  if (pairs_.size() < exact_) {
    pairs_.emplace_back(x, y);
    return;
  }
  counts_.resize(kX * kY);
  for (const auto& [a, b] : pairs_) Count(a, b);
  pairs_ = {};
  Count(x, y);
}

void RankGrid::Count(double x, double y) {
  ++counts_[BinOf(x, 0x1p-16, 32, kX) * kY + BinOf(y, 64, 16, kY)];
}

std::optional<double> RankGrid::Correlation() const {
  if (counts_.empty()) return RankCorrelation(pairs_);
  std::vector<uint64_t> of_x(kX), of_y(kY);
  uint64_t count = 0;
  for (size_t i = 0; i < kX; ++i) {
    for (size_t j = 0; j < kY; ++j) {
      of_x[i] += counts_[i * kY + j];
      of_y[j] += counts_[i * kY + j];
      count += counts_[i * kY + j];
    }
  }
  if (count < 3) return std::nullopt;
  const auto all = static_cast<double>(count);
  const std::vector<double> rank_x = CentredRanksOfBins(of_x, all);
  const std::vector<double> rank_y = CentredRanksOfBins(of_y, all);
  double xx = 0, yy = 0, xy = 0;
  for (size_t i = 0; i < kX; ++i) {
    xx += static_cast<double>(of_x[i]) * rank_x[i] * rank_x[i];
    for (size_t j = 0; j < kY; ++j) {
      xy += static_cast<double>(counts_[i * kY + j]) * rank_x[i] * rank_y[j];
    }
  }
  for (size_t j = 0; j < kY; ++j) yy += static_cast<double>(of_y[j]) * rank_y[j] * rank_y[j];
  if (!(xx > 0) || !(yy > 0)) return std::nullopt;
  return xy / std::sqrt(xx * yy);
}

std::optional<double> Median(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  const size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

}  // namespace plumbago::statistics
