// Against what was counted of the same graphs by hand (a script over the published files): there
// the caller from outside is a node, too, so a graph has one node and one tier more.
// tests/cases/analyze/reference_dgg computes every point again.
#include "analysis/reference_dgg.h"

#include <gtest/gtest.h>

#include <span>

namespace plumbago::analysis {
namespace {

// Least x that a share of at least q of the observations does not pass. Only where the curve has
// every x up to there.
double Quantile(std::span<const document::Point> at_least, double q) {
  double x = 0;
  for (const document::Point& point : at_least) {
    if (point.y > 1 - q) x = point.x;
  }
  return x;
}

TEST(ReferenceDgg, HasTheQuantilesThatWereCounted) {
  constexpr double kUser = 1;
  EXPECT_EQ(Quantile(DggServices(), 0.5) + kUser, 4);
  EXPECT_EQ(Quantile(DggServices(), 0.9) + kUser, 6);
  EXPECT_EQ(Quantile(DggServices(), 0.99) + kUser, 7);
  EXPECT_EQ(Quantile(DggServices(), 0.999) + kUser, 18);
  EXPECT_EQ(DggServices().back().x + kUser, 66);
  EXPECT_EQ(Quantile(DggCalls(), 0.5), 3);
  EXPECT_EQ(Quantile(DggCalls(), 0.9), 6);
  EXPECT_EQ(DggCalls().back().x, 21362);
  EXPECT_EQ(Quantile(DggDepth(), 0.5) + kUser, 2);
  EXPECT_EQ(Quantile(DggDepth(), 0.9) + kUser, 3);
  EXPECT_EQ(DggDepth().back().x + kUser, 10);
  EXPECT_EQ(DggOutDegree().back().x, 64);
}

TEST(ReferenceDgg, CurvesFall) {
  for (const auto curve :
       {DggServices(), DggCalls(), DggDepth(), DggInDegree(), DggOutDegree(), DggVariants()}) {
    EXPECT_EQ(curve.front().y, 1);
    for (size_t i = 1; i < curve.size(); ++i) {
      EXPECT_LT(curve[i - 1].x, curve[i].x);
      EXPECT_GE(curve[i - 1].y, curve[i].y) << curve[i].x;
    }
    EXPECT_GT(curve.back().y, 0);
  }
}

}  // namespace
}  // namespace plumbago::analysis
