#include "analysis/latency_by_kind.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace plumbago::analysis {
namespace {

TEST(LatencyByKind, IsTheShareOfCallsThatTakeSoLongOrLonger) {
  std::mt19937_64 random(7);
  LatencyByKind by_kind;
  std::vector<int64_t> values;
  for (int edge = 0; edge < 50; ++edge) {
    statistics::QuantileSketch sketch;
    for (int call = 0; call < 40; ++call) {
      const auto value = static_cast<int64_t>(random() % 300 * 1'000'000);  // some are 0
      sketch.Add(value);
      values.push_back(value);
    }
    by_kind.Add(model::Kind::kHttp, sketch);
  }
  const document::Figure figure = by_kind.Draw(1'000'000);
  ASSERT_EQ(figure.series.size(), 2u);
  EXPECT_EQ(figure.series[0].name, "http");
  EXPECT_TRUE(figure.series[1].published);
  EXPECT_FALSE(figure.series[1].source.empty());
  ASSERT_GT(figure.series[0].points.size(), 20u);
  for (const document::Point& point : figure.series[0].points) {
    EXPECT_EQ(point.x, std::round(point.x / 1e6) * 1e6);
    // Within the width of a bucket, 2 %, and the half tick of rounding.
    const auto share = [&](double x) {
      return static_cast<double>(
                 std::count_if(values.begin(), values.end(),
                               [x](int64_t v) { return static_cast<double>(v) >= x; })) /
             static_cast<double>(values.size());
    };
    EXPECT_LE(point.y, share(point.x * 0.98 - 0.5e6) + 1e-12) << point.x;
    EXPECT_GE(point.y, share(point.x * 1.02 + 0.5e6) - 1e-12) << point.x;
  }
}

TEST(LatencyByKind, MostCallsFirstAndNothingWithoutTimes) {
  LatencyByKind by_kind;
  EXPECT_TRUE(by_kind.Draw(1).series.empty());
  statistics::QuantileSketch zero, few, many;
  zero.Add(0, 1000);
  few.Add(5, 3);
  many.Add(7, 9);
  by_kind.Add(model::Kind::kMessage, zero);
  EXPECT_TRUE(by_kind.Draw(1).series.empty());
  by_kind.Add(model::Kind::kRpc, few);
  by_kind.Add(model::Kind::kDatabase, many);
  const document::Figure figure = by_kind.Draw(1);
  ASSERT_EQ(figure.series.size(), 3u);
  EXPECT_EQ(figure.series[0].name, model::KindName(model::Kind::kDatabase));
  EXPECT_EQ(figure.series[1].name, model::KindName(model::Kind::kRpc));
  ASSERT_EQ(figure.series[0].points.size(), 1u);
  EXPECT_EQ(figure.series[0].points[0].x, 7);
  EXPECT_EQ(figure.series[0].points[0].y, 1);
}

TEST(LatencyByKind, FourKindsAreDrawn) {
  LatencyByKind by_kind;
  for (size_t kind = 0; kind < model::kKinds; ++kind) {
    statistics::QuantileSketch some;
    some.Add(5, kind + 1);
    by_kind.Add(static_cast<model::Kind>(kind), some);
  }
  EXPECT_EQ(by_kind.Draw(1).series.size(), 5u);  // and what is published
}

}  // namespace
}  // namespace plumbago::analysis
