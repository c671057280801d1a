#include "engine/trace_window.h"

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <vector>

#include "engine/places.h"

namespace plumbago::engine {
namespace {

constexpr int64_t kMs = 1'000'000;
constexpr int64_t kHour = 3'600'000 * kMs;
// Born at 1591923819345 ms.
const char* const kId = "0a0b0c1d15919238193454000e5d37";
constexpr int64_t kBirth = 1591923819345 * kMs;

WindowCounts Observe(int64_t lag_ns, int64_t data_begins_ns, const char* id = kId,
                     int64_t lasts_ns = kMs) {
  WindowCounts counts;
  ObserveWindow(counts, model::TraceId::Parse(id),
                {.first_ns = kBirth + lag_ns, .last_ns = kBirth + lag_ns + lasts_ns},
                data_begins_ns, kBirth + 24 * kHour);
  return counts;
}

TEST(TraceWindow, FindsATraceBornBeforeTheData) {
  const auto cut_left = [](int64_t lag_ns, int64_t data_begins_ns) {
    return DamageOf(Observe(lag_ns, data_begins_ns), data_begins_ns).cut_left;
  };
  EXPECT_EQ(cut_left(2 * kMs, kBirth + kMs), 0u) << "within the clock's error";
  EXPECT_EQ(cut_left(159 * kMs, kBirth + 100 * kMs), 1u);
  EXPECT_EQ(cut_left(159 * kMs, kBirth - 1000 * kMs), 0u)
      << "late, but the data was there: rows are lost, not cut";
}

// Once earlier data is merged, the data was there.
TEST(TraceWindow, EarlierDataTakesACutBack) {
  const int64_t piece_begins = kBirth + 100 * kMs;
  const WindowCounts counts = Observe(159 * kMs, piece_begins);
  EXPECT_EQ(DamageOf(counts, piece_begins).cut_left, 1u);
  EXPECT_EQ(DamageOf(counts, kBirth).cut_left, 0u) << "the data begins at the birth";
  EXPECT_EQ(DamageOf(counts, kBirth + kMs).cut_left, 1u);
}

TEST(TraceWindow, FindsAReusedId) {
  const int64_t begins = kBirth + 1000 * kMs;
  WindowCounts counts = Observe(int64_t{26'000'000} * kMs, begins);
  EXPECT_EQ(counts.born_long_before, 1u);
  EXPECT_EQ(counts.late.Before(begins), 0u);
  EXPECT_EQ(DamageOf(counts, begins).reused_ids, 0u) << "births that do not fit say nothing";
  for (int i = 0; i < 2; ++i) analysis::MergeFields(counts, Observe(0, kBirth));
  EXPECT_EQ(DamageOf(counts, begins).reused_ids, 1u);
}

TEST(TraceWindow, SaysNothingWithoutABirthOrATime) {
  EXPECT_EQ(Observe(159 * kMs, kBirth + 100 * kMs, "T_5").births, 0u);
  WindowCounts counts;
  ObserveWindow(counts, model::TraceId::Parse(kId), {}, kBirth + 100 * kMs, kBirth + kHour);
  EXPECT_EQ(counts.births, 0u);
  EXPECT_EQ(counts.at_work_at_end, 0u);
}

TEST(TraceWindow, HoldsTheEndsOfTime) {
  WindowCounts counts;
  constexpr int64_t kFurthest = 4'000'000'000'000 * kMs;  // that a reader takes
  ObserveWindow(counts, model::TraceId::Parse(kId),
                {.first_ns = -kFurthest, .last_ns = 2 * kFurthest}, 0, 0);
  EXPECT_EQ(counts.spread, 1u);
  EXPECT_EQ(counts.at_work_at_end, 1u);
}

TEST(TraceWindow, FindsWorkAtTheEnd) {
  EXPECT_EQ(Observe(0, kBirth, kId, 25 * kHour).at_work_at_end, 1u);
  EXPECT_EQ(Observe(0, kBirth, kId, 24 * kHour).at_work_at_end, 0u) << "ends as the data does";
}

TEST(TraceWindow, BirthsCountOnlyIfMostFitTheClock) {
  const int64_t begins = kBirth + 100 * kMs;
  EXPECT_TRUE(BirthsFit(Observe(159 * kMs, begins)));
  EXPECT_FALSE(BirthsFit(Observe(int64_t{50'000'000} * kMs, begins)));
  WindowCounts half = Observe(159 * kMs, begins);
  analysis::MergeFields(half, Observe(int64_t{50'000'000} * kMs, begins));
  EXPECT_FALSE(BirthsFit(half)) << "half is not most";
  EXPECT_EQ(DamageOf(half, begins).cut_left, 0u);
}

TEST(TraceWindow, IsThatOfAllRows) {
  std::deque<model::Call> calls;
  std::vector<graph::Row> rows;
  const auto add = [&](int64_t start, int64_t duration) -> model::Call& {
    model::Call& call = calls.emplace_back();
    call.start_ns = start;
    call.duration_ns = duration;
    rows.push_back({&call, {}});
    return call;
  };
  EXPECT_EQ(WindowOf(rows).first_ns, model::kNoTime);
  add(model::kNoTime, 900 * kMs);
  EXPECT_EQ(WindowOf(rows).first_ns, model::kNoTime) << "a duration alone is no time";
  add(5 * kMs, 100 * kMs);
  add(3 * kMs, kMs);
  add(70 * kMs, model::kNoTime);
  TraceWindow window = WindowOf(rows);
  EXPECT_EQ(window.first_ns, 3 * kMs);
  EXPECT_EQ(window.last_ns, 105 * kMs) << "the one that began earlier ends last";
  EXPECT_FALSE(window.saved);
  EXPECT_FALSE(window.sides_marked);
  add(6 * kMs, kMs).origin = {kSavedOrigin | 3, 7};
  add(6 * kMs, kMs).side = model::Side::kServer;
  window = WindowOf(rows);
  EXPECT_TRUE(window.saved);
  EXPECT_TRUE(window.sides_marked);
}

TEST(Births, AreKeptAndCounted) {
  Births births;
  for (const int64_t ns : {kBirth, -7 * kMs, kBirth + 5, kBirth}) births.Add(ns);
  EXPECT_EQ(births.Before(kBirth), 1u);
  EXPECT_EQ(births.Before(kBirth + 1), 3u);
  std::string bytes;
  births.Save(bytes);
  statistics::StateReader in(bytes);
  Births loaded;
  loaded.Add(1);
  ASSERT_TRUE(loaded.Load(in));
  EXPECT_EQ(in.remaining(), 0u);
  EXPECT_EQ(loaded.Before(kBirth + 6), 4u);
  EXPECT_EQ(loaded.Before(2), 1u) << "what it held before is gone";
}

TEST(Births, RefusesWhatItDidNotWrite) {
  const auto loads = [](const std::vector<int64_t>& steps, uint64_t count) {
    std::string bytes;
    statistics::AppendVarint(bytes, count);
    for (const int64_t step : steps) statistics::AppendSigned(bytes, step);
    statistics::StateReader in(bytes);
    Births births;
    return births.Load(in);
  };
  EXPECT_TRUE(loads({5, 0, 3}, 3));
  EXPECT_FALSE(loads({5, 0, 3}, 4)) << "cut";
  EXPECT_FALSE(loads({5, -1}, 2)) << "out of order";
  EXPECT_FALSE(loads({INT64_MAX, 1}, 2)) << "beyond all time";
  EXPECT_FALSE(loads({INT64_MIN}, 1));
  EXPECT_FALSE(loads({INT64_MAX / 2 + 1}, 1)) << "so far that differences overflow";
  EXPECT_FALSE(loads({}, UINT64_MAX));
}

}  // namespace
}  // namespace plumbago::engine
