#include "render/span_lanes.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace plumbago::render {
namespace {

constexpr uint32_t kNone = 0xFFFFFFFFu;

TEST(SpanLanes, SiblingsThatOverlapLieOnLanesOfTheirOwn) {
  const LaneSpan spans[] = {{kNone, 0, 0, 100}, {0, 0, 10, 40}, {1, 0, 15, 20},
                            {0, 0, 30, 60},     {3, 0, 35, 36}, {0, 0, 40, 50}};
  std::map<uint32_t, std::pair<uint32_t, uint32_t>> at;
  for (const LanedSpan& one : PutOnLanes(spans, 1)) at[one.span] = {one.lane, one.levels};
  EXPECT_EQ(at[0], (std::pair{0u, 0u}));
  EXPECT_EQ(at[1], (std::pair{0u, 1u}));
  EXPECT_EQ(at[2], (std::pair{0u, 2u}));
  EXPECT_EQ(at[3], (std::pair{1u, 0u}));  // beside 1
  EXPECT_EQ(at[4], (std::pair{1u, 1u}));  // with its parent
  EXPECT_EQ(at[5], (std::pair{0u, 1u}));  // begins when 1 ends
}

// By every pair: on a lane, one is within the other, or they are apart; and `levels` is how many
// are open.
TEST(SpanLanes, OnALaneSpansAreNestedOrApart) {
  std::mt19937 dice(3);
  for (int round = 0; round < 400; ++round) {
    std::vector<LaneSpan> spans;
    const uint32_t count = static_cast<uint32_t>(1 + dice() % 40);
    const uint32_t groups = static_cast<uint32_t>(1 + dice() % 3);
    for (uint32_t i = 0; i < count; ++i) {
      const int64_t start = dice() % 30;
      spans.push_back({i == 0 || dice() % 10 == 0 ? kNone : static_cast<uint32_t>(dice() % i),
                       static_cast<uint32_t>(dice() % groups), start,
                       start + static_cast<int64_t>(dice() % 12)});
    }
    const std::vector<LanedSpan> laned = PutOnLanes(spans, groups);
    ASSERT_EQ(laned.size(), spans.size());
    std::map<std::pair<uint32_t, uint32_t>, std::vector<uint32_t>> open;
    int64_t before = INT64_MIN;
    for (const LanedSpan& one : laned) {
      const LaneSpan& span = spans[one.span];
      EXPECT_GE(span.start_ns, before);
      before = span.start_ns;
      std::vector<uint32_t>& stack = open[{span.group, one.lane}];
      ASSERT_LE(one.levels, stack.size());
      while (stack.size() > one.levels) {
        EXPECT_LE(spans[stack.back()].end_ns, span.start_ns);  // it has ended
        stack.pop_back();
      }
      if (!stack.empty()) {
        EXPECT_GE(span.start_ns, spans[stack.back()].start_ns);
        EXPECT_LE(span.end_ns, spans[stack.back()].end_ns);
      }
      stack.push_back(one.span);
    }
  }
}

TEST(SpanLanes, ManyAtOnceAndDeepOnesAreNotQuadratic) {
  std::vector<LaneSpan> wide{{kNone, 0, 0, 2'000'000}};
  for (int64_t i = 1; i < 300'000; ++i) wide.push_back({0, 0, i, 1'000'000 + i});
  EXPECT_EQ(PutOnLanes(wide, 1).back().lane, 299'998u);
  std::vector<LaneSpan> deep;
  for (uint32_t i = 0; i < 300'000; ++i)
    deep.push_back({i == 0 ? kNone : i - 1, i % 2, i, 1'000'000 - i});
  EXPECT_EQ(PutOnLanes(deep, 2).back().lane, 0u);
}

}  // namespace
}  // namespace plumbago::render
