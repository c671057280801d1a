// Policies where executions take time and overlap, each against a twin with explicit instances that
// takes no short cut.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "serverless/bounds.h"
#include "serverless/fixed_window.h"
#include "serverless/hazard_prior.h"
#include "serverless/hybrid.h"
#include "serverless/instance_ages.h"
#include "serverless/instance_replay.h"
#include "serverless/learned_ages.h"
#include "serverless/own_ages.h"
#include "serverless/testing/random_logs.h"
#include "serverless/window_sweep.h"

namespace plumbago::serverless {
namespace {

using testing::Logs;
using testing::LogsOfMinutes;
using testing::RandomLogs;

void ExpectNear(const Outcome& a, const Outcome& b) {
  EXPECT_EQ(a.invocations, b.invocations);
  EXPECT_EQ(a.cold, b.cold);
  EXPECT_EQ(a.starts, b.starts);
  EXPECT_EQ(a.most_at_once, b.most_at_once);
  EXPECT_NEAR(a.wait_seconds, b.wait_seconds, 1e-6);
  EXPECT_NEAR(a.idle_seconds, b.idle_seconds, 1e-6 * (1 + b.idle_seconds));
}

// As a log that took no time would have them: no instance is at work at a moment, then one is.
void ExpectSameCosts(const Outcome& timed, const Outcome& counted) {
  EXPECT_EQ(timed.invocations, counted.invocations);
  EXPECT_EQ(timed.cold, counted.cold);
  EXPECT_EQ(timed.starts, counted.starts);
  EXPECT_NEAR(timed.idle_seconds, counted.idle_seconds, 1e-6 * (1 + counted.idle_seconds));
}

std::vector<AppArrivals> Counted(const Logs& logs) {
  std::vector<AppArrivals> apps = logs.apps;
  for (AppArrivals& app : apps) app.executions = {};
  return apps;
}

// Instances that come and go, second by second; there are no places.
Outcome FixedTwin(const AppArrivals& app, int64_t window) {
  struct Instance {
    int64_t free_at;
    uint64_t number;  // of its last execution
  };
  std::list<Instance> instances;
  Outcome outcome;
  const auto end = static_cast<int64_t>(app.end), cold = app.cold_us / kSecondUs;
  size_t next = 0;
  for (int64_t now = 0; now < end; ++now) {
    instances.remove_if(
        [&](const Instance& one) { return now > one.free_at && now - one.free_at > window; });
    for (; next < app.executions.size() && app.executions[next].start_us == now * kSecondUs;
         ++next) {
      ++outcome.invocations;
      Instance* best = nullptr;
      for (Instance& one : instances) {
        if (one.free_at > now) continue;
        if (best == nullptr ||
            std::pair(one.free_at, one.number) > std::pair(best->free_at, best->number))
          best = &one;
      }
      int64_t wait = 0;
      if (best == nullptr) {
        best = &instances.emplace_back();
        wait = cold;
        ++outcome.cold;
        ++outcome.starts;
      }
      best->free_at = now + wait + app.executions[next].duration_us / kSecondUs;
      best->number = outcome.invocations;
      outcome.wait_seconds += static_cast<double>(wait);
      const auto busy = std::count_if(instances.begin(), instances.end(), [&](const Instance& one) {
        return one.free_at > now || &one == best;
      });
      outcome.most_at_once = std::max(outcome.most_at_once, static_cast<uint64_t>(busy));
    }
    for (const Instance& one : instances)
      outcome.idle_seconds += one.free_at <= now && now - one.free_at < window ? 1 : 0;
  }
  return outcome;
}

TEST(Instances, FixedWindowsAreThoseOfTheirTwin) {
  const Logs logs = RandomLogs(1, 12, 40);
  for (const int64_t window : {int64_t{60}, int64_t{600}, int64_t{7200}, int64_t{1} << 40}) {
    const std::vector<Outcome> outcomes =
        FixedWindow("f", window > 1'000'000 ? FixedWindow::kEndless : static_cast<double>(window))
            .Replay(logs.apps, 2);
    uint64_t most = 0;
    for (size_t i = 0; i < outcomes.size(); ++i) {
      ExpectNear(outcomes[i], FixedTwin(logs.apps[i], window));
      most = std::max(most, outcomes[i].most_at_once);
    }
    EXPECT_GT(most, 10u);  // else nothing is shown
  }
}

// Places in a list; all gaps are sorted anew before each decision.
Outcome HybridTwin(const AppArrivals& app, const HybridOptions& options) {
  struct Place {
    int64_t ended;
    uint64_t number;
    double from, to;
  };
  struct Work {
    int64_t ends;
    uint64_t number;
  };
  std::vector<Place> idle;
  std::vector<Work> running;
  std::vector<uint32_t> bins;
  uint64_t beyond = 0;
  Outcome outcome;
  const auto leave = [&](const Place& place, double gap) {
    outcome.idle_seconds += std::max(0.0, std::min(gap, place.to) - place.from);
    if (place.from > 0 && gap >= place.from) ++outcome.starts;
  };
  const auto settle = [&](int64_t now) {
    while (true) {
      const auto first =
          std::min_element(running.begin(), running.end(), [](const Work& a, const Work& b) {
            return std::pair(a.ends, a.number) < std::pair(b.ends, b.number);
          });
      if (first == running.end() || first->ends > now) return;
      Place place{first->ends, first->number, 0, options.range * 60.0};
      running.erase(first);
      std::vector<uint32_t> sorted = bins;
      std::sort(sorted.begin(), sorted.end());
      const auto n = static_cast<double>(sorted.size());
      std::map<uint32_t, double> counts;
      for (const uint32_t bin : sorted) ++counts[bin];
      const double mean = n / options.range;
      double variance = 0;
      for (uint32_t bin = 0; bin < options.range; ++bin) {
        const double more = (counts.contains(bin) ? counts[bin] : 0) - mean;
        variance += more * more / options.range;
      }
      if (!sorted.empty() && static_cast<double>(beyond) <= n &&
          std::sqrt(variance) >= options.least_cv * mean) {
        const auto at = [&](uint32_t percent) {
          return sorted[std::max<size_t>((percent * sorted.size() + 99) / 100, 1) - 1];
        };
        place.from = options.prewarm ? (100.0 - options.margin) * 60 * at(options.low) / 100 : 0;
        place.to = (100.0 + options.margin) * 60 * (at(options.high) + 1) / 100;
      }
      idle.push_back(place);
    }
  };
  for (const AppExecution& one : app.executions) {
    const int64_t now = one.start_us / kSecondUs;
    settle(now);
    ++outcome.invocations;
    std::optional<size_t> loaded, youngest;
    for (size_t i = 0; i < idle.size(); ++i) {
      const auto age = static_cast<double>(now - idle[i].ended);
      const auto younger = [&](const std::optional<size_t>& than) {
        return !than || std::pair(idle[i].ended, i) > std::pair(idle[*than].ended, *than);
      };
      if (younger(youngest)) youngest = i;
      if (age >= idle[i].from && age <= idle[i].to && younger(loaded)) loaded = i;
    }
    int64_t wait = 0;
    if (!loaded) {
      ++outcome.cold;
      ++outcome.starts;
      wait = app.cold_us / kSecondUs;
      outcome.wait_seconds += static_cast<double>(wait);
    }
    if (const auto taken = loaded ? loaded : youngest) {
      const int64_t gap = now - idle[*taken].ended;
      leave(idle[*taken], static_cast<double>(gap));
      idle.erase(idle.begin() + static_cast<std::ptrdiff_t>(*taken));
      if (gap / 60 < options.range) {
        bins.push_back(static_cast<uint32_t>(gap / 60));
      } else {
        ++beyond;
      }
    }
    running.push_back({now + wait + one.duration_us / kSecondUs, outcome.invocations});
    outcome.most_at_once = std::max<uint64_t>(outcome.most_at_once, running.size());
  }
  settle(static_cast<int64_t>(app.end));
  for (const Place& place : idle) leave(place, app.end - static_cast<double>(place.ended));
  return outcome;
}

TEST(Instances, HybridIsItsTwin) {
  const Logs logs = RandomLogs(2, 20, 30);
  std::vector<HybridOptions> all(4);
  all[1].range = 20;
  all[1].least_cv = 0;
  all[2].low = 0;
  all[2].high = 100;
  all[2].margin = 0;
  all[3].prewarm = false;
  for (const HybridOptions& options : all) {
    const std::vector<Outcome> outcomes = Hybrid("h", options).Replay(logs.apps, 2);
    for (size_t i = 0; i < outcomes.size(); ++i)
      ExpectNear(outcomes[i], HybridTwin(logs.apps[i], options));
  }
}

// Second by second over all applications; what an application did is looked up in lists.
class LearnedTwin {
 public:
  LearnedTwin(const Logs& logs, double lambda)
      : logs_(logs), least_(60 / lambda), apps_(logs.apps.size()) {
    prior_.Learn(*counts_);
  }
  std::vector<Outcome> Replay(uint32_t minutes) {
    for (uint32_t begin = 0, until = 1; begin < minutes; begin = until) {
      until = std::min(minutes, HazardPrior::SliceEnd(begin));
      for (int64_t now = begin * 60; now < until * 60; ++now) {
        for (size_t i = 0; i < apps_.size(); ++i) Pass(i, now);
      }
      prior_.Learn(*counts_);
      *counts_ = {};
    }
    std::vector<Outcome> outcomes;
    for (const App& app : apps_) outcomes.push_back(app.outcome);
    return outcomes;
  }

