#include "serverless/figures/figures.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "serverless/figures/gap_variation.h"
#include "serverless/figures/over_published.h"
#include "serverless/figures/weighted_values.h"
#include "serverless/workload_reader.h"

namespace plumbago::serverless {
namespace {

using document::Headline;
using document::Section;
using model::Trigger;

FunctionLoad Function(std::string name, Trigger trigger,
                      const std::vector<std::pair<uint32_t, uint64_t>>& counts) {
  FunctionLoad function;
  function.name = std::move(name);
  function.trigger = trigger;
  for (const auto& [minute, count] : counts) function.minutes.Append(minute, count);
  return function;
}

AppLoad App(std::string owner, std::string name, std::vector<FunctionLoad> functions,
            uint64_t weight = 1) {
  AppLoad app;
  app.owner = std::move(owner);
  app.name = std::move(name);
  app.weight = weight;
  app.functions = std::move(functions);
  for (const FunctionLoad& function : app.functions)
    app.minutes = model::MinuteSeries::Sum(app.minutes, function.minutes);
  return app;
}

Workload Of(std::vector<AppLoad> apps, uint32_t first, uint32_t end) {
  Workload load;
  load.apps = std::move(apps);
  load.first_minute = first;
  load.end_minute = end;
  for (const AppLoad& app : load.apps) load.invocations += app.minutes.total();
  return load;
}

// Two days: an application of an http and a timer function, one of a queue function that stands for
// three, one of two http functions of which one is never invoked.
Workload Small() {
  std::vector<std::pair<uint32_t, uint64_t>> timer;
  for (uint32_t m = 7; m < 2880; m += 60) timer.emplace_back(m, 1);
  return Of({App("o1", "a",
                 {Function("f", Trigger::kHttp, {{5, 10}, {1500, 6}}),
                  Function("g", Trigger::kTimer, timer)}),
             App("o1", "b", {Function("f", Trigger::kQueue, {{0, 1}})}, 3),
             App("o2", "c",
                 {Function("f", Trigger::kHttp, {{10, 4000}}), Function("g", Trigger::kHttp, {})})},
            0, 2880);
}

const Section& Find(const std::vector<Section>& sections, const std::string& id) {
  const auto at = std::find_if(sections.begin(), sections.end(),
                               [&](const Section& section) { return section.id == id; });
  EXPECT_NE(at, sections.end()) << id;
  static const Section kNone;
  return at == sections.end() ? kNone : *at;
}

std::optional<double> Value(const std::vector<Section>& sections, const std::string& id,
                            const std::string& headline) {
  for (const Headline& one : Find(sections, id).headline) {
    if (one.name == headline) return one.value;
  }
  ADD_FAILURE() << id << " has no headline " << headline;
  return std::nullopt;
}

std::vector<Section> Sections(const Workload& load, unsigned threads = 2) {
  return MakeFigureSections(Context(load, threads, 20));
}

TEST(WeightedValues, AreCountedByWeight) {
  WeightedValues values;
  values.Add(3, 1);
  values.Add(1, 2);
  values.Add(2, 1);
  values.Add(1, 1);
  EXPECT_DOUBLE_EQ(*values.ShareAtMost(1), 0.6);
  EXPECT_DOUBLE_EQ(*values.ShareAtMost(0.5), 0);
  EXPECT_DOUBLE_EQ(*values.ShareAbove(2), 0.2);
  EXPECT_EQ(*values.Quantile(0.6), 1);
  EXPECT_EQ(*values.Quantile(0.61), 2);
  EXPECT_EQ(*values.Quantile(1), 3);
  EXPECT_DOUBLE_EQ(values.Effective(), 25.0 / 7);
  const auto curve = values.Cdf(10);
  ASSERT_EQ(curve.size(), 3u);
  EXPECT_EQ(curve[0].x, 10);
  EXPECT_DOUBLE_EQ(curve[0].y, 0.6);
  EXPECT_EQ(curve[2].y, 1);
  EXPECT_FALSE(WeightedValues().ShareAtMost(1));
}

TEST(WeightedValues, AThinnedCurveLiesOnTheWholeOne) {
  WeightedValues values;
  for (int i = 1; i <= 5000; ++i) values.Add(i * i, 1);
  const auto curve = values.Cdf(1, 50);
  EXPECT_LE(curve.size(), 50u);
  EXPECT_GE(curve.size(), 40u);
  EXPECT_EQ(curve.front().x, 1);
  EXPECT_EQ(curve.back().y, 1);
  for (const document::Point& point : curve) EXPECT_EQ(point.y, *values.ShareAtMost(point.x));
}

TEST(Figures, CountFunctionsOfApplicationsByWeight) {
  const auto sections = Sections(Small());
  // Invoked: a has two functions, each of the three b one, c one.
  EXPECT_DOUBLE_EQ(*Value(sections, "functions-per-app", "one_function"), 0.8);
  EXPECT_DOUBLE_EQ(*Value(sections, "functions-per-app", "functions_mean"), 6.0 / 5);
  const Section& section = Find(sections, "functions-per-app");
  ASSERT_EQ(section.figures.size(), 3u);
  for (const document::Figure& figure : section.figures) {
    ASSERT_EQ(figure.series.size(), 3u) << figure.id;
    EXPECT_FALSE(figure.series[0].published);
    EXPECT_TRUE(figure.series[1].published);
    EXPECT_TRUE(figure.series[2].published);
    EXPECT_EQ(figure.series[0].points.back().y, 1) << figure.id;
  }
  // Invocations of applications with one function: 3 of b, 4000 of c; a has 16 and 48.
  EXPECT_DOUBLE_EQ(section.figures[1].series[0].points[0].y, 4003.0 / 4067);
  EXPECT_DOUBLE_EQ(section.figures[2].series[0].points[0].y, 4.0 / 6);
}

TEST(Figures, CountTriggersOfFunctionsInvocationsAndApplications) {
  const auto sections = Sections(Small());
  const Section& section = Find(sections, "triggers");
  EXPECT_DOUBLE_EQ(*Value(sections, "triggers", "http_functions"), 2.0 / 6);
  EXPECT_DOUBLE_EQ(*Value(sections, "triggers", "timer_functions"), 1.0 / 6);
  EXPECT_DOUBLE_EQ(*Value(sections, "triggers", "timers_only"), 0);
  EXPECT_DOUBLE_EQ(*Value(sections, "triggers", "timers_and_others"), 0.2);
  ASSERT_EQ(section.tables.size(), 2u);
  const auto& queue = section.tables[0].rows[1];
  EXPECT_EQ(std::get<std::string>(queue[0]), "queue");
  EXPECT_DOUBLE_EQ(std::get<double>(queue[1]), 0.5);
  EXPECT_DOUBLE_EQ(std::get<double>(queue[2]), 0.152);  // the paper's
  EXPECT_DOUBLE_EQ(std::get<double>(queue[3]), 0.151);  // the release's
  EXPECT_DOUBLE_EQ(std::get<double>(queue[4]), 3.0 / 4067);
  EXPECT_DOUBLE_EQ(std::get<double>(queue[7]), 0.6);
  const auto& first = section.tables[1].rows[0];
  EXPECT_EQ(std::get<std::string>(first[0]), "Q");
  EXPECT_EQ(std::get<int64_t>(first[1]), 3);
  EXPECT_DOUBLE_EQ(std::get<double>(first[3]), 0.0947);
}

TEST(Figures, PopularityIsByDay) {
  const auto sections = Sections(Small());
  // a: 32 a day, b: 0.5, c: 2000.
  EXPECT_DOUBLE_EQ(*Value(sections, "popularity", "at_most_daily"), 0.6);
  EXPECT_DOUBLE_EQ(*Value(sections, "popularity", "at_most_hourly"), 0.6);
  EXPECT_DOUBLE_EQ(*Value(sections, "popularity", "at_most_minutely"), 0.8);
  EXPECT_DOUBLE_EQ(*Value(sections, "popularity", "invocations_of_them"), 4000.0 / 4067);
  const auto& figures = Find(sections, "popularity").figures;
  ASSERT_EQ(figures.size(), 4u);
  ASSERT_EQ(figures[0].series[0].points.size(), 3u);
  const double a_day[] = {0.5, 32, 2000};
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(figures[0].series[0].points[i].x, a_day[i]);
  // Figure 5b: c is one of five applications.
  EXPECT_DOUBLE_EQ(figures[1].series[0].points[0].x, 0.2);
  EXPECT_DOUBLE_EQ(figures[1].series[0].points[0].y, 4000.0 / 4067);
}

TEST(Figures, WhatAPartOfADayCannotSayIsSaid) {
  Workload load = Small();
  for (AppLoad& app : load.apps) {
    for (FunctionLoad& function : app.functions) function.minutes = {};
    app.functions[0].minutes.Append(500, 1);
    app.minutes = app.functions[0].minutes;
  }
  load.first_minute = 480;
  load.end_minute = 960;
  const auto sections = Sections(load);
  EXPECT_FALSE(Value(sections, "popularity", "at_most_daily"));
  EXPECT_TRUE(Value(sections, "popularity", "at_most_hourly"));
  EXPECT_NE(Find(sections, "popularity").computed.find("extrapolated"), std::string::npos);
  EXPECT_FALSE(Value(sections, "hours", "busiest_hour"));
  EXPECT_NE(Find(sections, "hours").computed.find("less than a day"), std::string::npos);
  for (const document::Figure& figure : Find(sections, "hours").figures)
    EXPECT_NE(figure.id, "hour-of-day");
}

TEST(Figures, WithoutTriggersOwnersTimesAndMemoryTheyCannotSay) {
  const auto sections =
      Sections(Of({App("", "v", {Function("", Trigger::kUnknown, {{3, 1}})}, 7)}, 0, 1440));
  for (const auto& [section, headline] :
       std::vector<std::pair<std::string, std::string>>{{"functions-per-app", "one_function"},
                                                        {"triggers", "http_functions"},
                                                        {"together", "pairs_together"},
                                                        {"durations", "average_below_second"},
                                                        {"memory", "maximum_at_most_400"}})
    EXPECT_FALSE(Value(sections, section, headline)) << section;
  const document::Finding& can = Find(sections, "comparison").findings[0];
  EXPECT_EQ(can.claim, "The data can draw 3 of the eight figures");  // 4, 5 and 6
  EXPECT_NE(can.reason.find("no triggers (figures 2 and 3"), std::string::npos);
  for (const Section& section : sections) {
    for (const document::Finding& finding : section.findings) {
      if (finding.id == "most-are-invoked-rarely") continue;
      EXPECT_EQ(finding.verdict, document::Verdict::kCannotSay) << finding.id;
      EXPECT_FALSE(finding.reason.empty()) << finding.id;
    }
  }
}

TEST(Figures, HoursAndWeekdays) {
  Workload load = Small();
  // A Saturday in 1970: day 2; 8 days.
  load.day0 = 2;
  load.end_minute = 8 * 1440;
  const auto sections = Sections(load);
  const Section& section = Find(sections, "hours");
  EXPECT_EQ(*Value(sections, "hours", "busiest_hour"), 0);
  const auto weekday =
      std::find_if(section.figures.begin(), section.figures.end(),
                   [](const document::Figure& figure) { return figure.id == "weekday"; });
  ASSERT_NE(weekday, section.figures.end());
  ASSERT_EQ(weekday->labels.size(), 7u);
  EXPECT_EQ(weekday->labels[0], "Mon");
  // All but the timers of the Sunday lie on the first Saturday, of two.
  EXPECT_GT(weekday->series[0].points[5].y, 1);
  EXPECT_EQ(weekday->series[0].points[0].y, 0);
}

TEST(Figures, AnHourOfDayIsTheMeanOverItsDays) {
  // Two days: 10 invocations at 05:00 and 30 at 05:30 the next day, 8 at 23:59.
  const auto sections = Sections(
      Of({App("o", "a", {Function("f", Trigger::kHttp, {{300, 10}, {1770, 30}, {2879, 8}})})}, 0,
         2880));
  EXPECT_EQ(*Value(sections, "hours", "busiest_hour"), 5);
  const Section& section = Find(sections, "hours");
  const auto by_hour =
      std::find_if(section.figures.begin(), section.figures.end(),
                   [](const document::Figure& figure) { return figure.id == "hour-of-day"; });
  ASSERT_NE(by_hour, section.figures.end());
  const auto& points = by_hour->series[0].points;
  ASSERT_EQ(points.size(), 24u);
  // 48 invocations in 48 hours: one an hour.
  EXPECT_DOUBLE_EQ(points[5].y, 20);
  EXPECT_DOUBLE_EQ(points[23].y, 4);
  EXPECT_DOUBLE_EQ(points[6].y, 0);
}

TEST(Figures, MemoryIsOfTheFirstDayAndByPercentile) {
  Workload load = Small();
  load.memory_rows = 3;
  load.apps[0].memory = {{2, 9, 150, {100, 101, 102, 103, 104, 105, 106, 400}}};
  // Another day, and one without a first percentile.
  load.apps[1].memory = {{3, 9, 900, {800, 800, 800, 800, 800, 800, 800, 900}}};
  load.apps[2].memory = {{2, 9, 10, {0, 1, 1, 1, 1, 1, 1, 20}}};
  const auto sections = Sections(load);
  const Section& section = Find(sections, "memory");
  ASSERT_EQ(section.figures.size(), 3u);
  const double expected[] = {150e6, 100e6, 400e6};
  for (size_t i = 0; i < 3; ++i) {
    ASSERT_EQ(section.figures[i].series[0].points.size(), 1u);
    EXPECT_EQ(section.figures[i].series[0].points[0].x, expected[i]);
  }
  EXPECT_NE(section.computed.find("day 3 of the tables; 1 whose"), std::string::npos)
      << section.computed;
}

TEST(GapVariation, FollowsTheReplayRule) {
  std::vector<std::pair<uint32_t, uint64_t>> timer;
  for (uint32_t m = 0; m < 600; m += 5) timer.emplace_back(m, 1);
  EXPECT_NEAR(GapsOf(App("", "t", {Function("f", Trigger::kTimer, timer)})).variation, 0, 1e-12);
  // Gaps of 30 s, 30 s and 60 s (2 in minute 0, one each in minutes 1 and 2).
  const GapMoments gaps =
      GapsOf(App("", "t", {Function("f", Trigger::kHttp, {{0, 2}, {1, 1}, {2, 1}})}));
  EXPECT_EQ(gaps.gaps, 3u);
  EXPECT_DOUBLE_EQ(gaps.mean, 40);
  EXPECT_NEAR(gaps.variation, std::sqrt(300.0) / 40, 1e-12);
}

TEST(GapVariation, BurstinessHasItsEnds) {
  for (const uint64_t events : {3u, 10u, 1000u}) {
    EXPECT_DOUBLE_EQ(Burstiness(0, events), -1);
    EXPECT_NEAR(Burstiness(std::sqrt(static_cast<double>(events) - 1), events), 1, 1e-9);
  }
  EXPECT_NEAR(Burstiness(1, 1'000'000), 0, 1e-5);
  EXPECT_NEAR(Burstiness(3, 100'000'000), 0.5, 1e-3);  // (3 - 1) / (3 + 1)
}

// Sample data: the fits of an independent program (scipy 1.x: minimise the same interval
// likelihood) to the averages of all rows whose average, minimum and maximum are above 0; and the
// quantiles that the release is known for.
class SampleFigures : public testing::Test {
 protected:
  std::vector<Section> Read(const std::string& file) {
    const char* folder = std::getenv("PLUMBAGO_DATA");
    const std::string path =
        std::string(folder != nullptr ? folder : "../shared/data") + "/azure/" + file;
    if (!std::filesystem::exists(path)) return {};
    auto read = ReadFunctions({path}, nullptr, 2, false);
    EXPECT_TRUE(read) << read.error().Text();
    return Sections(read->load);
  }
  // x up to which the share `y` lies, of a figure's own curve.
  static double At(const document::Figure& figure, double y) {
    for (const document::Point& point : figure.series[0].points) {
      if (point.y >= y - 1e-9) return point.x;
    }
    return 0;
  }
};
#define NEEDS(sections)                                           \
  if (sections.empty()) {                                         \
    if (std::getenv("CI") != nullptr) FAIL() << "no sample data"; \
    GTEST_SKIP() << "no sample data";                             \
  }

TEST_F(SampleFigures, ExecutionTimesAloneGiveFigureSeven) {
  const auto sections = Read("azure2019_durations_10000.csv.zst");
  NEEDS(sections);
  EXPECT_NEAR(*Value(sections, "durations", "log_mean"), -0.07624, 2e-3);
  EXPECT_NEAR(*Value(sections, "durations", "log_sigma"), 2.18189, 2e-3);
  const document::Figure& average = Find(sections, "durations").figures[0];
  const std::pair<double, double> quantiles[] = {
      {0.25, 0.217}, {0.5, 0.917}, {0.75, 3.875}, {0.9, 18.5}, {0.96, 48.8}};
  for (const auto& [q, seconds] : quantiles)
    EXPECT_NEAR(At(average, q) / 1e9, seconds, 0.12 * seconds) << q;
  // The release's curve lies under it.
  for (const document::Point& point : average.series[2].points) {
    double own = 0;
    for (const document::Point& of : average.series[0].points) {
      if (of.x <= point.x) own = of.y;
    }
    EXPECT_NEAR(own, point.y, 0.03) << point.x;
  }
  EXPECT_FALSE(Value(sections, "popularity", "at_most_minutely"));
}

TEST_F(SampleFigures, MemoryAloneGivesFigureEight) {
  const auto sections = Read("azure2019_app_memory_10000.csv.zst");
  NEEDS(sections);
  EXPECT_NEAR(*Value(sections, "memory", "burr_c"), 13.587, 0.15);
  EXPECT_NEAR(*Value(sections, "memory", "burr_k"), 0.22914, 0.003);
  EXPECT_NEAR(*Value(sections, "memory", "burr_lambda"), 113.195e6, 0.3e6);
  EXPECT_EQ(*Value(sections, "memory", "average_p50"), 143e6);
  const document::Figure& average = Find(sections, "memory").figures[0];
  EXPECT_EQ(At(average, 0.25), 120e6);
  EXPECT_NEAR(At(average, 0.75), 188e6, 1.1e6);
  EXPECT_NEAR(At(average, 0.9), 210e6, 2.1e6);
}

TEST_F(SampleFigures, VectorsCountByWeight) {
  const auto sections = Read("azure2019_oneday_vectors.csv.zst");
  NEEDS(sections);
  // 177 of 1,350 functions were invoked once in the day.
  EXPECT_NEAR(*Value(sections, "popularity", "at_most_daily"), 177.0 / 1350, 1e-9);
}

TEST(Figures, AreTheSameForAnyThreads) {
  const Workload load = Small();
  const auto one = Sections(load, 1), four = Sections(load, 4);
  ASSERT_EQ(one.size(), four.size());
  for (size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].computed, four[i].computed);
    ASSERT_EQ(one[i].headline.size(), four[i].headline.size());
    for (size_t h = 0; h < one[i].headline.size(); ++h)
      EXPECT_EQ(one[i].headline[h].value, four[i].headline[h].value);
    ASSERT_EQ(one[i].tables.size(), four[i].tables.size());
    for (size_t t = 0; t < one[i].tables.size(); ++t)
      EXPECT_EQ(one[i].tables[t].rows, four[i].tables[t].rows);
  }
}

}  // namespace
}  // namespace plumbago::serverless
