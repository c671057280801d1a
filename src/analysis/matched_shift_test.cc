#include "analysis/matched_shift.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "statistics/random.h"

namespace plumbago::analysis {
namespace {

using statistics::Random;

constexpr int64_t kMs = 1'000'000;

struct Planted {
  double shift_ms = 0;
  int strata = 12;
  uint64_t calls = 80;  // of a stratum
};

// Slow interfaces lie far more often than fast ones: unmatched, far looks slower than it is. Times
// are skewed and written in whole milliseconds.
std::vector<MatchedCall> Calls(const Planted& planted, uint64_t seed) {
  Random random(seed);
  std::vector<MatchedCall> calls;
  for (int s = 0; s < planted.strata; ++s) {
    for (uint64_t i = 0; i < planted.calls; ++i) {
      MatchedCall call;
      call.stratum = static_cast<uint32_t>(s);
      call.far = random.Unit() < 0.1 + 0.8 * s / planted.strata;
      call.trace = random.Next();
      call.hash = random.Next();
      const double ms = 5 + 3 * s - 6 * std::log(random.Unit()) + (call.far ? planted.shift_ms : 0);
      call.latency_ns = static_cast<int64_t>(std::llround(ms)) * kMs;
      calls.push_back(call);
    }
  }
  return calls;
}

TEST(MatchedShift, UnmatchedIsConfoundedAndMatchedIsNot) {
  const MatchedShift shift(Calls({}, 1), kMs, true);
  EXPECT_EQ(shift.strata, 12u);
  EXPECT_GT(*shift.naive_ns, 10 * kMs);  // where there is no difference at all
  EXPECT_LT(std::abs(*shift.shift_ns), 1.5 * kMs);
  EXPECT_GT(shift.test->p, 0.01);
}

// The interval holds a planted shift in about 95 of 100 samples, and the test finds it.
TEST(MatchedShift, IntervalHoldsThePlantedShift) {
  for (const double planted : {0.0, 2.5}) {
    int held = 0, found = 0;
    constexpr int kSamples = 100;
    for (uint64_t seed = 0; seed < kSamples; ++seed) {
      const MatchedShift shift(Calls({.shift_ms = planted}, 100 + seed), kMs, true);
      ASSERT_TRUE(shift.interval);
      held += shift.interval->low <= planted * kMs && planted * kMs <= shift.interval->high;
      found += shift.test->p < 0.05;
    }
    EXPECT_GE(held, 88) << planted;
    EXPECT_LE(planted > 0 ? 0 : found, 12);
    EXPECT_GE(planted > 0 ? found : kSamples, 95);
  }
}

TEST(MatchedShift, StrataWeighAsDifferencesOfMeans) {
  std::vector<MatchedCall> calls{{0, false, 1, 1, 10 * kMs}, {0, true, 2, 2, 20 * kMs}};  // 1/2
  for (uint64_t t = 3; t < 9; ++t) calls.push_back({1, t < 6, t, t, 10 * kMs});           // 9/6
  EXPECT_EQ(*MatchedShift(calls, kMs, false).shift_ns, 2.5 * kMs);
}

TEST(MatchedShift, StrataSeenOneWayDoNotCount) {
  std::vector<MatchedCall> calls;
  for (uint64_t t = 0; t < 100; ++t) calls.push_back({0, false, t << 40, t, 5 * kMs});
  for (uint64_t t = 0; t < 100; ++t) calls.push_back({1, true, t << 40, t, 50 * kMs});
  const MatchedShift shift(calls, kMs, true);
  EXPECT_EQ(shift.strata_all, 2u);
  EXPECT_EQ(shift.strata, 0u);
  EXPECT_FALSE(shift.shift_ns);
  EXPECT_FALSE(shift.test);
  EXPECT_EQ(*shift.naive_ns, 45.0 * kMs);
}

TEST(MatchedShift, OneCallOfATraceCounts) {
  std::vector<MatchedCall> calls;
  for (uint64_t t = 0; t < 40; ++t) {
    for (uint64_t i = 0; i < 50; ++i) {
      calls.push_back({0, t % 2 == 1, t << 58 | t, 1000 * t + i, static_cast<int64_t>(t) * kMs});
    }
  }
  const MatchedShift shift(calls, kMs, true);
  EXPECT_EQ(shift.near, 20u);
  EXPECT_EQ(shift.far, 20u);
  EXPECT_EQ(shift.near_all, 1000u);
  EXPECT_GT(shift.test->p, 0.5);  // 2,000 calls would have made it sure
}

TEST(MatchedShift, DoesNotDependOnTheOrder) {
  std::vector<MatchedCall> calls = Calls({.shift_ms = 1}, 3);
  const MatchedShift one(calls, kMs, true);
  std::reverse(calls.begin(), calls.end());
  const MatchedShift other(calls, kMs, true);
  EXPECT_EQ(*one.shift_ns, *other.shift_ns);
  EXPECT_EQ(one.interval->low, other.interval->low);
  EXPECT_EQ(one.test->z, other.test->z);
}

// The median of grouped data, by hand: of 1, 2, 2, 2, 3 the class of 2 begins at 1.5 and the third
// value of five (2.5 of them) lies half way into its three: 1.5 + (2.5 - 1) / 3.
TEST(MatchedShift, MediansAreThoseOfGroupedData) {
  std::vector<MatchedCall> calls;
  uint64_t t = 0;
  for (const int64_t ms : {1, 2, 2, 2, 3}) calls.push_back({0, false, ++t << 50, t, ms * kMs});
  for (const int64_t ms : {2, 3, 3}) calls.push_back({0, true, ++t << 50, t, ms * kMs});
  const MatchedShift shift(calls, kMs, false);
  EXPECT_DOUBLE_EQ(*shift.near_ns, 2.0 * kMs);
  EXPECT_DOUBLE_EQ(*shift.shift_ns, (2.5 + 0.5 / 2 - 2) * kMs);
}

}  // namespace
}  // namespace plumbago::analysis
