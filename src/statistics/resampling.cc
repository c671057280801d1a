#include "statistics/resampling.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/int128.h"
#include "statistics/normal.h"
#include "statistics/random.h"

namespace plumbago::statistics {

namespace {

constexpr size_t kFewestGroups = 8;
constexpr size_t kDraws = 1999;

std::vector<BucketedRatio::Sums> Occupied(
    const std::array<BucketedRatio::Sums, BucketedRatio::kBuckets>& all) {
  std::vector<BucketedRatio::Sums> occupied;
  for (const BucketedRatio::Sums& sums : all) {
    if (sums.denominator != 0 || sums.numerator != 0) occupied.push_back(sums);
  }
  return occupied;
}

}  // namespace

std::optional<Bounds> WilsonInterval(uint64_t hits, uint64_t trials, double confidence) {
  if (trials == 0) return std::nullopt;
  const double z = NormalQuantile(0.5 + confidence / 2), n = static_cast<double>(trials);
  const double p = static_cast<double>(hits) / n, d = 1 + z * z / n;
  const double middle = (p + z * z / (2 * n)) / d;
  const double half = z / d * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return Bounds{hits == 0 ? 0 : std::max(0.0, middle - half),
                hits == trials ? 1 : std::min(1.0, middle + half)};
}

std::optional<Ranks> QuantileRanks(uint64_t n, double q, double confidence) {
  const double z = NormalQuantile(0.5 + confidence / 2), all = static_cast<double>(n);
  const double half = z * std::sqrt(all * q * (1 - q));
  const double low = std::floor(all * q - half) - 1, high = std::ceil(all * q + half);
  if (low < 0 || high > all - 1) return std::nullopt;
  return Ranks{static_cast<uint64_t>(low), static_cast<uint64_t>(high)};
}

void BucketedRatio::Merge(const BucketedRatio& other) {
  for (uint32_t i = 0; i < kBuckets; ++i) {
    AddWrapping(buckets_[i].numerator, other.buckets_[i].numerator);
    AddWrapping(buckets_[i].denominator, other.buckets_[i].denominator);
  }
}

int64_t BucketedRatio::numerator() const {
  int64_t sum = 0;
  for (const Sums& sums : buckets_) AddWrapping(sum, sums.numerator);
  return sum;
}

int64_t BucketedRatio::denominator() const {
  int64_t sum = 0;
  for (const Sums& sums : buckets_) AddWrapping(sum, sums.denominator);
  return sum;
}

std::optional<double> BucketedRatio::Ratio() const {
  const int64_t all = denominator();
  if (all == 0) return std::nullopt;
  return static_cast<double>(numerator()) / static_cast<double>(all);
}

std::optional<Bounds> BucketedRatio::Interval(double confidence) const {
  const std::vector<Sums> groups = Occupied(buckets_);
  if (groups.size() < kFewestGroups || denominator() == 0) return std::nullopt;
  uint64_t seed = groups.size();
  for (const Sums& sums : groups) {
    seed = MixSeed(seed, static_cast<uint64_t>(sums.numerator));
    seed = MixSeed(seed, static_cast<uint64_t>(sums.denominator));
  }
  Random random(seed);
  std::vector<double> ratios;
  ratios.reserve(kDraws);
  for (size_t draw = 0; draw < kDraws; ++draw) {
    Int128 numerator = 0, denominator = 0;  // a draw may have one group many times
    for (size_t i = 0; i < groups.size(); ++i) {
      const Sums& sums = groups[random.Below(groups.size())];
      numerator += sums.numerator;
      denominator += sums.denominator;
    }
    if (denominator != 0)
      ratios.push_back(static_cast<double>(numerator) / static_cast<double>(denominator));
  }
  std::sort(ratios.begin(), ratios.end());
  const double tail = (1 - confidence) / 2, last = static_cast<double>(ratios.size()) - 1;
  return Bounds{ratios[static_cast<size_t>(std::lround(tail * last))],
                ratios[static_cast<size_t>(std::lround((1 - tail) * last))]};
}

std::optional<double> BucketedRatio::StandardError() const {
  const std::vector<Sums> groups = Occupied(buckets_);
  if (groups.size() < kFewestGroups || denominator() == 0) return std::nullopt;
  const int64_t top = numerator(), bottom = denominator();
  const auto n = static_cast<double>(groups.size());
  std::vector<double> without;
  double mean = 0;
  for (const Sums& sums : groups) {
    if (bottom == sums.denominator) return std::nullopt;  // one group is everything
    without.push_back(static_cast<double>(Int128{top} - sums.numerator) /
                      static_cast<double>(Int128{bottom} - sums.denominator));
    mean += without.back() / n;
  }
  double squares = 0;
  for (const double ratio : without) squares += (ratio - mean) * (ratio - mean);
  return std::sqrt(squares * (n - 1) / n);
}

void BucketedRatio::Save(std::string& out) const {
  for (const Sums& sums : buckets_) {
    AppendSigned(out, sums.numerator);
    AppendSigned(out, sums.denominator);
  }
}

bool BucketedRatio::Load(StateReader& in) {
  for (Sums& sums : buckets_) {
    sums.numerator = in.Signed();
    sums.denominator = in.Signed();
  }
  if (!in.ok()) *this = BucketedRatio();
  return in.ok();
}

}  // namespace plumbago::statistics
