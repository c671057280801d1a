#include "statistics/cluster_jackknife.h"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <vector>

#include "statistics/normal.h"
#include "statistics/random.h"

namespace plumbago::statistics {
namespace {

using Numbers = std::vector<double>;

// A mean of clusters that weigh differently.
std::optional<Bounds> OfMean(const Numbers& values, const Numbers& weights) {
  double weight = 0, sum = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    weight += weights[i];
    sum += weights[i] * values[i];
  }
  return ClusterInterval(weights, sum / weight, [&](size_t i) -> std::optional<double> {
    if (weights[i] == weight) return std::nullopt;
    return (sum - weights[i] * values[i]) / (weight - weights[i]);
  });
}

// Of a plain mean it is the textbook's: standard deviation / sqrt(n), t with n - 1.
TEST(ClusterInterval, OfAMean) {
  Numbers values;
  for (int i = 0; i < 25; ++i) values.push_back(i);
  const auto interval = OfMean(values, Numbers(25, 3));
  ASSERT_TRUE(interval);
  const double half = 2.063898562 * std::sqrt(54.1666666667) / 5;
  EXPECT_NEAR(interval->high, 12 + half, 1e-8);
  EXPECT_NEAR(interval->low, 12 - half, 1e-8);
}

TEST(ClusterInterval, ClustersThatHoldNothingAreNone) {
  Numbers values = {1, 5, 2, 8, 3, 9, 4, 7}, weights(8, 1);
  const auto interval = OfMean(values, weights);
  ASSERT_TRUE(interval);
  for (int i = 0; i < 5; ++i) values.push_back(100), weights.push_back(0);
  EXPECT_EQ(OfMean(values, weights)->low, interval->low);
  weights[3] = 0;  // seven are left
  EXPECT_FALSE(OfMean(values, weights));
  EXPECT_FALSE(OfMean(Numbers(9, 1), {1, 0, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_FALSE(OfMean({}, {}));
}

// By definition: residuals of independent observations about the common mean, as a quadratic form
// in the clusters' sums z with covariance C; degrees tr(AC)^2 / tr(ACAC), A = diag(1 / (1 - p)^2).
TEST(ClusterFreedom, TwinByMatrices) {
  Random random(3);
  for (int round = 0; round < 20; ++round) {
    Numbers weights;
    double all = 0;
    for (int i = 0; i < 12; ++i) {
      weights.push_back(std::exp(2 * random.Unit() * round / 10));
      all += weights.back();
    }
    std::vector<Numbers> form(12, Numbers(12));
    for (size_t i = 0; i < 12; ++i) {
      for (size_t j = 0; j < 12; ++j) {
        const double p = weights[i] / all, q = weights[j] / all;
        form[i][j] = ((i == j ? p : 0) - p * q) / ((1 - p) * (1 - p));
      }
    }
    double trace = 0, square = 0;
    for (size_t i = 0; i < 12; ++i) {
      trace += form[i][i];
      for (size_t j = 0; j < 12; ++j) square += form[i][j] * form[j][i];
    }
    EXPECT_NEAR(ClusterFreedom(weights), trace * trace / square, 1e-9);
    if (round == 0) {
      EXPECT_NEAR(ClusterFreedom(weights), 11, 1e-9);  // alike
    } else {
      EXPECT_LT(ClusterFreedom(weights), 11);
    }
  }
}

// A few of 20 clusters hold most of the observations: the interval must know.
TEST(ClusterInterval, HoldsTheMeanOfUnequalClusters) {
  constexpr int kRounds = 2000;
  int held = 0;
  Random random(11);
  for (int round = 0; round < kRounds; ++round) {
    Numbers values, weights;
    for (int i = 0; i < 20; ++i) {
      weights.push_back(std::exp(1.2 * NormalQuantile(random.Unit())));
      values.push_back(NormalQuantile(random.Unit()) / std::sqrt(weights.back()));
    }
    const auto interval = OfMean(values, weights);
    ASSERT_TRUE(interval);
    held += interval->low <= 0 && 0 <= interval->high;
  }
  EXPECT_GE(held, kRounds * 94 / 100);
  EXPECT_LE(held, kRounds * 97 / 100);
}

}  // namespace
}  // namespace plumbago::statistics
