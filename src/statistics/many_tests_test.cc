#include "statistics/many_tests.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "statistics/random.h"

namespace plumbago::statistics {
namespace {

// By hand: 5 p / rank, then the least of those behind.
TEST(ManyTests, AdjustsAsByHand) {
  const std::vector<double> p = {0.01, 0.04, 0.03, 0.005, 0.5};
  const std::vector<double> expected = {0.025, 0.05, 0.05, 0.025, 0.5};
  const std::vector<double> adjusted = BenjaminiHochberg(p, p.size());
  for (size_t i = 0; i < p.size(); ++i) EXPECT_NEAR(adjusted[i], expected[i], 1e-12) << i;
  // Those that are not shown count, too.
  EXPECT_NEAR(BenjaminiHochberg(std::vector<double>{0.01}, 20)[0], 0.2, 1e-12);
  EXPECT_TRUE(BenjaminiHochberg({}, 5).empty());
}

// By adding up all ways to draw.
double TailByDefinition(unsigned hits, unsigned drawn, unsigned marked, unsigned all) {
  std::array<std::array<double, 40>, 40> choose{};
  for (unsigned i = 0; i < 40; ++i) {
    choose[i][0] = 1;
    for (unsigned j = 1; j <= i; ++j) {
      choose[i][j] = choose[i - 1][j - 1] + (j < i ? choose[i - 1][j] : 0);
    }
  }
  double sum = 0;
  for (unsigned x = hits; x <= drawn && x <= marked; ++x) {
    if (drawn - x > all - marked) continue;
    sum += choose[marked][x] * choose[all - marked][drawn - x];
  }
  return sum / choose[all][drawn];
}

TEST(ManyTests, TailAsAllWaysToDraw) {
  Random random(7);
  size_t compared = 0;
  for (int i = 0; i < 3000; ++i) {
    const auto all = static_cast<unsigned>(1 + random.Below(39));
    const auto marked = static_cast<unsigned>(random.Below(all + 1));
    const auto drawn = static_cast<unsigned>(random.Below(all + 1));
    const auto hits = static_cast<unsigned>(random.Below(drawn + 2));
    const double tail = HypergeometricTail(hits, drawn, marked, all);
    if (hits * all <= drawn * marked) {
      EXPECT_EQ(tail, 1);  // no evidence
      continue;
    }
    ++compared;
    EXPECT_NEAR(tail, TailByDefinition(hits, drawn, marked, all), 1e-9)
        << hits << " " << drawn << " " << marked << " " << all;
  }
  EXPECT_GT(compared, 500u);
}

TEST(ManyTests, LargeCounts) {
  // In exact fractions.
  EXPECT_NEAR(HypergeometricTail(120, 10'000, 10'000, 1'000'000), 0.026972770166050774, 1e-9);
  EXPECT_LT(HypergeometricTail(5'000, 10'000, 10'000, 1'000'000), 1e-300);
}

}  // namespace
}  // namespace plumbago::statistics
