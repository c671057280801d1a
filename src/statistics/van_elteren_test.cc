#include "statistics/van_elteren.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "statistics/random.h"

namespace plumbago::statistics {
namespace {

using Values = std::vector<int64_t>;

TEST(VanElteren, OneStratumIsWilcoxonsTest) {
  VanElteren test;
  test.Add(Values{1, 2, 3}, Values{4, 5, 6});
  const auto result = test.Conclude();
  ASSERT_TRUE(result);
  EXPECT_NEAR(result->z, 4.5 / std::sqrt(3 * 3 * 7 / 12.0), 1e-12);  // U = 9 of 9
  EXPECT_NEAR(result->p, 0.04953461343562649, 1e-12);                // 2 (1 - Phi(1.96396))
  EXPECT_DOUBLE_EQ(result->superiority, 1);
}

TEST(VanElteren, StrataWeighOneOverTheirSizePlusOne) {
  VanElteren test;
  test.Add(Values{1}, Values{2});        // 1/3: rank 2 of 1.5 expected, variance 1/4
  test.Add(Values{1, 2, 3}, Values{0});  // 1/5: rank 1 of 2.5 expected, variance 5/4
  const auto result = test.Conclude();
  ASSERT_TRUE(result);
  EXPECT_NEAR(result->z, (0.5 / 3 - 1.5 / 5) / std::sqrt(0.25 / 9 + 1.25 / 25), 1e-12);
  EXPECT_NEAR(result->superiority, (1.0 / 3) / (1.0 / 3 + 3.0 / 5), 1e-12);  // pairs won
}

TEST(VanElteren, SaysNothingOfNothing) {
  VanElteren test;
  test.Add(Values{1}, Values{});
  test.Add(Values{}, Values{1});
  test.Add(Values{7, 7}, Values{7});  // all equal
  EXPECT_EQ(test.strata(), 0u);
  EXPECT_FALSE(test.Conclude());
}

TEST(VanElteren, SidesChangePlaces) {
  VanElteren one, other;
  one.Add(Values{1, 5, 5, 9}, Values{5, 6});
  other.Add(Values{5, 6}, Values{1, 5, 5, 9});
  EXPECT_DOUBLE_EQ(one.Conclude()->z, -other.Conclude()->z);
  EXPECT_DOUBLE_EQ(one.Conclude()->superiority, 1 - other.Conclude()->superiority);
  EXPECT_DOUBLE_EQ(one.Conclude()->superiority, (1 + 0.5 + 0.5 + 0 + 1 + 1 + 1 + 0) / 8);
}

// All ways to choose the second side of each of two strata with ties: the mean of the statistic is
// 0 and its variance 1, exactly, which no wrong correction for ties would give.
TEST(VanElteren, HasTheMomentsOfAllPermutations) {
  const Values strata[] = {{1, 2, 2, 3, 5, 5, 5}, {4, 4, 8, 9, 10}};
  const size_t seconds[] = {3, 2};
  double sum = 0, squares = 0, count = 0;
  const auto split = [&](size_t s, uint32_t bits, Values& first, Values& second) {
    first.clear();
    second.clear();
    for (size_t i = 0; i < strata[s].size(); ++i) {
      (bits >> i & 1 ? second : first).push_back(strata[s][i]);
    }
    return second.size() == seconds[s];
  };
  Values a, b, c, d;
  for (uint32_t one = 0; one < 1u << strata[0].size(); ++one) {
    if (!split(0, one, a, b)) continue;
    for (uint32_t two = 0; two < 1u << strata[1].size(); ++two) {
      if (!split(1, two, c, d)) continue;
      VanElteren test;
      test.Add(a, b);
      test.Add(c, d);
      const double z = test.Conclude()->z;
      sum += z;
      squares += z * z;
      ++count;
    }
  }
  EXPECT_EQ(count, 35 * 10);
  EXPECT_NEAR(sum / count, 0, 1e-12);
  EXPECT_NEAR(squares / count, 1, 1e-12);
}

// No difference within strata, large ones between them, and unequal sides: p is below 0.05 in about
// 5 % of samples, and a shift is found.
TEST(VanElteren, IsNotFooledByStrata) {
  Random random(5);
  int alarms = 0, found = 0;
  for (int sample = 0; sample < 1000; ++sample) {
    VanElteren same, shifted;
    for (uint64_t s = 0; s < 6; ++s) {
      const auto draw = [&](uint64_t n) {
        Values values;
        for (uint64_t i = 0; i < n; ++i) {
          values.push_back(static_cast<int64_t>(100 * s + random.Below(20)));
        }
        return values;
      };
      const Values first = draw(20 - 2 * s), second = draw(4 + 3 * s);
      Values later = second;
      for (int64_t& value : later) value += 4;
      same.Add(first, second);
      shifted.Add(first, later);
    }
    alarms += same.Conclude()->p < 0.05;
    found += shifted.Conclude()->p < 0.05;
  }
  EXPECT_GT(alarms, 30);
  EXPECT_LT(alarms, 70);
  EXPECT_GT(found, 900);
}

}  // namespace
}  // namespace plumbago::statistics
