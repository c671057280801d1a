// Settings against twins that go second by second, or execution by execution without short cuts.
#include "serverless/advice/setting_policy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <random>
#include <vector>

#include "serverless/fixed_window.h"

namespace plumbago::serverless {
namespace {

struct Load {
  model::MinuteSeries minutes;
  std::vector<AppExecution> executions;  // of whole seconds
  double end = 0;

  AppArrivals arrivals(bool log) const {
    AppArrivals arrivals;
    arrivals.minutes = &minutes;
    arrivals.end = end;
    if (log) arrivals.executions = executions;
    return arrivals;
  }
};

// At most one invocation a minute, at its beginning: what counts by minute and a log say is equal.
Load RandomLoad(std::mt19937& engine, uint32_t hours, uint32_t most_seconds) {
  const auto below = [&](uint32_t n) { return static_cast<uint32_t>(engine()) % n; };
  Load load;
  load.end = hours * 3600.0;
  const uint32_t period = 1 + below(40);
  for (uint32_t minute = below(30); minute < hours * 60; minute += 1 + below(2 * period)) {
    load.minutes.Append(minute, 1);
    AppExecution execution;
    execution.start_us = minute * 60'000'000LL;
    execution.duration_us = (most_seconds == 0 ? 0 : below(most_seconds)) * 1'000'000LL;
    load.executions.push_back(execution);
  }
  return load;
}

// One instance, up or not in each second [s, s + 1) and at each moment s; executions take no time.
Outcome SecondBySecond(const Setting& setting, const Load& load, double begin) {
  Outcome outcome;
  std::vector<double> at;
  load.minutes.ForEach([&](uint32_t minute, uint64_t) { at.push_back(minute * 60.0); });
  outcome.invocations = at.size();
  const auto held = [&](double moment, bool closed) {
    bool up = false;
    ForEachWindow(setting.schedule, 0, load.end, setting.keep, [&](double opens, double closes) {
      up = up || (opens <= moment && (closed ? moment <= closes : moment < closes));
    });
    return up;
  };
  size_t next = 0;
  std::optional<double> last;
  for (double second = begin; second < load.end; ++second) {
    const auto stays = [&](bool closed) {
      return last && (closed ? second - *last <= setting.keep : second - *last < setting.keep);
    };
    if (next < at.size() && at[next] == second) {
      if (!stays(true) && !held(second, true)) ++outcome.cold;
      last = second;
      ++next;
    }
    if (stays(false) || held(second, false)) ++outcome.idle_seconds;
  }
  return outcome;
}

TEST(SettingPolicy, SchedulesAreWhatTheyAreSecondBySecond) {
  std::mt19937 engine(1);
  for (int trial = 0; trial < 40; ++trial) {
    const Load load = RandomLoad(engine, 6, 0);
    Setting setting;
    setting.keep = 30 * (1 + static_cast<uint32_t>(engine()) % 20);
    const uint32_t periods[] = {15, 30, 60, 90};
    const uint32_t period = periods[engine() % 4];
    const auto phase = static_cast<uint32_t>(engine()) % (period / 2);
    const auto schedule = ScheduleFor(period, {phase, phase + period / 3});
    ASSERT_TRUE(schedule);
    setting.schedule = *schedule;
    const double begin = trial % 2 == 0 ? 0 : 10 * 60.0;
    Load cut = load;
    if (begin > 0) {  // no invocation before the data begin
      cut.minutes = {};
      load.minutes.ForEach([&](uint32_t minute, uint64_t count) {
        if (minute >= 10) cut.minutes.Append(minute, count);
      });
      std::erase_if(cut.executions, [](const auto& one) { return one.start_us < 600'000'000; });
    }
    const Outcome twin = SecondBySecond(setting, cut, begin);
    for (const bool log : {false, true}) {
      if (log && cut.executions.empty()) continue;
      const Outcome outcome = SettingPolicy(setting, begin, 1).ReplayApp(cut.arrivals(log));
      EXPECT_EQ(outcome.invocations, twin.invocations);
      EXPECT_EQ(outcome.cold, twin.cold) << trial << " log " << log;
      EXPECT_NEAR(outcome.idle_seconds, twin.idle_seconds, 1e-6) << trial << " log " << log;
    }
  }
}

TEST(SettingPolicy, LifetimesAreFixedWindows) {
  std::mt19937 engine(2);
  for (int trial = 0; trial < 40; ++trial) {
    const Load load = RandomLoad(engine, 12, 0);
    Setting setting;
    setting.keep = setting.others = 30 * (1 + static_cast<uint32_t>(engine()) % 60);
    const Outcome window = FixedWindow("f", setting.keep).ReplayApp(load.arrivals(false));
    for (const bool log : {false, true}) {
      const Outcome outcome = SettingPolicy(setting, 0, 1).ReplayApp(load.arrivals(log));
      EXPECT_EQ(outcome.cold, window.cold);
      EXPECT_EQ(outcome.starts, window.starts);
      EXPECT_NEAR(outcome.idle_seconds, window.idle_seconds, 1e-6);
    }
  }
}

// Every half second all instances are looked at, one after the other.
Outcome PoolTwin(const Setting& setting, const Load& load, uint32_t slots) {
  struct Instance {
    std::vector<double> ends;
    double idle_since = 0;
    bool stays = false;
  };
  Outcome outcome;
  std::vector<Instance> pool;
  for (uint32_t i = 0; i < setting.always_on; ++i) pool.push_back({{}, 0, true});
  const double others = std::min(setting.others, setting.keep);
  size_t next = 0;
  for (double now = 0; now <= load.end; now += 0.5) {
    bool busy = false;
    for (Instance& one : pool) {
      if (!one.ends.empty()) {
        std::erase_if(one.ends, [&](double end) { return end <= now; });
        if (one.ends.empty()) one.idle_since = now;
      }
      busy = busy || !one.ends.empty();
    }
    // The last one of a service that is idle is the one that became idle last.
    double latest = -1;
    for (const Instance& one : pool) {
      if (one.ends.empty() && !one.stays) latest = std::max(latest, one.idle_since);
    }
    bool spared = busy || setting.always_on > 0;
    std::vector<Instance> left;
    for (const Instance& one : pool) {
      double stays = others;
      if (one.stays || !one.ends.empty()) stays = 1e18;
      if (!spared && one.ends.empty() && one.idle_since == latest) {
        stays = setting.keep;
        spared = true;
      }
      if (now - one.idle_since <= stays || !one.ends.empty()) left.push_back(one);
    }
    pool = left;
    while (next < load.executions.size() &&
           static_cast<double>(load.executions[next].start_us) / 1e6 == now) {
      const double end = now + static_cast<double>(load.executions[next].duration_us) / 1e6;
      ++outcome.invocations;
      Instance* chosen = nullptr;
      for (Instance& one : pool) {
        if (chosen == nullptr && !one.ends.empty() && one.ends.size() < slots) chosen = &one;
      }
      if (chosen == nullptr) {
        for (Instance& one : pool) {
          if (one.ends.empty() && (chosen == nullptr || one.idle_since > chosen->idle_since))
            chosen = &one;
        }
      }
      if (chosen == nullptr) {
        ++outcome.cold;
        chosen = &pool.emplace_back();
      }
      chosen->ends.push_back(end);
      ++next;
    }
    if (now == load.end) break;
    for (const Instance& one : pool) {
      const double stays_until = one.idle_since + (one.stays ? 1e18 : setting.keep);
      if (one.ends.empty() && now < stays_until) outcome.idle_seconds += 0.5;
    }
  }
  return outcome;
}

TEST(SettingPolicy, PoolsOfInstancesAreThoseOfTheirTwin) {
  std::mt19937 engine(3);
  const auto below = [&](uint32_t n) { return static_cast<uint32_t>(engine()) % n; };
  for (int trial = 0; trial < 60; ++trial) {
    Load load;
    load.end = 3000;
    std::map<uint32_t, uint64_t> minutes;
    for (uint32_t second = below(50); second < 3000;
         second += 1 + below(trial % 3 == 0 ? 5 : 200)) {
      AppExecution execution;
      execution.start_us = second * 1'000'000LL;
      execution.duration_us = (1 + below(60)) * 1'000'000LL;
      load.executions.push_back(execution);
      ++minutes[second / 60];
    }
    for (const auto& [minute, count] : minutes) load.minutes.Append(minute, count);
    Setting setting;
    setting.keep = 20 + below(200);
    // Half as many seconds would fall between the looks of the twin.
    setting.others = trial % 2 == 0 ? setting.keep : setting.keep / 2;
    setting.always_on = trial % 5 == 0 ? 1 + below(3) : 0;
    const uint32_t slots = 1 + below(3);
    const Outcome twin = PoolTwin(setting, load, slots);
    const Outcome outcome = SettingPolicy(setting, 0, slots).ReplayApp(load.arrivals(true));
    EXPECT_EQ(outcome.invocations, twin.invocations) << trial;
    EXPECT_EQ(outcome.cold, twin.cold) << trial;
    // An instance that goes between two looks is counted by the twin until the second one.
    EXPECT_NEAR(outcome.idle_seconds, twin.idle_seconds, 0.02 * twin.idle_seconds + 5) << trial;
  }
}

TEST(SettingPolicy, AlwaysOnIsNeverColdAndIdleAllDay) {
  std::mt19937 engine(4);
  const Load load = RandomLoad(engine, 10, 0);
  Setting setting;
  setting.always_on = 2;
  for (const bool log : {false, true}) {
    const Outcome outcome = SettingPolicy(setting, 0, 1).ReplayApp(load.arrivals(log));
    EXPECT_EQ(outcome.cold, 0u);
    EXPECT_DOUBLE_EQ(outcome.idle_seconds, 2 * 36'000.0);
  }
}

}  // namespace
}  // namespace plumbago::serverless