 private:
  struct Place {
    int64_t ended;
    uint32_t kind = 0;
    bool loaded = true, given_up = false;
  };
  struct Work {
    int64_t ends;
    uint64_t number;
  };
  struct App {
    Outcome outcome;
    std::vector<Place> idle;
    std::vector<Work> running;
    std::vector<std::pair<uint32_t, bool>> minutes;  // place, hit: judged minutes, hits once more
    std::vector<uint32_t> gaps;
    std::vector<int64_t> invoked;  // clock minutes
    size_t next = 0;
  };

  void Judge(App& app, size_t at, int64_t now) {
    Place& place = app.idle[at];
    IdleFacts facts;
    facts.age = static_cast<uint32_t>((now - place.ended) / 60);
    if (place.given_up) return;
    if (facts.age >= 360 && at + 1 < app.idle.size()) {
      place.given_up = true;
      place.loaded = false;
      return;
    }
    facts.seen = app.gaps.size();
    for (size_t i = 0; i < std::min<size_t>(3, app.gaps.size()); ++i)
      facts.gaps[i] = app.gaps[app.gaps.size() - 1 - i];
    facts.minute = static_cast<uint32_t>((now + 59) / 60);
    facts.in_minute =
        static_cast<uint64_t>(std::count(app.invoked.begin(), app.invoked.end(), now / 60));
    for (size_t i = 1; i < app.invoked.size(); ++i)
      facts.was_burst |= app.invoked[i] == app.invoked[i - 1];
    // Of the last two clock minutes with an invocation the earlier.
    size_t i = app.invoked.size();
    while (i > 0 && app.invoked[i - 1] == app.invoked.back()) --i;
    facts.minute_before_burst = i > 1 && app.invoked[i - 1] == app.invoked[i - 2];
    const uint32_t kind = HazardPrior::KindOf(facts);
    double hits = 0, seen = 0;
    for (const auto& [own, hit] : app.minutes) {
      if (own != OwnAges::PlaceOf(facts.age, kind)) continue;
      (hit ? hits : seen) += 1;
    }
    const bool loaded = hits + 10 * prior_.hazard(kind) > least_ * (seen + 10);
    if (loaded && !place.loaded) ++app.outcome.starts;
    place.loaded = loaded;
    place.kind = kind;
    app.minutes.emplace_back(OwnAges::PlaceOf(facts.age, kind), false);
    ++(*counts_)[kind].minutes;
  }

