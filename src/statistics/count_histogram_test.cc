#include "statistics/count_histogram.h"

#include <gtest/gtest.h>

#include <cmath>

namespace plumbago::statistics {
namespace {

TEST(CountHistogram, SaysNothingOfNothing) {
  const CountHistogram histogram;
  EXPECT_EQ(histogram.Count(), 0u);
  EXPECT_FALSE(histogram.Mean());
  EXPECT_FALSE(histogram.Quantile(0.5));
  EXPECT_FALSE(histogram.StandardDeviation());
  EXPECT_FALSE(histogram.ShareAbove(3));
}

TEST(CountHistogram, Answers) {
  CountHistogram histogram;
  for (uint64_t v : {2, 4, 4, 4, 5, 5, 7, 9}) histogram.Add(v);
  histogram.Add(1'000'000'007, 2);
  EXPECT_EQ(histogram.Count(), 10u);
  EXPECT_EQ(*histogram.Min(), 2u);
  EXPECT_EQ(*histogram.Max(), 1'000'000'007u);
  EXPECT_EQ(*histogram.Quantile(0.5), 5u);
  EXPECT_EQ(*histogram.Quantile(0.81), 1'000'000'007u);
  EXPECT_EQ(*histogram.Quantile(0.8), 9u);
  EXPECT_EQ(histogram.CountAbove(5), 4u);
  EXPECT_DOUBLE_EQ(*histogram.ShareAbove(4), 0.6);
  EXPECT_DOUBLE_EQ(*histogram.Mean(), (40.0 + 2'000'000'014.0) / 10);
  ASSERT_EQ(histogram.Bins().size(), 6u);
  EXPECT_EQ(histogram.Bins()[1].count, 3u);
}

TEST(CountHistogram, StandardDeviationOfTheSample) {
  CountHistogram histogram;  // the textbook set with squares about the mean of 32
  for (uint64_t v : {2, 4, 4, 4, 5, 5, 7, 9}) histogram.Add(v);
  EXPECT_DOUBLE_EQ(*histogram.StandardDeviation(), std::sqrt(32.0 / 7));
}

TEST(CountHistogram, RefusesDamagedBytes) {
  CountHistogram histogram;
  for (uint64_t v = 0; v < 50; ++v) histogram.Add(v * v * v, v + 1);
  std::string bytes;
  histogram.Save(bytes);
  for (size_t cut = 0; cut < bytes.size(); ++cut) {
    StateReader in(std::string_view(bytes).substr(0, cut));
    CountHistogram loaded;
    EXPECT_FALSE(loaded.Load(in));
    EXPECT_EQ(loaded.Count(), 0u);
  }
}

}  // namespace
}  // namespace plumbago::statistics
