// Advice on workloads whose best setting is known.
#include "serverless/advice/advice.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include "serverless/advice/candidates.h"
#include "serverless/idle_gaps.h"

namespace plumbago::serverless {
namespace {

constexpr std::array kBoth = {PlatformKind::kKnative, PlatformKind::kKeda};

void AddApp(Workload& load, const std::string& name, const std::vector<uint32_t>& minutes) {
  AppLoad& app = load.apps.emplace_back();
  app.name = name;
  for (const uint32_t minute : minutes) app.minutes.Append(minute, 1);
}

std::vector<uint32_t> Every(uint32_t period, uint32_t phase, uint32_t end) {
  std::vector<uint32_t> minutes;
  for (uint32_t minute = phase; minute < end; minute += period) minutes.push_back(minute);
  return minutes;
}

Workload Days(uint32_t days) {
  Workload load;
  load.end_minute = days * 1440;
  return load;
}

const ServiceAdvice& Of(const Advice& advice, PlatformKind kind, size_t app) {
  for (const PlatformAdvice& one : advice.platforms) {
    if (one.platform != kind) continue;
    for (const ServiceAdvice& service : one.services) {
      if (service.app == app) return service;
    }
  }
  ADD_FAILURE() << "no such service";
  static const ServiceAdvice kNone;
  return kNone;
}

TEST(Advice, ATimerIsHeldByTheClockWhereThatCanBeSaid) {
  Workload load = Days(6);
  AddApp(load, "timer", Every(60, 17, load.end_minute));
  const Advice advice = Advise(load, kBoth, {}, 1);
  const ServiceAdvice& keda = Of(advice, PlatformKind::kKeda, 0);
  EXPECT_EQ(keda.verdict, AdviceVerdict::kChange);
  EXPECT_EQ(keda.chosen.schedule.period, 60u);
  ASSERT_EQ(keda.chosen.schedule.windows.size(), 1u);
  EXPECT_EQ(keda.chosen.schedule.windows[0], (Schedule::Window{15, 18}));
  EXPECT_DOUBLE_EQ(keda.today_cost.cold, 24);
  EXPECT_DOUBLE_EQ(keda.chosen_cost.cold, 0);
  // 3 minutes and half a minute of cooldown, each hour.
  EXPECT_DOUBLE_EQ(keda.chosen_cost.idle_seconds, 24 * 210.0);
  EXPECT_DOUBLE_EQ(keda.saves, 24 * (600 + 300 - 210.0));
  EXPECT_NEAR(*keda.saves_within, 0, 1e-6);  // every hour is like the other
  // Knative cannot; that costs the cold starts.
  const ServiceAdvice& knative = Of(advice, PlatformKind::kKnative, 0);
  ASSERT_TRUE(knative.limit);
  EXPECT_EQ(knative.limit->best.schedule.period, 60u);
  EXPECT_DOUBLE_EQ(knative.chosen_cost.cold - knative.limit->cost.cold, 24);
  EXPECT_EQ(knative.limit->limit, "an instance cannot be held by the clock");
}

TEST(Advice, APeriodThatCronCannotSayIsALimit) {
  Workload load = Days(6);
  AddApp(load, "five-hours", Every(300, 7, load.end_minute));
  const Advice advice = Advise(load, kBoth, {}, 1);
  const ServiceAdvice& keda = Of(advice, PlatformKind::kKeda, 0);
  EXPECT_TRUE(keda.chosen.schedule.empty());
  ASSERT_TRUE(keda.limit);
  EXPECT_EQ(keda.limit->best.schedule.period, 300u);
  EXPECT_NE(keda.limit->limit.find("cron cannot say every 5 h"), std::string::npos);
}

// By day irregular gaps of up to 2.9 h, by night 14 h: three hours of keeping would be best.
// Knative ends at 2 h 1 min; always on pays for the nights.
TEST(Advice, TheCapOfRetentionIsALimitWithNumbers) {
  Workload load = Days(12);
  std::mt19937 engine(5);
  std::vector<uint32_t> minutes;
  for (uint32_t day = 0; day < 12; ++day) {
    for (uint32_t i = 0; i < 4; ++i)
      minutes.push_back(day * 1440 + 480 + 140 * i + static_cast<uint32_t>(engine()) % 30);
  }
  AddApp(load, "slow", minutes);
  AdviceOptions options;
  options.lambda = 4 * 3600;
  const Advice advice = Advise(load, kBoth, options, 1);
  const ServiceAdvice& keda = Of(advice, PlatformKind::kKeda, 0);
  EXPECT_FALSE(keda.limit);
  EXPECT_GT(keda.chosen.keep, 7260u);
  EXPECT_DOUBLE_EQ(keda.chosen_cost.cold, 1);  // the first of a day
  const ServiceAdvice& knative = Of(advice, PlatformKind::kKnative, 0);
  EXPECT_LE(knative.chosen.keep, 7260u);
  ASSERT_TRUE(knative.limit);
  EXPECT_EQ(knative.limit->best.keep, keda.chosen.keep);
  EXPECT_NE(knative.limit->limit.find("end at 1 h"), std::string::npos);
  EXPECT_DOUBLE_EQ(knative.limit->cost.cold, 1);
  EXPECT_GT(options.lambda * (knative.chosen_cost.cold - knative.limit->cost.cold) +
                knative.chosen_cost.idle_seconds - knative.limit->cost.idle_seconds,
            0);
}

TEST(Advice, WhatIsChosenDoesNotSeeTheRest) {
  std::mt19937 engine(6);
  Workload load = Days(6), other = Days(6);
  const uint32_t split = PartsOf(load).split;
  for (int app = 0; app < 12; ++app) {
    std::vector<uint32_t> first, rest;
    const uint32_t period = 2 + static_cast<uint32_t>(engine()) % 90;
    for (uint32_t minute = 1; minute < load.end_minute;
         minute += 1 + static_cast<uint32_t>(engine()) % period)
      (minute < split ? first : rest).push_back(minute);
    std::vector<uint32_t> whole = first;
    whole.insert(whole.end(), rest.begin(), rest.end());
    AddApp(load, "a", whole);
    whole = first;
    for (const uint32_t minute : Every(7, split + 1, load.end_minute)) whole.push_back(minute);
    AddApp(other, "a", whole);
  }
  const Advice one = Advise(load, kBoth, {}, 1), two = Advise(other, kBoth, {}, 1);
  for (const PlatformKind kind : kBoth) {
    for (size_t app = 0; app < load.apps.size(); ++app) {
      const ServiceAdvice &a = Of(one, kind, app), &b = Of(two, kind, app);
      if (a.verdict == AdviceVerdict::kCannotSay || b.verdict == AdviceVerdict::kCannotSay)
        continue;
      EXPECT_EQ(a.chosen, b.chosen) << app;
    }
  }
}

TEST(Advice, CostsOfTheRestAreThoseOfItsOwn) {
  Workload load = Days(6);
  AddApp(load, "timer", Every(120, 30, load.end_minute));  // 48 of 72 choose, 24 judge
  const Advice advice = Advise(load, kBoth, {}, 1);
  const ServiceAdvice& keda = Of(advice, PlatformKind::kKeda, 0);
  EXPECT_DOUBLE_EQ(keda.today_cost.cold, 12);
  EXPECT_DOUBLE_EQ(keda.today_cost.idle_seconds, 12 * 300.0);
  EXPECT_DOUBLE_EQ(keda.today_cost.invocations, 12);
  EXPECT_EQ(keda.idle_times_training, 47u);
  EXPECT_EQ(keda.idle_times_rest, 24u);
}

TEST(Advice, TooLittleDataCannotSay) {
  Workload load = Days(6);
  AddApp(load, "rare", {5, 3000, 8000});
  AddApp(load, "gone", Every(20, 3, 2000));
  const Advice advice = Advise(load, kBoth, {}, 1);
  for (const size_t app : {size_t{0}, size_t{1}}) {
    const ServiceAdvice& service = Of(advice, PlatformKind::kKnative, app);
    EXPECT_EQ(service.verdict, AdviceVerdict::kCannotSay);
    EXPECT_NE(service.reason.find("needed"), std::string::npos);
    EXPECT_EQ(service.advised(), service.today);
  }
  EXPECT_EQ(advice.platforms[0].totals.cannot_say, 2u);
  Workload nothing;
  nothing.end_minute = 1;
  AddApp(nothing, "a", {0});
  const Advice none = Advise(nothing, kBoth, {}, 1);
  EXPECT_EQ(none.platforms[0].services[0].verdict, AdviceVerdict::kCannotSay);
}

// One that is never idle for a minute: there is nothing to choose, and always on is no merit.
TEST(Advice, ABusyServiceStaysAsItIs) {
  Workload load = Days(3);
  AppLoad& app = load.apps.emplace_back();
  for (uint32_t minute = 0; minute < load.end_minute; ++minute) app.minutes.Append(minute, 5);
  const Advice advice = Advise(load, kBoth, {}, 1);
  EXPECT_EQ(Of(advice, PlatformKind::kKnative, 0).verdict, AdviceVerdict::kKeep);
}

TEST(Advice, ABoundOnColdStartsIsKeptWithTheLeastIdleTime) {
  Workload load = Days(9);
  std::mt19937 engine(8);
  std::vector<uint32_t> minutes;
  for (uint32_t minute = 3; minute < load.end_minute;
       minute += 1 + static_cast<uint32_t>(engine()) % 60)
    minutes.push_back(minute);
  AddApp(load, "even", minutes);
  double idle = 0;
  for (const double most : {0.9, 0.5, 0.1}) {
    AdviceOptions options;
    options.most_cold = most;
    const Advice advice = Advise(load, kBoth, options, 1);
    const ServiceAdvice& service = Of(advice, PlatformKind::kKnative, 0);
    EXPECT_LE(service.chosen_cost.cold_share(), most + 0.05);
    EXPECT_GT(service.chosen_cost.idle_seconds, idle);
    idle = service.chosen_cost.idle_seconds;
  }
}

// Three requests at once every twenty minutes, one an instance: at a high price three instances
// stay, by Knative's delay or always on; where one instance serves all, one does.
TEST(Advice, RequestsAtOnceNeedAsManyInstances) {
  Workload load = Days(6);
  AppLoad& app = load.apps.emplace_back();
  for (uint32_t minute = 5; minute < load.end_minute; minute += 20) {
    app.minutes.Append(minute, 3);
    for (int64_t i = 0; i < 3; ++i) {
      AppExecution execution;
      execution.start_us = minute * 60'000'000LL + i * 1'000'000;
      execution.duration_us = 30'000'000;
      app.executions.push_back(execution);
    }
  }
  load.execution_rows = app.executions.size();
  AdviceOptions options;
  options.lambda = 4 * 3600;
  options.slots = 1;
  const ServiceAdvice three = Of(Advise(load, kBoth, options, 1), PlatformKind::kKnative, 0);
  EXPECT_EQ(three.chosen.always_on, 0u);  // the delay holds all three over the gap
  EXPECT_GE(three.chosen.others, 1200u);
  EXPECT_DOUBLE_EQ(three.chosen_cost.cold, 0);
  EXPECT_NEAR(three.chosen_cost.idle_seconds, 3 * (86'400 - 72 * 30.0), 1e-6);
  EXPECT_DOUBLE_EQ(three.today_cost.cold, 3 * 72);
  const ServiceAdvice keda = Of(Advise(load, kBoth, options, 1), PlatformKind::kKeda, 0);
  EXPECT_EQ(keda.chosen.always_on, 3u);  // its cooldown holds the last one only
  options.slots = 3;
  const ServiceAdvice one = Of(Advise(load, kBoth, options, 1), PlatformKind::kKnative, 0);
  EXPECT_EQ(one.chosen.always_on, 0u);  // keeping the last one over the gap is as good
  EXPECT_GE(one.chosen.keep, 1200u);
  EXPECT_DOUBLE_EQ(one.chosen_cost.cold, 0);
}

TEST(Advice, NothingDependsOnThreads) {
  std::mt19937 engine(9);
  Workload load = Days(4);
  for (int app = 0; app < 30; ++app) {
    std::vector<uint32_t> minutes;
    const uint32_t period = 1 + static_cast<uint32_t>(engine()) % 200;
    for (uint32_t minute = 0; minute < load.end_minute;
         minute += 1 + static_cast<uint32_t>(engine()) % period)
      minutes.push_back(minute);
    AddApp(load, "a", minutes);
  }
  const Advice one = Advise(load, kBoth, {}, 1), three = Advise(load, kBoth, {}, 3);
  for (size_t p = 0; p < kBoth.size(); ++p) {
    for (size_t i = 0; i < load.apps.size(); ++i) {
      const ServiceAdvice &a = one.platforms[p].services[i], &b = three.platforms[p].services[i];
      EXPECT_EQ(a.app, b.app);
      EXPECT_EQ(a.chosen, b.chosen);
      EXPECT_EQ(a.saves, b.saves);
      EXPECT_EQ(a.saves_within, b.saves_within);
    }
    EXPECT_EQ(one.platforms[p].totals.saves, three.platforms[p].totals.saves);
    EXPECT_EQ(one.platforms[p].totals.saves_within, three.platforms[p].totals.saves_within);
  }
}

// 1 .. 8: mean 4.5, standard deviation 2.449, of the mean 0.866; times 2.365.
TEST(Advice, IntervalsAreOfBatchMeans) {
  const std::vector<double> blocks = {1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_NEAR(BatchMeansWithin(blocks), 2.048, 0.001);
  EXPECT_DOUBLE_EQ(BatchMeansWithin(std::vector<double>(8, 3.0)), 0);
}

// Of all lifetimes to the second, none is cheaper for the gaps than the one that is found, before
// it is rounded up.
TEST(Candidates, BestKeepIsTheBestOfAll) {
  std::mt19937 engine(10);
  for (int trial = 0; trial < 60; ++trial) {
    model::MinuteSeries minutes;
    for (uint32_t minute = 0; minute < 600;
         minute += 1 + static_cast<uint32_t>(engine()) % (1 + static_cast<uint32_t>(trial)))
      minutes.Append(minute, 1 + engine() % 3);
    for (const double lambda : {60.0, 600.0, 5000.0}) {
      const auto cost = [&](double keep) {
        double sum = 0;
        ForEachGap(minutes, [&](const IdleGap& gap) {
          sum +=
              static_cast<double>(gap.times) * (gap.seconds <= keep ? gap.seconds : keep + lambda);
        });
        return sum;
      };
      double best = cost(0), at = 0;
      for (uint32_t keep = 1; keep <= 7200; ++keep) {
        if (cost(keep) < best - 1e-9) best = cost(keep), at = keep;
      }
      const uint32_t found = BestKeep(minutes, lambda);
      if (at == 0) {
        EXPECT_EQ(found, 0u);
        continue;
      }
      EXPECT_EQ(found % 60, 0u);
      EXPECT_GE(found, at + 60);
      EXPECT_LT(found, at + 121);
    }
  }
}

TEST(Candidates, NoScheduleIsSeenInChance) {
  std::mt19937 engine(11);
  size_t schedules = 0;
  for (int trial = 0; trial < 20; ++trial) {
    model::MinuteSeries minutes;
    for (uint32_t minute = 0; minute < 4 * 1440; minute += 3 + static_cast<uint32_t>(engine()) % 90)
      minutes.Append(minute, 1);
    schedules += LikelySchedules(minutes, 0, 4 * 1440, true).size();
  }
  EXPECT_EQ(schedules, 0u);
}

}  // namespace
}  // namespace plumbago::serverless
