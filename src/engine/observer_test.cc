#include "engine/observer.h"

#include <gtest/gtest.h>

namespace plumbago::engine {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

TraceWindow Between(int64_t first_s, int64_t last_s) {
  return {.first_ns = first_s * kSecond, .last_ns = last_s * kSecond};
}

Closing WindowOfSeconds(int64_t first_s, int64_t last_s, int64_t window_s) {
  Closing closing;
  closing.policy = Closing::kWindow;
  closing.SetWindow(first_s * kSecond, last_s * kSecond, window_s * kSecond);
  return closing;
}

TEST(Closing, LeavesOpenWhatTouchesTheEdges) {
  const Closing closing = WindowOfSeconds(1000, 2000, 60);
  EXPECT_FALSE(closing.Open(Between(1060, 1940)));
  EXPECT_FALSE(closing.Open(Between(1500, 1501)));
  EXPECT_TRUE(closing.Open(Between(1059, 1100)));
  EXPECT_TRUE(closing.Open(Between(1900, 1941)));
  EXPECT_TRUE(closing.Open(Between(1000, 2000)));
  EXPECT_TRUE(closing.Open({})) << "without a time nobody can say where it lies";
}

TEST(Closing, AWindowWiderThanTheDataClosesNothing) {
  const Closing closing = WindowOfSeconds(1000, 1100, 60);
  for (int64_t s = 1000; s <= 1100; s += 10) EXPECT_TRUE(closing.Open(Between(s, s)));
}

TEST(Closing, AWindowOfNothingClosesAll) {
  const Closing closing = WindowOfSeconds(1000, 1100, 0);
  EXPECT_FALSE(closing.Open(Between(1000, 1100)));
  EXPECT_TRUE(closing.Open(Between(1099, 1101))) << "at work beyond the last row";
}

TEST(Closing, HoldsTheEndsOfTime) {
  Closing closing;
  closing.policy = Closing::kWindow;
  closing.SetWindow(INT64_MAX - 5, INT64_MIN + 5, 60 * kSecond);
  EXPECT_TRUE(closing.Open(Between(0, 1)));
}

TEST(Closing, DataWithoutTimesClosesNothing) {
  Closing closing;
  closing.policy = Closing::kWindow;
  closing.SetWindow(model::kNoTime, model::kNoTime, 60 * kSecond);
  EXPECT_TRUE(closing.Open({}));
}

TEST(Closing, PoliciesSayAllOrNone) {
  Closing closing;
  EXPECT_FALSE(closing.Open(Between(0, 1)));
  EXPECT_FALSE(closing.Open({}));
  closing.policy = Closing::kNone;
  EXPECT_TRUE(closing.Open(Between(0, 1)));
}

TEST(Closing, RowsOfAStateStayOpenUnlessAllIsClosed) {
  TraceWindow window = Between(1500, 1501);
  window.saved = true;
  Closing closing = WindowOfSeconds(1000, 2000, 60);
  closing.saved_stay_open = true;
  EXPECT_TRUE(closing.Open(window));
  window.saved = false;
  EXPECT_FALSE(closing.Open(window));
}

}  // namespace
}  // namespace plumbago::engine
