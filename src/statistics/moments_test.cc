#include "statistics/moments.h"

#include <gtest/gtest.h>

namespace plumbago::statistics {
namespace {

TEST(Moments, Textbook) {
  Moments moments;
  EXPECT_FALSE(moments.Mean());
  for (const int64_t v : {2, 4, 4, 4, 5, 5, 7, 9}) moments.Add(v);
  EXPECT_DOUBLE_EQ(*moments.Mean(), 5);
  EXPECT_DOUBLE_EQ(*moments.StandardDeviation(), std::sqrt(32.0 / 7));
  Moments one;
  one.Add(-3);
  EXPECT_DOUBLE_EQ(*one.Mean(), -3);
  EXPECT_FALSE(one.StandardDeviation());
}

// NIST StRD NumAcc4: 10000000.2 and, 500 times, 10000000.1 and 10000000.3 (certified sd 0.1), here
// as whole tenths and moved further out, where sums of squares in doubles give nonsense.
TEST(Moments, NothingIsLostFarFromZero) {
  Moments moments;
  constexpr int64_t kFar = 1'700'000'000'000'000'000;  // a time in nanoseconds
  moments.Add(kFar + 2);
  moments.Add(kFar + 1, 500);
  moments.Add(kFar + 3, 500);
  EXPECT_DOUBLE_EQ(*moments.StandardDeviation(), 1);
  moments.Add(kFar + 1002);  // the mean is no whole number now: squares 1000 + 1000^2 * 1001/1002
  EXPECT_NEAR(*moments.StandardDeviation(), std::sqrt((1000 + 1e6 * 1001 / 1002) / 1001), 1e-9);
  Moments negative;
  negative.Add(-kFar - 2);
  negative.Add(-kFar - 1, 500);
  negative.Add(-kFar - 3, 500);
  EXPECT_DOUBLE_EQ(*negative.StandardDeviation(), 1);
}

}  // namespace
}  // namespace plumbago::statistics
