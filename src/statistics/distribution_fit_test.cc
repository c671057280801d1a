#include "statistics/distribution_fit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

#include "statistics/random.h"

namespace plumbago::statistics {
namespace {

// A made-up sample. The figures expected of it were computed once with scipy 1.17.1 (Python 3.11):
// stats.lognorm and stats.burr12, intervals [v - 0.5, v + 0.5), maximum by
// optimize.minimize(Nelder-Mead, fatol 1e-10), every value apart.
const std::map<uint64_t, uint64_t> kSample = {
    {1, 120}, {2, 210}, {3, 190}, {4, 150}, {5, 110}, {6, 80}, {7, 61}, {8, 44}, {9, 33}, {10, 27},
    {12, 41}, {15, 30}, {18, 19}, {22, 15}, {27, 9},  {33, 7}, {40, 4}, {41, 5}, {52, 3}, {64, 2}};

CountHistogram Histogram(const std::map<uint64_t, uint64_t>& counts) {
  CountHistogram histogram;
  for (const auto& [value, count] : counts) histogram.Add(value, count);
  return histogram;
}

CountHistogram Draws(const Distribution& distribution, int n, uint64_t seed) {
  Random random(seed);
  CountHistogram histogram;
  for (int i = 0; i < n; ++i) {
    histogram.Add(static_cast<uint64_t>(std::lround(distribution.Quantile(random.Unit()))));
  }
  return histogram;
}

TEST(DistributionFit, LikelihoodAtGivenParametersEqualsScipy) {
  const std::vector<Group> groups = GroupIntegers(Histogram(kSample));
  ASSERT_EQ(groups.size(), kSample.size());
  EXPECT_NEAR(LogLikelihood({Family::kLogNormal, 1.5, 0.8}, groups), -3059.4185681384483, 1e-7);
  EXPECT_NEAR(LogLikelihood({Family::kBurr, std::log(5), 2, 1.5}, groups), -3074.0074910387184,
              1e-7);
}

TEST(DistributionFit, MaximumEqualsScipy) {
  const std::vector<Group> groups = GroupIntegers(Histogram(kSample));
  const Fit normal = *FitDistribution(Family::kLogNormal, groups);
  EXPECT_NEAR(normal.log_likelihood, -3049.107793768737, 1e-5);
  EXPECT_NEAR(normal.distribution.location, 1.395928609880302, 1e-4);
  EXPECT_NEAR(normal.distribution.shape, 0.8239092936470287, 1e-4);
  EXPECT_NEAR(normal.distance, 0.026310149745344957, 1e-4);
  const Fit burr = *FitDistribution(Family::kBurr, groups);
  EXPECT_NEAR(burr.log_likelihood, -3044.5596544047494, 1e-5);
  EXPECT_NEAR(burr.distribution.shape, 2.53375522, 5e-3);
  EXPECT_NEAR(burr.distribution.shape2, 0.68009023, 5e-3);
  EXPECT_NEAR(std::exp(burr.distribution.location), 3.05929585, 5e-3);
  EXPECT_NEAR(burr.distance, 0.016631179156971654, 1e-4);
  const Vuong vuong = VuongTest(burr.distribution, normal.distribution, groups);
  EXPECT_NEAR(vuong.z, 0.1652177197695924, 1e-3);
  EXPECT_NEAR(vuong.p, 0.8687726185695661, 1e-3);
}

TEST(DistributionFit, NoGridPointIsBetter) {
  const std::vector<Group> groups = GroupIntegers(Histogram(kSample));
  const Fit normal = *FitDistribution(Family::kLogNormal, groups);
  for (double location = 0; location <= 3; location += 0.05) {
    for (double shape = 0.2; shape <= 2; shape += 0.05) {
      EXPECT_LE(LogLikelihood({Family::kLogNormal, location, shape}, groups),
                normal.log_likelihood);
    }
  }
  const Fit burr = *FitDistribution(Family::kBurr, groups);
  for (double location = -1; location <= 4; location += 0.25) {
    for (double shape = 0.5; shape <= 6; shape += 0.25) {
      for (double shape2 = 0.1; shape2 <= 8; shape2 *= 1.25) {
        EXPECT_LE(LogLikelihood({Family::kBurr, location, shape, shape2}, groups),
                  burr.log_likelihood);
      }
    }
  }
}

TEST(DistributionFit, FindsWhatWasPlanted) {
  for (const Distribution& planted :
       {Distribution{Family::kLogNormal, 2.0, 0.7}, Distribution{Family::kLogNormal, 3.5, 1.4},
        Distribution{Family::kBurr, std::log(8), 1.8, 0.9},
        Distribution{Family::kBurr, std::log(40), 3.0, 0.4}}) {
    const std::vector<Group> groups = GroupIntegers(Draws(planted, 50'000, 7));
    const Fit fit = *FitDistribution(planted.family, groups);
    EXPECT_NEAR(fit.distribution.location, planted.location, 0.05);
    EXPECT_NEAR(fit.distribution.shape / planted.shape, 1, 0.05);
    EXPECT_NEAR(fit.distribution.shape2 / planted.shape2, 1, 0.08);
    EXPECT_LT(fit.distance, 0.01);
    EXPECT_GE(fit.log_likelihood, LogLikelihood(planted, groups));
    const Family other = planted.family == Family::kBurr ? Family::kLogNormal : Family::kBurr;
    const Vuong vuong =
        VuongTest(fit.distribution, FitDistribution(other, groups)->distribution, groups);
    EXPECT_GT(vuong.z, 1.96) << FamilyName(planted.family) << " is the truth";
  }
}

// The p-value of a true family is uniform: of 40 samples few are rejected at 10 %. Of a false one
// all are.
TEST(DistributionFit, BootstrapRejectsTheWrongFamilyAndNotTheRightOne) {
  int rejected = 0, rejected_wrong = 0;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const std::vector<Group> groups = GroupIntegers(Draws({Family::kLogNormal, 2, 0.8}, 500, seed));
    rejected += BootstrapP(*FitDistribution(Family::kLogNormal, groups), groups, {40, 500}) <= 0.1;
    if (seed >= 10) continue;
    const std::vector<Group> wrong = GroupIntegers(Draws({Family::kBurr, 2, 3.0, 0.3}, 3000, seed));
    rejected_wrong +=
        BootstrapP(*FitDistribution(Family::kLogNormal, wrong), wrong, {40, 3000}) <= 0.1;
  }
  EXPECT_LE(rejected, 10);
  EXPECT_EQ(rejected_wrong, 10);
}

TEST(DistributionFit, SaysNothingOfTooFewValues) {
  EXPECT_FALSE(FitDistribution(Family::kLogNormal, GroupIntegers(CountHistogram())));
  EXPECT_FALSE(FitDistribution(Family::kLogNormal, GroupIntegers(Histogram({{3, 100}, {4, 1}}))));
  EXPECT_TRUE(
      FitDistribution(Family::kLogNormal, GroupIntegers(Histogram({{3, 100}, {4, 1}, {5, 1}}))));
  EXPECT_FALSE(
      FitDistribution(Family::kBurr, GroupIntegers(Histogram({{3, 100}, {4, 1}, {5, 1}}))));
}

TEST(DistributionFit, IntervalsTileTheLine) {
  CountHistogram histogram;
  for (uint64_t v = 0; v < 5000; ++v) histogram.Add(v);
  const std::vector<Group> groups = GroupIntegers(histogram);
  EXPECT_LT(groups.size(), 320u);
  EXPECT_EQ(groups[0].log_from, -std::numeric_limits<double>::infinity());
  uint64_t count = 0;
  for (size_t i = 0; i < groups.size(); ++i) {
    if (i > 0) {
      EXPECT_EQ(groups[i].log_from, groups[i - 1].log_to);
    }
    count += groups[i].count;
  }
  EXPECT_EQ(count, 5000u);
  // The probabilities of tiles add up to one.
  for (const Distribution& d : {Distribution{Family::kLogNormal, 3, 1}, {Family::kBurr, 3, 2, 1}}) {
    double sum = d.Survival(std::exp(groups.back().log_to));
    for (const Group& group : groups) sum += std::exp(d.LogBetween(group.log_from, group.log_to));
    EXPECT_NEAR(sum, 1, 1e-12);
    EXPECT_NEAR(d.Survival(d.Quantile(0.9)), 0.1, 1e-12);
  }
}

}  // namespace
}  // namespace plumbago::statistics
