#include "analysis/overlap_counts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace plumbago::analysis {
namespace {

OverlapCounts Count(std::vector<TimeSpan> spans, int64_t tick) {
  OverlapCounter counter;
  return counter.Count(spans, tick);
}

TEST(OverlapCounts, TouchingPairsAreUndecided) {
  const OverlapCounts touch = Count({{0, 10}, {10, 20}}, 1);
  EXPECT_EQ(touch.pairs, 1u);
  EXPECT_EQ(touch.surely, 0u);
  EXPECT_EQ(touch.written, 0u);
  EXPECT_EQ(touch.possibly, 1u);
  EXPECT_EQ(Count({{0, 10}, {11, 20}}, 1).possibly, 1u);
  EXPECT_EQ(Count({{0, 10}, {12, 20}}, 1).possibly, 0u);
  EXPECT_EQ(Count({{0, 10}, {9, 20}}, 1).written, 1u);
  EXPECT_EQ(Count({{0, 10}, {9, 20}}, 1).surely, 0u);
  EXPECT_EQ(Count({{0, 10}, {8, 20}}, 1).surely, 1u);
}

TEST(OverlapCounts, AMomentWithinALongCallOverlapsIt) {
  EXPECT_EQ(Count({{0, 50}, {20, 20}}, 1).surely, 1u);
  EXPECT_EQ(Count({{0, 50}, {0, 0}}, 1).surely, 0u);
  EXPECT_EQ(Count({{0, 50}, {0, 0}}, 1).possibly, 1u);
  EXPECT_EQ(Count({{7, 7}, {7, 7}}, 0).written, 0u);
}

TEST(OverlapCounts, BusyAndCovered) {
  const OverlapCounts counts = Count({{0, 10}, {5, 15}, {2, 3}, {30, 31}}, 1);
  EXPECT_EQ(counts.busy, 22u);
  EXPECT_EQ(counts.covered, 16u);
  EXPECT_EQ(Count({}, 1).pairs, 0u);
}

// Both ways of counting, beside the definition.
TEST(OverlapCounts, IsWhatTheDefinitionSays) {
  std::mt19937 engine(5);
  const auto below = [&engine](int64_t bound) {
    return static_cast<int64_t>(engine() % static_cast<uint32_t>(bound));
  };
  OverlapCounter counter;
  for (int round = 0; round < 2000; ++round) {
    std::vector<TimeSpan> spans(
        static_cast<size_t>(below(2) == 0 ? below(OverlapCounter::kAllPairs + 1) : below(90)));
    const int64_t room = 1 + below(60);
    const int64_t longest = 1 + below(8);
    for (TimeSpan& span : spans) {
      span.start = below(room);
      span.end = span.start + below(longest);
    }
    const int64_t tick = below(4);
    OverlapCounts expected;
    std::vector<bool> marks(200);
    for (size_t a = 0; a < spans.size(); ++a) {
      expected.busy += static_cast<uint64_t>(spans[a].end - spans[a].start);
      for (int64_t t = spans[a].start; t < spans[a].end; ++t) marks[static_cast<size_t>(t)] = true;
      for (size_t b = a + 1; b < spans.size(); ++b) {
        const int64_t g = std::min(spans[a].end - spans[b].start, spans[b].end - spans[a].start);
        ++expected.pairs;
        expected.surely += g > tick;
        expected.written += g > 0;
        expected.possibly += g >= -tick;
      }
    }
    expected.covered = static_cast<uint64_t>(std::count(marks.begin(), marks.end(), true));
    const OverlapCounts counts = counter.Count(spans, tick);
    EXPECT_EQ(counts.pairs, expected.pairs);
    EXPECT_EQ(counts.surely, expected.surely);
    EXPECT_EQ(counts.written, expected.written);
    EXPECT_EQ(counts.possibly, expected.possibly);
    EXPECT_EQ(counts.busy, expected.busy);
    EXPECT_EQ(counts.covered, expected.covered);
    if (HasFailure()) FAIL() << "round " << round;
  }
}

// All pairs of 200,000 would be 20 billion steps.
TEST(OverlapCounts, BearsManyAtTheSameMoment) {
  const std::vector<TimeSpan> spans(200'000, TimeSpan{5, 6});
  EXPECT_EQ(Count(spans, 0).surely, 200'000ull * 199'999 / 2);
  EXPECT_EQ(Count(spans, 1).surely, 0u);
}

}  // namespace
}  // namespace plumbago::analysis