  void Settle(App& app, int64_t now) {
    while (true) {
      const auto first = std::min_element(
          app.running.begin(), app.running.end(), [](const Work& a, const Work& b) {
            return std::pair(a.ends, a.number) < std::pair(b.ends, b.number);
          });
      if (first == app.running.end() || first->ends > now) return;
      app.running.erase(first);
      app.idle.push_back({now});
      fresh_.push_back(app.idle.size() - 1);
    }
  }

  void Pass(size_t i, int64_t now) {
    App& app = apps_[i];
    const AppArrivals& arrivals = logs_.apps[i];
    fresh_.clear();
    Settle(app, now);
    for (size_t at = 0; at < app.idle.size(); ++at) {
      if ((now - app.idle[at].ended) % 60 == 0) Judge(app, at, now);
    }
    for (; app.next < arrivals.executions.size() &&
           arrivals.executions[app.next].start_us == now * kSecondUs;
         ++app.next) {
      ++app.outcome.invocations;
      size_t taken = app.idle.size();
      for (size_t at = 0; at < app.idle.size(); ++at) taken = app.idle[at].loaded ? at : taken;
      int64_t wait = 0;
      if (taken == app.idle.size()) {
        ++app.outcome.cold;
        ++app.outcome.starts;
        wait = arrivals.cold_us / kSecondUs;
        app.outcome.wait_seconds += static_cast<double>(wait);
        if (taken > 0) --taken;
      }
      if (taken < app.idle.size()) {
        const Place place = app.idle[taken];
        app.idle.erase(app.idle.begin() + static_cast<std::ptrdiff_t>(taken));
        const auto age = static_cast<uint32_t>((now - place.ended) / 60);
        app.gaps.push_back(age);
        if (!place.given_up) {
          app.minutes.emplace_back(OwnAges::PlaceOf(age, place.kind), true);
          ++(*counts_)[place.kind].hits;
        }
      }
      app.invoked.push_back(now / 60);
      app.running.push_back({now + wait + arrivals.executions[app.next].duration_us / kSecondUs,
                             app.outcome.invocations});
      app.outcome.most_at_once = std::max<uint64_t>(app.outcome.most_at_once, app.running.size());
      fresh_.clear();
      Settle(app, now);
      for (const size_t at : fresh_) Judge(app, at, now);
    }
    for (const Place& place : app.idle) app.outcome.idle_seconds += place.loaded ? 1 : 0;
  }

