#include "statistics/sums.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace plumbago::statistics {
namespace {

constexpr uint64_t kMost = UINT64_MAX;

TEST(Sums, StopAtTheLargest) {
  uint64_t sum = kMost - 5;
  AddSaturating(sum, 5);
  EXPECT_EQ(sum, kMost);
  AddSaturating(sum, 1);
  EXPECT_EQ(sum, kMost);
  sum = 3;
  AddSaturating(sum, 4);
  EXPECT_EQ(sum, 7u);
  EXPECT_EQ(ProductSaturating(3, 4), 12u);
  EXPECT_EQ(ProductSaturating(kMost, 0), 0u);
  EXPECT_EQ(ProductSaturating(uint64_t{1} << 32, (uint64_t{1} << 32) - 1), kMost - 0xFFFFFFFF);
  EXPECT_EQ(ProductSaturating(uint64_t{1} << 32, uint64_t{1} << 32), kMost);
}

TEST(Sums, SignedOnesComeBack) {
  int64_t sum = INT64_MAX;
  AddWrapping(sum, 7);
  EXPECT_LT(sum, 0);
  AddWrapping(sum, -7);
  EXPECT_EQ(sum, INT64_MAX);
  AddWrapping(sum, INT64_MIN);
  EXPECT_EQ(sum, -1);
}

}  // namespace
}  // namespace plumbago::statistics
