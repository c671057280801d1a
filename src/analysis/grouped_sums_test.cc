#include "analysis/grouped_sums.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "analysis/fields.h"

namespace plumbago::analysis {
namespace {

TEST(GroupedSums, StopAtTheLargest) {
  constexpr uint64_t kHuge = 10'000'000'000'000'000'000u;
  GroupedSums<16> sums, traces;
  for (uint64_t group = 0; group < 16; ++group) {
    sums.Add(group << 60, kHuge);
    sums.Add(group << 60, kHuge);
    traces.Add(group << 60, 10);
  }
  EXPECT_EQ(sums.Total(), UINT64_MAX);
  sums.Merge(sums);
  EXPECT_EQ(sums.Total(), UINT64_MAX);
  EXPECT_FALSE(sums.empty());
  const auto interval = sums.Interval(traces);
  ASSERT_TRUE(interval);
  EXPECT_GE(interval->high, interval->low);
}

TEST(GroupedSums, FieldsMergeAlike) {
  uint64_t least = UINT64_MAX - 1;
  MergeFields(least, uint64_t{3});
  EXPECT_EQ(least, UINT64_MAX);
  int64_t back = INT64_MAX;
  MergeFields(back, int64_t{3});
  MergeFields(back, int64_t{-4});
  EXPECT_EQ(back, INT64_MAX - 1);
}

}  // namespace
}  // namespace plumbago::analysis
