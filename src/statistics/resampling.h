// Intervals that respect dependence. Rows of one trace, and calls of one host, are not independent
// (T1, T8): what is resampled are clusters, never rows.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "statistics/state_bytes.h"
#include "statistics/sums.h"

namespace plumbago::statistics {

struct Bounds {
  double low = 0;
  double high = 0;
};

// Wilson's score interval of a proportion of independent trials: JASA 22, 1927. Nothing for no
// trials.
std::optional<Bounds> WilsonInterval(uint64_t hits, uint64_t trials, double confidence = 0.95);

// Ranks (from 0) of order statistics between which the q-quantile of n independent values lies with
// at least about `confidence`: the normal approximation of the binomial. Nothing if n is too small
// for the bounds to exist.
struct Ranks {
  uint64_t low = 0;
  uint64_t high = 0;
};
std::optional<Ranks> QuantileRanks(uint64_t n, double q, double confidence = 0.95);

// A ratio of two sums (a mean, a share) over clusters: "overlapping pairs / pairs over traces".
// Clusters are put by the hash of their content into 64 buckets, so a state of any size is 1 kB,
// merges by adding, and still tells how far the ratio varies: the buckets are independent random
// groups of clusters (random group method; Wolter, "Introduction to Variance Estimation", chapter
// 2). One huge cluster widens the interval, as it should.
//
// Sums are modulo 2^64 (sums.h): right while the whole lies within 63 bits.
class BucketedRatio {
 public:
  static constexpr uint32_t kBuckets = 64;

  // `cluster_hash`: TraceId::Hash() or the like, well mixed; the top 6 bits are used.
  void Add(uint64_t cluster_hash, int64_t numerator, int64_t denominator) {
    Sums& sums = buckets_[cluster_hash >> 58];
    AddWrapping(sums.numerator, numerator);
    AddWrapping(sums.denominator, denominator);
  }
  void Merge(const BucketedRatio& other);

  int64_t numerator() const;
  int64_t denominator() const;
  // Nothing while the denominator is 0.
  std::optional<double> Ratio() const;
  // Percentile bootstrap over the buckets that hold something (1999 draws, seeded from the sums).
  // Nothing with fewer than 8 such buckets: too few independent groups for an interval.
  std::optional<Bounds> Interval(double confidence = 0.95) const;
  // Standard error of the ratio by the delete-one jackknife; the same condition.
  std::optional<double> StandardError() const;

  // state_bytes.h: numerator and denominator (signed) of each bucket.
  void Save(std::string& out) const;
  [[nodiscard]] bool Load(StateReader& in);

  struct Sums {
    int64_t numerator = 0;
    int64_t denominator = 0;
    friend bool operator==(const Sums&, const Sums&) = default;
  };
  friend bool operator==(const BucketedRatio&, const BucketedRatio&) = default;

 private:
  std::array<Sums, kBuckets> buckets_{};
};

}  // namespace plumbago::statistics
