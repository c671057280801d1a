#include "statistics/rank_correlation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "statistics/normal.h"
#include "statistics/random.h"

namespace plumbago::statistics {
namespace {

using Pairs = std::vector<std::pair<double, double>>;

TEST(RankCorrelation, ByHand) {
  EXPECT_NEAR(*RankCorrelation(Pairs{{1, 1}, {2, 8}, {3, 27}, {9, 1e9}}), 1, 1e-12);
  EXPECT_NEAR(*RankCorrelation(Pairs{{1, 3}, {2, 2}, {3, 1}}), -1, 1e-12);
  // The textbook's formula without ties: 1 - 6 * sum of squared differences / (n (n^2 - 1)).
  // Ranks 1 2 3 4 5 against 2 1 4 3 5: squares 1 1 1 1 0.
  EXPECT_NEAR(*RankCorrelation(Pairs{{1, 20}, {2, 10}, {3, 40}, {4, 30}, {5, 50}}),
              1 - 6.0 * 4 / (5 * 24), 1e-12);
  // With ties: ranks 1.5 1.5 3 against 1 2 3: Pearson of them, by hand sqrt(3) / 2.
  EXPECT_NEAR(*RankCorrelation(Pairs{{7, 1}, {7, 2}, {8, 3}}), std::sqrt(3.0) / 2, 1e-12);
  EXPECT_FALSE(RankCorrelation(Pairs{{1, 1}, {2, 2}}));
  EXPECT_FALSE(RankCorrelation(Pairs{{1, 1}, {1, 2}, {1, 3}}));
}

TEST(RankGrid, IsCloseToTheExactOne) {
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    Random random(seed);
    RankGrid grid(100), exact;
    Pairs pairs;
    const double dependence = static_cast<double>(seed % 4) / 2 - 0.5;
    for (int i = 0; i < 4000; ++i) {
      const double x = 0.05 + 0.9 * random.Unit();
      const double y = 1e7 * std::exp(dependence * x * 3 + NormalQuantile(random.Unit()));
      grid.Add(x, y);
      exact.Add(x, y);
      pairs.emplace_back(x, y);
    }
    EXPECT_NEAR(*grid.Correlation(), *RankCorrelation(pairs), 0.01) << seed;
    EXPECT_NE(*grid.Correlation(), *exact.Correlation());
    EXPECT_EQ(*exact.Correlation(), *RankCorrelation(pairs)) << seed;
  }
  EXPECT_FALSE(RankGrid().Correlation());
  RankGrid same(2);
  for (int i = 0; i < 9; ++i) same.Add(0.5, 1e6 * i);
  EXPECT_FALSE(same.Correlation());
  RankGrid odd(2);  // beyond the ends
  for (const double x : {-1.0, 0.0, 0.5, 1e9}) odd.Add(x, x * 1e9);
  EXPECT_GT(*odd.Correlation(), 0.9);
}

TEST(Median, OfFew) {
  EXPECT_FALSE(Median({}));
  EXPECT_EQ(Median({3}), 3);
  EXPECT_EQ(Median({5, 1}), 3);
  EXPECT_EQ(Median({5, 1, 2}), 2);
}

}  // namespace
}  // namespace plumbago::statistics
