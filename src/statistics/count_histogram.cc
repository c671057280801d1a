#include "statistics/count_histogram.h"

#include "statistics/nearest_rank.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace plumbago::statistics {

void CountHistogram::AddSlowly(uint64_t value, uint64_t times) {
  if (times == 0) return;
  if (value < kDense) {
    dense_.resize(std::max<uint64_t>(16, std::bit_ceil(value + 1)));
    dense_[value] += times;
  } else {
    sparse_[value] += times;
  }
}

void CountHistogram::Merge(const CountHistogram& other) {
  if (other.dense_.size() > dense_.size()) dense_.resize(other.dense_.size());
  for (uint64_t value = 0; value < other.dense_.size(); ++value)
    dense_[value] += other.dense_[value];
  for (const auto& [value, count] : other.sparse_) sparse_[value] += count;
}

std::vector<CountHistogram::Bin> CountHistogram::Bins() const {
  std::vector<Bin> bins;
  ForEach([&](uint64_t value, uint64_t count) { bins.push_back({value, count}); });
  return bins;
}

uint64_t CountHistogram::Count() const {
  uint64_t all = 0;
  ForEach([&](uint64_t, uint64_t count) { all += count; });
  return all;
}

UInt128 CountHistogram::Sum() const {
  UInt128 sum = 0;
  ForEach([&](uint64_t value, uint64_t count) { sum += static_cast<UInt128>(value) * count; });
  return sum;
}

std::optional<double> CountHistogram::Mean() const {
  const uint64_t count = Count();
  if (count == 0) return std::nullopt;
  return static_cast<double>(Sum()) / static_cast<double>(count);
}

std::optional<double> CountHistogram::StandardDeviation() const {
  const uint64_t all = Count();
  if (all < 2) return std::nullopt;
  // In the order of the values, about the mean: no cancellation, and the same whatever was added
  // first.
  const double mean = *Mean();
  double squares = 0;
  ForEach([&](uint64_t value, uint64_t count) {
    const double off = static_cast<double>(value) - mean;
    squares += off * off * static_cast<double>(count);
  });
  return std::sqrt(squares / static_cast<double>(all - 1));
}

std::optional<uint64_t> CountHistogram::Min() const { return Quantile(0); }
std::optional<uint64_t> CountHistogram::Max() const { return Quantile(1); }

std::optional<uint64_t> CountHistogram::Quantile(double q) const {
  const uint64_t all = Count();
  if (all == 0) return std::nullopt;
  const uint64_t rank = NearestRank(q, all);
  uint64_t before = 0;
  std::optional<uint64_t> found;
  ForEach([&](uint64_t value, uint64_t count) {
    before += count;
    if (!found && rank < before) found = value;
  });
  return found;
}

uint64_t CountHistogram::CountAbove(uint64_t value) const {
  uint64_t above = 0;
  ForEach([&](uint64_t other, uint64_t count) { above += other > value ? count : 0; });
  return above;
}

std::optional<double> CountHistogram::ShareAbove(uint64_t value) const {
  const uint64_t all = Count();
  if (all == 0) return std::nullopt;
  return static_cast<double>(CountAbove(value)) / static_cast<double>(all);
}

bool CountHistogram::Same(const CountHistogram& other) const {
  std::string mine, its;
  Save(mine);
  other.Save(its);
  return mine == its;
}

void CountHistogram::Save(std::string& out) const {
  uint64_t distinct = 0;
  ForEach([&](uint64_t, uint64_t) { ++distinct; });
  AppendVarint(out, distinct);
  uint64_t next = 0;
  ForEach([&](uint64_t value, uint64_t count) {
    AppendVarint(out, value - next);
    AppendVarint(out, count);
    next = value + 1;
  });
}

bool CountHistogram::Load(StateReader& in) {
  *this = CountHistogram();
  uint64_t next = 0;
  for (uint64_t distinct = in.Varint(); distinct > 0 && in.ok(); --distinct) {
    const uint64_t skip = in.Varint(), count = in.Varint();
    if (skip >= UINT64_MAX - next || count == 0) in.Damaged();
    if (in.ok()) Add(next + skip, count);
    next += skip + 1;
  }
  if (!in.ok()) *this = CountHistogram();
  return in.ok();
}

}  // namespace plumbago::statistics
