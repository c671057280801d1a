#include "engine/completeness.h"

#include <gtest/gtest.h>

namespace plumbago::engine {
namespace {

constexpr int64_t kMs = 1'000'000;
// Born at 1591923819345 ms.
const char* const kId = "0a0b0c1d15919238193454000e5d37";
constexpr int64_t kBirth = 1591923819345 * kMs;

CompletenessState Observe(int64_t lag_ns, int64_t data_begins_ns, const char* id = kId,
                          int64_t lasts_ns = kMs) {
  analysis::Facts facts;
  facts.first_ns = data_begins_ns;
  facts.last_ns = kBirth + 3600'000 * kMs * 24;
  CompletenessState state;
  ObserveWindow(state, model::TraceId::Parse(id), {kBirth + lag_ns, kBirth + lag_ns + lasts_ns},
                facts);
  return state;
}

TEST(Window, FindsATraceBornBeforeTheData) {
  EXPECT_EQ(Observe(2 * kMs, kBirth - kMs).born_before, 0u) << "within the clock's error";
  EXPECT_EQ(Observe(159 * kMs, kBirth + 100 * kMs).born_before, 1u);
  EXPECT_EQ(Observe(159 * kMs, kBirth - 1000 * kMs).born_before, 0u)
      << "late, but the data was there: rows are lost, not cut";
}

TEST(Window, FindsAReusedId) {
  const CompletenessState state = Observe(int64_t{26'000'000} * kMs, kBirth + 1000 * kMs);
  EXPECT_EQ(state.born_long_before, 1u);
  EXPECT_EQ(state.born_before, 0u);
}

TEST(Window, SaysNothingWithoutABirth) {
  EXPECT_EQ(Observe(159 * kMs, kBirth + 100 * kMs, "T_5").births, 0u);
}

TEST(Window, FindsWorkAtTheEnd) {
  EXPECT_EQ(Observe(0, kBirth, kId, int64_t{3600'000} * kMs * 25).at_work_at_end, 1u);
  EXPECT_EQ(Observe(0, kBirth).at_work_at_end, 0u);
}

TEST(Window, BirthsCountOnlyIfMostFitTheClock) {
  CompletenessState state = Observe(159 * kMs, kBirth + 100 * kMs);
  model::DamageCounts damage;
  AddWindowDamage(state, damage);
  EXPECT_EQ(damage.Count(model::Damage::kLeftCut), 1u);

  CompletenessState other = Observe(int64_t{50'000'000} * kMs, kBirth + 100 * kMs);
  EXPECT_FALSE(BirthsFit(other));
  model::DamageCounts none;
  AddWindowDamage(other, none);
  EXPECT_EQ(none.Count(model::Damage::kReusedId), 0u);
  EXPECT_NE(ConcludeCompleteness(other, graph::RepairMode::kRebuild).window.find("do not fit"),
            std::string::npos);
}

TEST(Completeness, MergeIsASum) {
  CompletenessState a = Observe(159 * kMs, kBirth + 100 * kMs);
  const CompletenessState b = Observe(0, kBirth);
  a.links_mended = 2;
  a.confidence_ppm = 1'900'000;
  CompletenessState ab = a;
  ab.Merge(b);
  EXPECT_EQ(ab.births, 2u);
  EXPECT_EQ(ab.births_fit, 2u);
  EXPECT_EQ(ab.born_before, 1u);
  EXPECT_DOUBLE_EQ(*ConcludeCompleteness(ab, graph::RepairMode::kRebuild).links_mended_confidence,
                   0.95);
}

}  // namespace
}  // namespace plumbago::engine
