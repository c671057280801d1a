// Keep-alive caches against a twin: a plain list of containers, event by event.
#include "serverless/memory_cache.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <tuple>
#include <vector>

#include "serverless/counted_cache.h"
#include "serverless/fixed_window.h"
#include "serverless/instance_replay.h"
#include "serverless/policy_list.h"
#include "serverless/simulation.h"
#include "serverless/testing/random_logs.h"
#include "serverless/timed_cache.h"

namespace plumbago::serverless {
namespace {

using testing::Logs;
using testing::LogsOfMinutes;
using testing::RandomLogs;

constexpr CacheRule kRules[] = {CacheRule::kLru, CacheRule::kLfu, CacheRule::kSize,
                                CacheRule::kLandlord, CacheRule::kGreedyDual};
constexpr int64_t kMb = 1 << 20;

std::vector<Outcome> Twin(const std::vector<AppArrivals>& apps, CacheRule rule, int64_t memory) {
  struct Event {
    int64_t at;
    uint32_t app;
    int64_t duration;
  };
  struct Container {
    uint32_t app;
    int64_t free_at;
    double priority;
    uint64_t used;
  };
  const std::vector<CachedApp> traits = CachedApps(apps);
  std::vector<Event> events;
  for (uint32_t app = 0; app < apps.size(); ++app) {
    for (const AppExecution& one : apps[app].executions)
      events.push_back({one.start_us, app, one.duration_us});
  }
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
    return std::pair(a.at, a.app) < std::pair(b.at, b.app);
  });
  std::vector<Outcome> outcomes(apps.size());
  std::vector<Container> containers;
  std::vector<uint64_t> uses(apps.size());
  double clock = 0;
  uint64_t number = 0;
  const auto end = EndUs(apps[0]);
  const auto account = [&](const Container& one, int64_t now) {
    outcomes[one.app].idle_seconds +=
        std::max(0.0, static_cast<double>(std::min(now, end) - one.free_at) / 1e6);
  };
  for (const Event& event : events) {
    Outcome& outcome = outcomes[event.app];
    ++outcome.invocations;
    Container* taken = nullptr;
    for (Container& one : containers) {
      if (one.app != event.app || one.free_at > event.at) continue;
      if (taken == nullptr ||
          std::pair(one.free_at, one.used) > std::pair(taken->free_at, taken->used))
        taken = &one;
    }
    int64_t wait = 0;
    if (taken != nullptr) {
      account(*taken, event.at);
    } else {
      int64_t at_work = 0, loaded = 0;
      for (const Container& one : containers) {
        loaded += traits[one.app].bytes;
        if (one.free_at > event.at) at_work += traits[one.app].bytes;
      }
      if (at_work + traits[event.app].bytes > memory) {
        ++outcome.dropped;
        continue;
      }
      while (loaded + traits[event.app].bytes > memory) {
        auto victim = containers.end();
        for (auto one = containers.begin(); one != containers.end(); ++one) {
          if (one->free_at > event.at) continue;
          if (victim == containers.end() ||
              std::pair(one->priority, one->used) < std::pair(victim->priority, victim->used))
            victim = one;
        }
        account(*victim, event.at);
        loaded -= traits[victim->app].bytes;
        clock = std::max(clock, victim->priority);
        const uint32_t app = victim->app;
        containers.erase(victim);
        if (std::none_of(containers.begin(), containers.end(),
                         [&](const Container& one) { return one.app == app; }))
          uses[app] = 0;
      }
      containers.push_back({});
      taken = &containers.back();
      ++outcome.cold;
      ++outcome.starts;
      wait = apps[event.app].cold_us;
      outcome.wait_seconds += static_cast<double>(wait) / 1e6;
    }
    ++uses[event.app];
    double priority = 0;
    const double cost_by_size = traits[event.app].worth;
    if (rule == CacheRule::kLfu) priority = static_cast<double>(uses[event.app]);
    if (rule == CacheRule::kSize) priority = -traits[event.app].megabytes;
    if (rule == CacheRule::kLandlord) priority = clock + cost_by_size;
    if (rule == CacheRule::kGreedyDual)
      priority = clock + static_cast<double>(uses[event.app]) * cost_by_size;
    *taken = {event.app, event.at + wait + event.duration, priority, ++number};
    const auto busy =
        std::count_if(containers.begin(), containers.end(), [&](const Container& one) {
          return one.app == event.app && (one.free_at > event.at || one.used == number);
        });
    outcome.most_at_once = std::max(outcome.most_at_once, static_cast<uint64_t>(busy));
  }
  for (const Container& one : containers) account(one, end);
  return outcomes;
}

