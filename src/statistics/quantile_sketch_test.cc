#include "statistics/quantile_sketch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace plumbago::statistics {
namespace {

// The smallest value that a share q of all do not exceed, found by trying.
double Exact(std::vector<int64_t> values, double q) {
  std::sort(values.begin(), values.end());
  size_t rank = 0;
  while (static_cast<double>(rank + 1) < q * static_cast<double>(values.size()) - 1e-9) ++rank;
  return static_cast<double>(values[rank]);
}

TEST(QuantileSketch, SaysNothingOfNothing) {
  const QuantileSketch sketch;
  EXPECT_FALSE(sketch.Quantile(0.5));
  EXPECT_FALSE(sketch.Mean());
  EXPECT_EQ(sketch.CountAtMost(1), 0u);
  EXPECT_TRUE(sketch.Buckets().empty());
}

TEST(QuantileSketch, BucketsTileTheIntegers) {
  // Each value lies in its bucket, buckets follow one another, and none is wider than the ratio
  // allows.
  int64_t next = 1;
  for (uint32_t bucket = 0; bucket < QuantileSketch::kBuckets; ++bucket) {
    const int64_t lower = QuantileSketch::BucketLower(bucket);
    const int64_t upper = QuantileSketch::BucketUpper(bucket);
    if (lower > upper) {
      EXPECT_LT(lower, 50);
      continue;
    }
    ASSERT_EQ(lower, next) << bucket;
    ASSERT_EQ(QuantileSketch::BucketOf(lower), bucket);
    ASSERT_EQ(QuantileSketch::BucketOf(upper), bucket);
    const double half = static_cast<double>(upper - lower) /
                        (static_cast<double>(upper) + static_cast<double>(lower));
    ASSERT_LE(half, 0.00991) << lower << " " << upper;
    if (upper < INT64_MAX) next = upper + 1;
  }
  EXPECT_EQ(QuantileSketch::BucketUpper(QuantileSketch::kBuckets - 1), INT64_MAX);
}

TEST(QuantileSketch, SmallIntegersAreExact) {
  QuantileSketch sketch;
  std::vector<int64_t> values;
  for (int64_t v = 0; v <= 50; ++v) {
    for (int64_t i = 0; i <= v % 7; ++i) {
      sketch.Add(v);
      values.push_back(v);
    }
  }
  for (double q = 0; q <= 1; q += 0.01) EXPECT_EQ(*sketch.Quantile(q), Exact(values, q)) << q;
}

TEST(QuantileSketch, ThreeValuesAreKeptAsTheyAre) {
  QuantileSketch sketch;
  sketch.Add(1'000'003);
  EXPECT_EQ(*sketch.Quantile(0.5), 1'000'003);
  sketch.Add(7);
  sketch.Add(123'456'789'123);
  EXPECT_EQ(*sketch.Quantile(0), 7);
  EXPECT_EQ(*sketch.Quantile(0.5), 1'000'003);
  EXPECT_EQ(*sketch.Quantile(1), 123'456'789'123);
  EXPECT_EQ(sketch.CountAtMost(999'999), 1u);
  EXPECT_EQ(sketch.CountAtMost(1'000'003), 2u);
  EXPECT_EQ(sketch.allocated(), 0u);
  ASSERT_EQ(sketch.Buckets().size(), 3u);
  EXPECT_EQ(sketch.Buckets()[1].lower, 1'000'003);
  EXPECT_LE(sizeof(QuantileSketch), 48u);
}

TEST(QuantileSketch, FewBucketsStaySmall) {
  QuantileSketch sketch;
  for (int i = 0; i < 1000; ++i) sketch.Add((1 + i % 8) * 1'000'000);
  EXPECT_LE(sketch.allocated(), 64u);
  for (int i = 0; i < 200'000; ++i) sketch.Add((1 + i % 1000) * 1'000'000);
  EXPECT_LE(sketch.allocated(), 2500u);
}

TEST(QuantileSketch, ManyAtOnceEqualsOneByOne) {
  QuantileSketch one, many;
  for (int64_t value : {0, 3, 900, 900, 77'777}) {
    many.Add(value, 70'000);
    for (int i = 0; i < 70'000; ++i) one.Add(value);
  }
  EXPECT_EQ(one, many);
  EXPECT_EQ(one.count(), 350'000u);
  one.Add(5, 0);
  EXPECT_EQ(one, many);
}

TEST(QuantileSketch, CountsBeyond32BitsAndSumsBeyond64) {
  QuantileSketch sketch;
  for (int64_t value = 1; value < 400; ++value) sketch.Add(value * 1000);
  sketch.Add(INT64_MAX, uint64_t{6} << 32);
  sketch.Add(1'000'000, uint64_t{5} << 32);
  sketch.Add(1'000'000, uint64_t{5} << 32);
  EXPECT_EQ(sketch.count(), 399 + (uint64_t{16} << 32));
  EXPECT_NEAR(*sketch.Quantile(0.5), 1e6, 1e4);
  EXPECT_NEAR(*sketch.Quantile(0.99), 9.2233720368547758e18, 9.2e16);
  EXPECT_NEAR(*sketch.Mean(), 6.0 / 16 * 9.2233720368547758e18, 1e13);
  QuantileSketch twice = sketch;
  twice.Merge(sketch);
  EXPECT_EQ(twice.count(), 2 * sketch.count());
  EXPECT_DOUBLE_EQ(*twice.Mean(), *sketch.Mean());
}

// One that is assigned to and cleared again and again, whatever forms it has had, is as a new one.
TEST(QuantileSketch, MemoryUsedAgainHoldsNothingOfBefore) {
  std::vector<QuantileSketch> some(8);
  for (int64_t i = 0; i < 3; ++i) some[1].Add(i * 1000);
  for (int64_t i = 0; i < 20; ++i) some[2].Add(i * i);
  for (int64_t i = 0; i < 3000; ++i) some[3].Add(i * 17);
  some[4].Add(12, uint64_t{1} << 40);
  some[5].Add(0, 9);
  for (int64_t i = 1; i < 1'000'000'000'000; i *= 3) some[6].Add(i);
  some[7].Add(5);
  QuantileSketch used;
  for (size_t from = 0; from < some.size(); ++from) {
    for (size_t to = 0; to < some.size(); ++to) {
      used = some[from];
      ASSERT_EQ(used, some[from]);
      used = some[to];
      ASSERT_EQ(used, some[to]);
      QuantileSketch sum = some[from];
      sum.Merge(some[to]);
      for (int i = 0; i < 2; ++i) {
        used.Clear();
        ASSERT_EQ(used, QuantileSketch());
        ASSERT_TRUE(used.Buckets().empty());
        used.Merge(some[from]);
        used.Merge(some[to]);
        ASSERT_EQ(used, sum) << from << " " << to;
        used.Clear();
        used.Add(77, 5);
        QuantileSketch fresh;
        fresh.Add(77, 5);
        ASSERT_EQ(used, fresh);
      }
    }
  }
}

TEST(QuantileSketch, MergesWithItself) {
  for (const int n : {1, 3, 4, 1000}) {
    QuantileSketch sketch, twice;
    for (int i = 0; i < n; ++i) {
      sketch.Add(i * 37);
      twice.Add(i * 37, 2);
    }
    sketch.Merge(sketch);
    EXPECT_EQ(sketch, twice) << n;
  }
}

TEST(QuantileSketch, RefusesDamagedBytes) {
  QuantileSketch sketch;
  for (int i = 0; i < 100; ++i) sketch.Add(i * i * 1000);
  std::string bytes;
  sketch.Save(bytes);
  QuantileSketch loaded;
  for (size_t cut = 0; cut < bytes.size(); ++cut) {
    StateReader in(std::string_view(bytes).substr(0, cut));
    EXPECT_FALSE(loaded.Load(in)) << cut;
    EXPECT_EQ(loaded.count(), 0u);
  }
  std::string changed = bytes;
  ++changed[0];  // one value more than the buckets hold
  StateReader in(changed);
  EXPECT_FALSE(loaded.Load(in));
}

}  // namespace
}  // namespace plumbago::statistics
