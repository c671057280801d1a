#include "serverless/pareto_front.h"

#include <gtest/gtest.h>

#include <random>

namespace plumbago::serverless {
namespace {

TEST(ParetoFront, KeepsWhatNothingBeats) {
  const std::vector<Cost2> points = {{5, 5}, {1, 9}, {2, 4}, {2, 6}, {9, 1}, {9, 1}, {3, 4}};
  EXPECT_EQ(ParetoFront(points), (std::vector<size_t>{1, 2, 4}));
}

TEST(ParetoFront, IsThatOfAllPairs) {
  std::mt19937 engine(1);
  for (int round = 0; round < 50; ++round) {
    std::vector<Cost2> points(40);
    for (Cost2& point : points)
      point = {static_cast<double>(engine() % 30), static_cast<double>(engine() % 30)};
    const std::vector<size_t> front = ParetoFront(points);
    for (size_t i = 0; i < points.size(); ++i) {
      bool beaten = false;
      for (size_t j = 0; j < points.size(); ++j) {
        const bool as_good = points[j].x <= points[i].x && points[j].y <= points[i].y;
        const bool better = points[j].x < points[i].x || points[j].y < points[i].y;
        beaten |= as_good && (better || j < i);
      }
      EXPECT_EQ(std::find(front.begin(), front.end(), i) != front.end(), !beaten);
    }
  }
}

TEST(ParetoFront, KneeIsWhereACurveBends) {
  // y = 1 / x from 0.1 to 10: farthest from the line between its ends at x = 1.
  std::vector<Cost2> points;
  for (int i = 1; i <= 100; ++i) points.push_back({i / 10.0, 10.0 / i});
  const std::vector<size_t> front = ParetoFront(points);
  EXPECT_EQ(front.size(), 100u);
  EXPECT_EQ(Knee(points, front), 9u);
}

TEST(ParetoFront, ALineHasNoKnee) {
  const std::vector<Cost2> line = {{0, 8}, {1, 6}, {2, 4}, {4, 0}};
  EXPECT_EQ(Knee(line, ParetoFront(line)), std::nullopt);
  const std::vector<Cost2> two = {{0, 1}, {1, 0}};
  EXPECT_EQ(Knee(two, ParetoFront(two)), std::nullopt);
}

}  // namespace
}  // namespace plumbago::serverless
