// Slack, drag and replay against a twin that computes the network of siblings by recursion and by
// looking at all pairs.
#include "graph/slack.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <tuple>
#include <vector>

#include "graph/replay.h"
#include "graph/testing/span_trees.h"

namespace plumbago::graph {
namespace {

using testing::SpanList;

struct Twin {
  const SpanWindows& windows;
  std::vector<uint32_t> left;
  std::vector<int64_t> extra;  // own time that a span gets at its end

  explicit Twin(const SpanWindows& w)
      : windows(w), left(w.spans().size(), kAll), extra(w.spans().size()) {}

  std::vector<uint32_t> Children(uint32_t parent) const {
    std::vector<uint32_t> children;
    for (uint32_t c = 0; c < windows.spans().size(); ++c) {
      if (windows.spans()[c].parent == parent && windows.place(c) == SpanPlace::kWaited)
        children.push_back(c);
    }
    return children;
  }
  bool Precedes(uint32_t a, uint32_t b) const {
    const SpanWindow& x = windows.window(a);
    const SpanWindow& y = windows.window(b);
    return x.end_ns <= y.start_ns &&
           std::tie(x.start_ns, x.end_ns, a) < std::tie(y.start_ns, y.end_ns, b);
  }
  int64_t Begin(uint32_t parent, uint32_t child) const {
    int64_t old_end = windows.window(parent).start_ns;
    int64_t new_end = 0;
    for (const uint32_t other : Children(parent)) {
      if (other == child || !Precedes(other, child)) continue;
      old_end = std::max(old_end, windows.window(other).end_ns);
      new_end = std::max(new_end, Begin(parent, other) + Duration(other));
    }
    return new_end + (windows.window(child).start_ns - old_end) * left[parent] / kAll;
  }
  int64_t Duration(uint32_t span) const {
    int64_t old_end = windows.window(span).start_ns;
    int64_t new_end = 0;
    for (const uint32_t child : Children(span)) {
      old_end = std::max(old_end, windows.window(child).end_ns);
      new_end = std::max(new_end, Begin(span, child) + Duration(child));
    }
    return new_end + (windows.window(span).end_ns - old_end) * left[span] / kAll + extra[span];
  }
};

// Trees small enough for the twin.
bool Small(const SpanWindows& windows) {
  std::vector<uint32_t> children(windows.spans().size());
  for (const TraceSpan& span : windows.spans()) {
    if (span.parent != kNone && ++children[span.parent] > 6) return false;
  }
  return true;
}

TEST(Replay, IsWhatTheTwinSaysAndKeepsToItsBounds) {
  std::mt19937_64 random(5);
  int compared = 0;
  for (int round = 0; round < 6000; ++round) {
    SpanList list;
    testing::RandomSpans(random, round % 2 == 0, list);
    SpanWindows windows;
    windows.Set(list.spans);
    Replay replay;
    const size_t size = list.spans.size();
    replay.Run(windows, std::vector<uint32_t>(size, kAll));
    for (uint32_t i = 0; i < size; ++i) {  // nothing removed
      if (!windows.timed(i)) continue;
      ASSERT_EQ(replay.window(i).start_ns, windows.window(i).start_ns);
      ASSERT_EQ(replay.window(i).end_ns, windows.window(i).end_ns);
    }
    replay.Run(windows, std::vector<uint32_t>(size, 0));
    for (const uint32_t root : windows.starts()) ASSERT_EQ(replay.duration_ns(root), 0);
    Twin twin(windows);
    for (uint32_t& left : twin.left) left = static_cast<uint32_t>(random() % 3) * kAll / 2;
    replay.Run(windows, twin.left);
    for (uint32_t i = 0; i < size; ++i) {
      if (!windows.timed(i)) continue;
      ASSERT_LE(replay.duration_ns(i), windows.window(i).length());
    }
    if (!Small(windows)) continue;
    ++compared;
    for (const uint32_t root : windows.starts())
      ASSERT_EQ(replay.duration_ns(root), twin.Duration(root)) << round;
  }
  EXPECT_GT(compared, 2000);
}

TEST(Replay, AChildBeginsAsLongAfterWhatItWaitedFor) {
  SpanList list;
  MakeSpans({{"a", "", "S", "", 0, 100},
             {"b", "a", "T", "", 10, 30},
             {"c", "a", "U", "", 10, 60},
             {"d", "a", "V", "", 40, 90}},
            list);
  SpanWindows windows;
  windows.Set(list.spans);
  std::vector<uint32_t> left(4, kAll);
  left[list.at("b")] = 0;
  Replay replay;
  replay.Run(windows, left);
  // d waited for b only: ten later, as before; c, beside it, keeps its offset.
  EXPECT_EQ(replay.window(list.at("d")).start_ns, 20);
  EXPECT_EQ(replay.window(list.at("c")).start_ns, 10);
  EXPECT_EQ(replay.duration_ns(0), 80);
  left[list.at("d")] = 0;
  replay.Run(windows, left);
  EXPECT_EQ(replay.duration_ns(0), 70);  // c holds it now
}

TEST(Slack, DragIsWhatReplaySaysOfTheSpanAlone) {
  std::mt19937_64 random(6);
  int64_t bounded = 0, dragging = 0;
  for (int round = 0; round < 6000; ++round) {
    SpanList list;
    testing::RandomSpans(random, round % 3 == 0, list);
    SpanWindows windows;
    windows.Set(list.spans);
    CriticalPath path;
    path.Find(windows);
    Slack slack;
    slack.Find(windows, path);
    Replay replay;
    std::vector<uint32_t> left(list.spans.size(), kAll);
    for (uint32_t i = 0; i < list.spans.size(); ++i) {
      if (!windows.timed(i)) continue;
      uint32_t root = i;
      while (windows.place(root) == SpanPlace::kWaited && list.spans[root].parent != kNone)
        root = list.spans[root].parent;
      left[i] = 0;
      replay.Run(windows, left);
      left[i] = kAll;
      ASSERT_EQ(slack.drag_ns(i), windows.window(root).length() - replay.duration_ns(root))
          << round << " " << list.ids[i];
      ASSERT_LE(slack.drag_ns(i), path.own_ns(i));
      dragging += slack.drag_ns(i) > 0;
      bounded += slack.drag_ns(i) < path.own_ns(i);
      ASSERT_TRUE(!path.visited(i) || slack.slack_ns(i) == 0);
    }
  }
  EXPECT_GT(dragging, 10'000);
  EXPECT_GT(bounded, 1'000);
}

TEST(Slack, WhatRunsBesideAndEndsLaterHoldsTheTrace) {
  SpanList list;
  MakeSpans({{"a", "", "S", "", 0, 20},
             {"s", "a", "S", "", 0, 10},
             {"w", "a", "S", "", 5, 19},
             {"t", "a", "S", "", 12, 20}},
            list);
  SpanWindows windows;
  windows.Set(list.spans);
  CriticalPath path;
  path.Find(windows);
  Slack slack;
  slack.Find(windows, path);
  EXPECT_EQ(slack.drag_ns(list.at("s")), 1);
  EXPECT_EQ(slack.slack_ns(list.at("w")), 1);
  EXPECT_EQ(slack.drag_ns(list.at("t")), 1);
  EXPECT_EQ(slack.drag_ns(list.at("w")), 0);
}

TEST(Slack, ASpanMayGrowBySoMuchAndNoMore) {
  std::mt19937_64 random(7);
  int64_t with_slack = 0;
  for (int round = 0; round < 3000; ++round) {
    SpanList list;
    testing::RandomSpans(random, round % 3 == 0, list);
    SpanWindows windows;
    windows.Set(list.spans);
    if (!Small(windows)) continue;
    CriticalPath path;
    path.Find(windows);
    Slack slack;
    slack.Find(windows, path);
    for (uint32_t i = 0; i < list.spans.size(); ++i) {
      if (!windows.timed(i)) continue;
      uint32_t root = i;
      while (windows.place(root) == SpanPlace::kWaited && list.spans[root].parent != kNone)
        root = list.spans[root].parent;
      Twin twin(windows);
      twin.extra[i] = slack.slack_ns(i);
      ASSERT_EQ(twin.Duration(root), windows.window(root).length()) << round << " " << list.ids[i];
      ++twin.extra[i];
      ASSERT_EQ(twin.Duration(root), windows.window(root).length() + 1);
      with_slack += slack.slack_ns(i) > 0;
    }
  }
  EXPECT_GT(with_slack, 1000);
}

TEST(Slack, AMillionSideBySideOrOneAfterTheOther) {
  constexpr uint32_t kMany = 1'000'000;
  for (const bool beside : {true, false}) {
    SpanList list;
    list.spans.resize(kMany);
    for (uint32_t i = 0; i < kMany; ++i) {
      TraceSpan& span = list.spans[i];
      span.parent = i == 0 ? kNone : 0;
      span.subtree_end = i == 0 ? kMany : i + 1;
      span.start_ns = beside ? i / 2 : i;
      span.duration_ns = i == 0 ? 2 * kMany : beside ? kMany - i / 2 : 1;
    }
    SpanWindows windows;
    windows.Set(list.spans);
    CriticalPath path;
    path.Find(windows);
    Slack slack;
    slack.Find(windows, path);
    EXPECT_EQ(slack.drag_ns(1), beside ? 0 : 1);  // others end at the same moment
    EXPECT_GE(slack.drag_ns(0), int64_t{kMany});
  }
}

}  // namespace
}  // namespace plumbago::graph