  const Logs& logs_;
  const double least_;
  std::vector<App> apps_;
  std::vector<size_t> fresh_;
  HazardPrior prior_;
  std::unique_ptr<HazardPrior::Counts> counts_ = std::make_unique<HazardPrior::Counts>();
};

TEST(Instances, OursIsItsTwin) {
  for (uint32_t seed = 10; seed < 13; ++seed) {
    const Logs logs = RandomLogs(seed, 8, 20);
    for (const double lambda : {120.0, 600.0, 5000.0}) {
      const std::vector<Outcome> outcomes = LearnedAges("ours", lambda).Replay(logs.apps, 2);
      const std::vector<Outcome> twins = LearnedTwin(logs, lambda).Replay(8 * 60);
      for (size_t i = 0; i < outcomes.size(); ++i) ExpectNear(outcomes[i], twins[i]);
    }
  }
}

TEST(Instances, WhatTakesNoTimeIsAsCountsByMinute) {
  const Logs logs = LogsOfMinutes(3, 40, 40, 20);
  const std::vector<AppArrivals> counted = Counted(logs);
  std::vector<std::unique_ptr<Policy>> policies;
  for (const double window : {60.0, 600.0, 7200.0, FixedWindow::kEndless})
    policies.push_back(std::make_unique<FixedWindow>("f", window));
  policies.push_back(std::make_unique<Hybrid>("h", HybridOptions{}));
  HybridOptions options;
  options.range = 60;
  options.prewarm = false;
  policies.push_back(std::make_unique<Hybrid>("h", options));
  for (const BoundKind kind : {BoundKind::kB0, BoundKind::kB1, BoundKind::kB2})
    policies.push_back(std::make_unique<Bound>("b", kind, 900));
  for (const auto& policy : policies) {
    const std::vector<Outcome> a = policy->Replay(logs.apps, 2), b = policy->Replay(counted, 2);
    for (size_t i = 0; i < a.size(); ++i) ExpectSameCosts(a[i], b[i]);
  }
}

// Counts by minute tell which invocation is the last of its minute, a log does not: ours is the
// same where there is one a minute at most.
TEST(Instances, OursOfWhatTakesNoTimeIsAsOfCountsByMinute) {
  const Logs logs = LogsOfMinutes(4, 40, 40, 1);
  const LearnedAges ours("ours", 900);
  const std::vector<Outcome> a = ours.Replay(logs.apps, 2), b = ours.Replay(Counted(logs), 2);
  for (size_t i = 0; i < a.size(); ++i) ExpectSameCosts(a[i], b[i]);
}

TEST(Instances, NothingDependsOnThreads) {
  const Logs logs = RandomLogs(5, 30, 60);
  const LearnedAges ours("ours", 900);
  const std::vector<Outcome> one = ours.Replay(logs.apps, 1);
  EXPECT_EQ(one, ours.Replay(logs.apps, 2));
  EXPECT_EQ(one, ours.Replay(logs.apps, 7));
}

// Logs beside tables: each as if it were alone.
TEST(Instances, LogsAndCountsTogether) {
  const Logs logs = RandomLogs(6, 10, 12), counted = LogsOfMinutes(7, 10, 12, 4);
  std::vector<AppArrivals> both;
  for (size_t i = 0; i < logs.apps.size(); ++i) {
    both.push_back(logs.apps[i]);
    both.push_back(counted.apps[i]);
    both.back().executions = {};
  }
  const LearnedAges ours("ours", 900);
  const std::vector<Outcome> all = ours.Replay(both, 2), a = ours.Replay(logs.apps, 2),
                             b = ours.Replay(Counted(counted), 2);
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(all[2 * i], a[i]);
    EXPECT_EQ(all[2 * i + 1], b[i]);
  }
}

// Two functions of which one takes 90 s: two instances at once, and no idle time while they work.
TEST(Instances, CountsWhoseExecutionsTakeTheirAverage) {
  std::vector<FunctionLoad> functions(2);
  functions[0].minutes.Append(0, 2);  // at 0 s and 30 s, of 4 in turns: a b a b
  functions[1].minutes.Append(0, 2);
  functions[1].durations = {{.day = 0, .count = 1, .average_ms = 90'000}};
  model::MinuteSeries minutes;
  minutes.Append(0, 4);
  AppArrivals app;
  app.minutes = &minutes;
  app.end = 600;
  app.averages = &functions;
  AverageExecutions source(functions);
  TimedExecution one;
  std::vector<std::pair<int64_t, int64_t>> all;
  while (source.Next(one)) all.emplace_back(one.start_us / kSecondUs, one.duration_us / kSecondUs);
  EXPECT_EQ(all, (std::vector<std::pair<int64_t, int64_t>>{{0, 0}, {15, 90}, {30, 0}, {45, 90}}));
  const Outcome kept = FixedWindow("f", FixedWindow::kEndless).ReplayApp(app);
  // The first place is idle for 15 s before it works until 105; the second, of the one at 30 s, for
  // 15 s until it works from 45 to 135.
  EXPECT_EQ(kept.cold, 2u);
  EXPECT_EQ(kept.most_at_once, 2u);
  EXPECT_EQ(kept.idle_seconds, 15 + 15 + (600 - 105) + (600 - 135));
}

}  // namespace
}  // namespace plumbago::serverless