void SetCosts(Logs& logs, uint32_t seed) {
  std::mt19937 engine(seed);
  for (AppArrivals& app : logs.apps) app.cold_cost_seconds = static_cast<double>(engine() % 5);
}

void ExpectNear(const Outcome& a, const Outcome& b) {
  EXPECT_EQ(a.invocations, b.invocations);
  EXPECT_EQ(a.cold, b.cold);
  EXPECT_EQ(a.dropped, b.dropped);
  EXPECT_EQ(a.starts, b.starts);
  EXPECT_NEAR(a.wait_seconds, b.wait_seconds, 1e-6);
  EXPECT_NEAR(a.idle_seconds, b.idle_seconds, 1e-6 * (1 + b.idle_seconds));
}

TEST(MemoryCache, TimedIsItsTwin) {
  Logs logs = RandomLogs(1, 12, 25);
  SetCosts(logs, 2);
  for (const CacheRule rule : kRules) {
    uint64_t dropped = 0, cold = 0;
    for (const int64_t mb : {150, 1000, 3000, 100'000}) {
      const std::vector<Outcome> outcomes = ReplayTimedCache(logs.apps, rule, mb * kMb);
      const std::vector<Outcome> twins = Twin(logs.apps, rule, mb * kMb);
      for (size_t i = 0; i < outcomes.size(); ++i) {
        ExpectNear(outcomes[i], twins[i]);
        EXPECT_EQ(outcomes[i].most_at_once, twins[i].most_at_once);
        dropped += outcomes[i].dropped;
        cold += outcomes[i].cold;
      }
    }
    EXPECT_GT(dropped, 0u);
    EXPECT_GT(cold, 100u);
  }
}

TEST(MemoryCache, CountedIsItsTwin) {
  for (uint32_t seed = 3; seed < 6; ++seed) {
    Logs logs = LogsOfMinutes(seed, 12, 30, 30);
    SetCosts(logs, seed);
    std::vector<AppArrivals> counted = logs.apps;
    for (AppArrivals& app : counted) app.executions = {};
    for (const CacheRule rule : kRules) {
      uint64_t cold = 0;
      for (const int64_t mb : {150, 500, 2000, 4000, 100'000}) {
        const std::vector<Outcome> outcomes = ReplayCountedCache(counted, rule, mb * kMb);
        const std::vector<Outcome> twins = Twin(logs.apps, rule, mb * kMb);
        const std::vector<Outcome> timed = ReplayTimedCache(logs.apps, rule, mb * kMb);
        for (size_t i = 0; i < outcomes.size(); ++i) {
          ExpectNear(outcomes[i], twins[i]);
          ExpectNear(timed[i], twins[i]);
          cold += outcomes[i].cold;
        }
      }
      EXPECT_GT(cold, 300u);
    }
  }
}

TEST(MemoryCache, OfAllMemoryKeepsAllThatItStarts) {
  for (const Logs& logs : {RandomLogs(7, 12, 20), LogsOfMinutes(8, 12, 20, 6)}) {
    const std::vector<Outcome> kept = FixedWindow("n", FixedWindow::kEndless).Replay(logs.apps, 1);
    for (const CacheRule rule : kRules)
      EXPECT_EQ(MemoryCache("c", rule, int64_t{1} << 50).Replay(logs.apps, 1), kept);
  }
}

// By hand. A server of 400 MB; a: 100 MB, 1 s; b: 200 MB, 4 s; c: 200 MB, 2 s.
//   0  a  clock 0: 1 x 1 / 100 = 0.01        60 a  2 x 0.01 = 0.02
//   120 b  0 + 4 / 200 = 0.02                 180 c needs 100 MB more: a and b are alike at 0.02, a
//   was used longer ago: evicted, clock 0.02; c: 0.02 + 2 / 200 = 0.03
//   240 a  cold: b (0.02) goes, clock 0.02; a: 0.02 + 0.01 = 0.03
//   300 c  warm                               360 b cold: free are 100 MB; a (0.03) goes
TEST(MemoryCache, GreedyDualByHand) {
  std::vector<model::MinuteSeries> minutes(3);
  for (const uint32_t m : {0u, 1u, 4u}) minutes[0].Append(m, 1);
  for (const uint32_t m : {2u, 6u}) minutes[1].Append(m, 1);
  for (const uint32_t m : {3u, 5u}) minutes[2].Append(m, 1);
  std::vector<AppArrivals> apps(3);
  for (size_t i = 0; i < 3; ++i) {
    apps[i].minutes = &minutes[i];
    apps[i].end = 600;
    apps[i].memory_mb = i == 0 ? 100 : 200;
    apps[i].cold_cost_seconds = i == 0 ? 1 : i == 1 ? 4 : 2;
  }
  const MemoryCache cache("greedy-dual:400M", CacheRule::kGreedyDual, 400 * kMb);
  const std::vector<Outcome> outcomes = cache.Replay(apps, 1);
  EXPECT_EQ(outcomes[0].cold, 2u);
  EXPECT_EQ(outcomes[1].cold, 2u);
  EXPECT_EQ(outcomes[2].cold, 1u);
  EXPECT_EQ(outcomes[0].idle_seconds, 180 + 120);
  EXPECT_EQ(outcomes[1].idle_seconds, 120 + 240);
  EXPECT_EQ(outcomes[2].idle_seconds, 420);
}

TEST(MemoryCache, WhatIsLargerThanTheServerIsDropped) {
  Logs logs = LogsOfMinutes(9, 3, 4, 3);
  for (AppArrivals& app : logs.apps) {
    app.executions = {};
    app.memory_mb = 500;
  }
  for (const Outcome& outcome : ReplayCountedCache(logs.apps, CacheRule::kLru, 499 * kMb)) {
    EXPECT_EQ(outcome.dropped, outcome.invocations);
    EXPECT_EQ(outcome.cold, 0u);
    EXPECT_EQ(outcome.idle_seconds, 0);
  }
}

// To the byte: two of 250 MB at once on 500 MB, and a third one that is dropped.
TEST(MemoryCache, WhatFitsExactlyRuns) {
  Logs logs;
  logs.executions = {{{0, 10 * kSecondUs, -1, 0},
                      {kSecondUs, 10 * kSecondUs, -1, 0},
                      {2 * kSecondUs, kSecondUs, -1, 0}}};
  testing::Arrive(logs, 600);
  logs.apps[0].memory_mb = 250;
  const Outcome outcome = ReplayTimedCache(logs.apps, CacheRule::kLru, 500 * kMb)[0];
  EXPECT_EQ(outcome.cold, 2u);
  EXPECT_EQ(outcome.dropped, 1u);
  EXPECT_EQ(outcome.idle_seconds, 590 + 589);
}

TEST(MemoryCache, MemoryThatIsNotKnown) {
  std::vector<AppArrivals> apps(3);
  EXPECT_EQ(CachedApps(apps)[1].megabytes, 170);
  EXPECT_NE(CacheRuleText(apps).find("170 MB"), std::string::npos);
  apps[0].memory_mb = 100;
  apps[1].memory_mb = 300;
  EXPECT_EQ(CachedApps(apps)[2].megabytes, 100);  // the lower median
  EXPECT_NE(CacheRuleText(apps).find("known of 2 of 3"), std::string::npos);
  apps[1].weight = 7;
  EXPECT_EQ(CachedApps(apps)[1].bytes, 7 * 300 * kMb);
}

TEST(PolicyList, Memory) {
  for (const char* good : {"lru:16G", "lfu:1K", "size:512M", "landlord:1024T", "greedy-dual:2T"}) {
    const auto policies = PoliciesOf(std::vector<std::string>{good});
    ASSERT_TRUE(policies) << good;
    EXPECT_TRUE(policies->front()->finite_memory());
    EXPECT_EQ(policies->front()->name(), good);
  }
  for (const char* bad : {"lru", "lru:", "lru:16", "lru:G", "lru:0G", "lru:16g", "lru:1025T",
                          "lru:16G:x", "lru:-1G", "lru:1.5G", "gd:16G"}) {
    const auto policies = PoliciesOf(std::vector<std::string>{bad});
    ASSERT_FALSE(policies) << bad;
    EXPECT_EQ(policies.error().kind, ErrorKind::kUsage);
  }
}

}  // namespace
}  // namespace plumbago::serverless
