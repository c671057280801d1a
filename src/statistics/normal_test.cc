#include "statistics/normal.h"

#include <gtest/gtest.h>

#include <cmath>

namespace plumbago::statistics {
namespace {

// scipy 1.17.1: stats.norm.logsf and ppf.
TEST(Normal, EqualsScipy) {
  EXPECT_NEAR(LogNormalTail(-3), -0.0013508099647481925, 1e-16);
  EXPECT_NEAR(LogNormalTail(5), -15.064998393988727, 1e-12);
  EXPECT_NEAR(LogNormalTail(19.9), -201.91716770733265, 1e-9);
  EXPECT_NEAR(LogNormalTail(20.1), -205.92711840194826, 1e-7);
  EXPECT_NEAR(LogNormalTail(40), -804.6084420137539, 1e-7);
  EXPECT_NEAR(NormalQuantile(0.975), 1.959963984540054, 1e-14);
  EXPECT_NEAR(NormalQuantile(1e-12), -7.034483825301131, 1e-12);
  EXPECT_NEAR(NormalQuantile(0.5), 0, 1e-15);
}

TEST(Normal, BetweenAgreesWithDifferencesAndKeepsTheTails) {
  EXPECT_NEAR(LogNormalBetween(-1, 2), std::log(NormalCdf(2) - NormalCdf(-1)), 1e-14);
  EXPECT_NEAR(LogNormalBetween(1, 2), std::log(NormalCdf(2) - NormalCdf(1)), 1e-13);
  EXPECT_NEAR(LogNormalBetween(-HUGE_VAL, -1), std::log(NormalCdf(-1)), 1e-14);
  EXPECT_DOUBLE_EQ(LogNormalBetween(30, 31), LogNormalBetween(-31, -30));
  EXPECT_NEAR(LogNormalBetween(30, HUGE_VAL), LogNormalTail(30), 1e-12);
  EXPECT_NEAR(LogNormalBetween(-HUGE_VAL, HUGE_VAL), 0, 1e-16);
}

}  // namespace
}  // namespace plumbago::statistics
