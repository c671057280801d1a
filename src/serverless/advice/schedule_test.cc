// Schedules against what KEDA does with the cron expressions that are made of them.
#include "serverless/advice/schedule.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

namespace plumbago::serverless {
namespace {

constexpr uint32_t kWeek = 7 * 1440;

// A field of cron: "*" or a list of numbers.
bool Matches(const std::string& field, uint32_t value) {
  if (field == "*") return true;
  std::istringstream in(field);
  for (std::string one; std::getline(in, one, ',');) {
    if (std::stoul(one) == value) return true;
  }
  return false;
}

// Minutes of two weeks at which the expression fires. Minute 0 is 00:00 of `weekday`.
std::vector<bool> FiresOf(const std::string& expression, uint32_t weekday) {
  std::istringstream in(expression);
  std::vector<std::string> fields;
  for (std::string field; in >> field;) fields.push_back(field);
  EXPECT_EQ(fields.size(), 5u) << expression;
  EXPECT_EQ(fields[2], "*");
  EXPECT_EQ(fields[3], "*");
  std::vector<bool> fires(2 * kWeek);
  for (uint32_t minute = 0; minute < fires.size(); ++minute) {
    fires[minute] = Matches(fields[0], minute % 60) && Matches(fields[1], minute % 1440 / 60) &&
                    Matches(fields[4], (weekday + minute / 1440) % 7);
  }
  return fires;
}

// KEDA's rule: within a window iff the next end comes before the next start.
std::vector<bool> ActiveOf(const CronWindow& window, uint32_t weekday) {
  const std::vector<bool> starts = FiresOf(window.start, weekday),
                          ends = FiresOf(window.end, weekday);
  std::vector<bool> active(kWeek);
  for (uint32_t minute = 0; minute < kWeek; ++minute) {
    for (uint32_t next = minute + 1; next < starts.size(); ++next) {  // of half past this minute
      if (!starts[next] && !ends[next]) continue;
      active[minute] = ends[next] && !starts[next];
      break;
    }
  }
  return active;
}

TEST(Schedule, CronSaysWhatTheScheduleIs) {
  const std::vector<std::pair<uint32_t, std::vector<uint32_t>>> kCases = {
      {15, {0}},         {20, {1, 7}},     {30, {0, 17}},          {60, {17}},
      {60, {58, 59}},    {120, {0, 119}},  {360, {1, 185, 186}},   {720, {700}},
      {1440, {0}},       {1440, {5, 722}}, {kWeek, {0, 5 * 1440}}, {kWeek, {9999}},
      {240, {2, 60, 61}}};
  for (const auto& [period, phases] : kCases) {
    ASSERT_TRUE(IsCron(period, true));
    const auto schedule = ScheduleFor(period, phases);
    ASSERT_TRUE(schedule) << period;
    for (const uint32_t weekday : {0u, 4u}) {
      std::vector<bool> held(kWeek), active(kWeek);
      ForEachWindow(*schedule, 0, 3 * kWeek * 60.0, 0, [&](double opens, double closes) {
        for (double at = opens; at < closes; at += 60) {
          const auto minute = static_cast<uint32_t>(at / 60);
          if (minute >= kWeek && minute < 2 * kWeek) held[minute - kWeek] = true;
        }
      });
      for (const CronWindow& window : CronOf(*schedule, weekday)) {
        EXPECT_NE(window.start, window.end);  // KEDA refuses that
        const std::vector<bool> one = ActiveOf(window, weekday);
        for (uint32_t minute = 0; minute < kWeek; ++minute) {
          if (one[minute]) active[minute] = true;
        }
      }
      EXPECT_EQ(held, active) << period << " " << TextOf(*schedule);
      for (uint32_t minute = 0; minute < kWeek; ++minute) {
        for (const uint32_t phase : phases) {
          if (minute % period != phase) continue;
          EXPECT_TRUE(active[minute]);
          EXPECT_TRUE(active[(minute + kWeek - Schedule::kLead) % kWeek]) << "begins before it";
        }
      }
    }
  }
}

TEST(Schedule, OneThatWouldFillItsPeriodIsNone) {
  EXPECT_FALSE(ScheduleFor(3, {0}));
  EXPECT_FALSE(ScheduleFor(15, {0, 3, 6, 9, 12}));
  EXPECT_FALSE(ScheduleFor(60, {}));
}

TEST(Schedule, CronCannotSayAllPeriods) {
  for (const uint32_t period : {7u, 45u, 90u, 300u, 2880u}) EXPECT_FALSE(IsCron(period, true));
  EXPECT_FALSE(IsCron(kWeek, false));  // which day is it?
  EXPECT_TRUE(IsCron(kWeek, true));
}

TEST(Schedule, WindowsLookedAtFromAnywhereAreTheSame) {
  const auto schedule = ScheduleFor(60, {0, 20});
  ASSERT_TRUE(schedule);
  std::vector<std::pair<double, double>> all;
  ForEachWindow(*schedule, 0, 86'400, 90, [&](double a, double b) { all.emplace_back(a, b); });
  for (double from = 0; from < 20'000; from += 313) {
    for (const double to : {from, from + 50, from + 4000}) {
      std::vector<std::pair<double, double>> expected, got;
      for (const auto& window : all) {
        if (window.second > from && window.first <= to) expected.push_back(window);
      }
      ForEachWindow(*schedule, from, to, 90, [&](double a, double b) { got.emplace_back(a, b); });
      ASSERT_EQ(got, expected) << from << " " << to;
    }
  }
}

}  // namespace
}  // namespace plumbago::serverless
