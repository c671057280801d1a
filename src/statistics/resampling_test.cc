#include "statistics/resampling.h"

#include <gtest/gtest.h>

#include <cmath>

#include "statistics/chao1.h"
#include "statistics/random.h"

namespace plumbago::statistics {
namespace {

// scipy 1.17.1: stats.binomtest(k, n).proportion_ci(method='wilson').
TEST(Wilson, EqualsScipy) {
  EXPECT_NEAR(WilsonInterval(7, 40)->low, 0.08745413746035918, 1e-12);
  EXPECT_NEAR(WilsonInterval(7, 40)->high, 0.3194999033178771, 1e-12);
  EXPECT_EQ(WilsonInterval(0, 10)->low, 0);
  EXPECT_NEAR(WilsonInterval(0, 10)->high, 0.27753279986288926, 1e-12);
  EXPECT_NEAR(WilsonInterval(10, 10)->low, 0.7224672001371109, 1e-12);
  EXPECT_EQ(WilsonInterval(10, 10)->high, 1);
  EXPECT_FALSE(WilsonInterval(0, 0));
}

// Of 2000 uniform samples the interval of the median holds 0.5 in about 95 %.
TEST(QuantileRanks, HoldTheQuantile) {
  Random random(3);
  const Ranks ranks = *QuantileRanks(101, 0.5);
  int held = 0;
  for (int sample = 0; sample < 2000; ++sample) {
    uint64_t below = 0;  // so many order statistics lie below 0.5
    for (int i = 0; i < 101; ++i) below += random.Unit() < 0.5;
    held += ranks.low < below && below <= ranks.high;
  }
  EXPECT_GT(held, 1880);
  EXPECT_LT(held, 1990);
  EXPECT_FALSE(QuantileRanks(20, 0.99));
}

TEST(BucketedRatio, SaysNothingOfNothingAndNoIntervalOfFewGroups) {
  BucketedRatio ratio;
  EXPECT_FALSE(ratio.Ratio());
  EXPECT_FALSE(ratio.Interval());
  for (uint64_t bucket = 0; bucket < 7; ++bucket) ratio.Add(bucket << 58, 1, 2);
  EXPECT_DOUBLE_EQ(*ratio.Ratio(), 0.5);
  EXPECT_FALSE(ratio.Interval());
  EXPECT_FALSE(ratio.StandardError());
  ratio.Add(uint64_t{9} << 58, 2, 2);
  EXPECT_TRUE(ratio.Interval());
}

// Clusters of 1 to 20 trials that all go one way: the interval must hold the truth in about 95 % of
// samples, where the interval of independent trials fails. The jackknife is a second way to the
// same width.
TEST(BucketedRatio, IntervalHoldsTheTruthForClusters) {
  Random random(11);
  int held = 0, held_naive = 0;
  double widths = 0, errors = 0;
  constexpr int kSamples = 400;
  for (int sample = 0; sample < kSamples; ++sample) {
    BucketedRatio ratio;
    for (int cluster = 0; cluster < 500; ++cluster) {
      const auto size = static_cast<int64_t>(1 + random.Below(20));
      ratio.Add(random.Next(), random.Unit() < 0.3 ? size : 0, size);
    }
    const Bounds bounds = *ratio.Interval();
    held += bounds.low <= 0.3 && 0.3 <= bounds.high;
    widths += bounds.high - bounds.low;
    errors += *ratio.StandardError();
    const Bounds naive = *WilsonInterval(static_cast<uint64_t>(ratio.numerator()),
                                         static_cast<uint64_t>(ratio.denominator()));
    held_naive += naive.low <= 0.3 && 0.3 <= naive.high;
  }
  EXPECT_GE(held, kSamples * 91 / 100);
  EXPECT_LE(held, kSamples * 99 / 100);
  EXPECT_LT(held_naive, kSamples * 60 / 100);
  EXPECT_NEAR(widths / (2 * 1.96 * errors), 1, 0.1);
}

TEST(BucketedRatio, TheSameDataGiveTheSameInterval) {
  BucketedRatio forward, backward;
  for (uint64_t i = 0; i < 1000; ++i) forward.Add(Random(i).Next(), static_cast<int64_t>(i % 3), 3);
  for (uint64_t i = 1000; i-- > 0;) backward.Add(Random(i).Next(), static_cast<int64_t>(i % 3), 3);
  EXPECT_EQ(forward, backward);
  EXPECT_EQ(forward.Interval()->low, backward.Interval()->low);
  EXPECT_EQ(forward.Interval()->high, backward.Interval()->high);
}

TEST(Chao1, ClosedForm) {
  const Richness richness = Chao1(100, 20, 9);  // 100 + 20 * 19 / (2 * 10)
  EXPECT_DOUBLE_EQ(richness.estimate, 119);
  EXPECT_GT(richness.low, 100);
  EXPECT_LT(richness.low, 119);
  EXPECT_GT(richness.high, 119);
  EXPECT_EQ(Chao1(100, 0, 9).estimate, 100);
  EXPECT_EQ(Chao1(100, 0, 9).high, 100);
  EXPECT_EQ(Chao1(0, 0, 0).estimate, 0);
  EXPECT_DOUBLE_EQ(Chao1(10, 5, 0).estimate, 20);
}

// 1000 kinds equally likely, 1500 draws: about 777 are seen, and the interval holds 1000 nearly
// always.
TEST(Chao1, FindsTheUnseen) {
  Random random(5);
  int held = 0;
  for (int sample = 0; sample < 200; ++sample) {
    std::vector<int> seen(1000);
    for (int draw = 0; draw < 1500; ++draw) ++seen[random.Below(1000)];
    uint64_t kinds = 0, once = 0, twice = 0;
    for (const int times : seen) {
      kinds += times > 0;
      once += times == 1;
      twice += times == 2;
    }
    const Richness richness = Chao1(kinds, once, twice);
    held += richness.low <= 1000 && 1000 <= richness.high;
  }
  EXPECT_GE(held, 180);
}

// What hostile durations add up to: the parts pass 63 bits, the whole does not.
TEST(BucketedRatio, PartsMayPassWhatTheWholeDoesNot) {
  constexpr int64_t kHuge = 4'000'000'000'000'000'000;
  BucketedRatio there, back;
  for (uint64_t bucket = 0; bucket < 10; ++bucket) {
    for (int i = 0; i < 3; ++i) there.Add(bucket << 58, kHuge, 1);
    for (int i = 0; i < 3; ++i) back.Add(bucket << 58, -kHuge, 1);
    back.Add(bucket << 58, 3, 0);
  }
  BucketedRatio sum = there;
  sum.Merge(back);
  EXPECT_EQ(sum.numerator(), 30);
  EXPECT_DOUBLE_EQ(*sum.Ratio(), 0.5);
  EXPECT_DOUBLE_EQ(sum.Interval()->high, 0.5);
  EXPECT_NEAR(*sum.StandardError(), 0, 1e-12);
  // Draws of a group near the end of what it holds.
  BucketedRatio large;
  for (uint64_t bucket = 0; bucket < 10; ++bucket) {
    large.Add(bucket << 58, bucket < 5 ? kHuge : -kHuge, 1);
  }
  EXPECT_GT(large.Interval()->high, 0);
  EXPECT_LT(large.Interval()->low, 0);
  EXPECT_LE(large.Interval()->high, static_cast<double>(kHuge));
  EXPECT_GT(*large.StandardError(), 0);
}

}  // namespace
}  // namespace plumbago::statistics
