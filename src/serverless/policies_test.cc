// Each policy against a twin that goes event by event and takes no short cut.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "serverless/bounds.h"
#include "serverless/fixed_window.h"
#include "serverless/hazard_prior.h"
#include "serverless/hybrid.h"
#include "serverless/learned_ages.h"
#include "serverless/window_sweep.h"

namespace plumbago::serverless {
namespace {

using Minutes = std::map<uint32_t, uint64_t>;

model::MinuteSeries SeriesOf(const Minutes& minutes) {
  model::MinuteSeries series;
  for (const auto& [minute, count] : minutes) series.Append(minute, count);
  return series;
}

// When each invocation comes.
std::vector<double> TimesOf(const Minutes& minutes) {
  std::vector<double> times;
  for (const auto& [minute, count] : minutes) {
    for (uint64_t i = 0; i < count; ++i)
      times.push_back(minute * 60.0 + static_cast<double>(i) * (60.0 / static_cast<double>(count)));
  }
  return times;
}

struct Workloads {
  std::vector<Minutes> minutes;
  std::vector<model::MinuteSeries> series;
  std::vector<AppArrivals> apps;
};

// Timers, bursts and strays, over `hours`.
Workloads Random(uint32_t seed, uint32_t hours, size_t count) {
  std::mt19937 engine(seed);
  const auto below = [&](uint32_t n) { return static_cast<uint32_t>(engine()) % n; };
  Workloads random;
  for (size_t a = 0; a < count; ++a) {
    Minutes minutes;
    const uint32_t kind = below(4);
    const uint32_t period = 1 + below(kind == 0 ? 5 : 90);
    for (uint32_t m = below(60); m < hours * 60; m += kind == 1 ? 1 + below(2 * period) : period) {
      if (below(10) == 0) continue;
      minutes[m] = kind == 2 ? 1 + below(9) : 1;
      if (kind == 3 && below(5) == 0) minutes[m] = 1 + below(200);
    }
    if (minutes.empty()) minutes[below(60)] = 1;
    random.minutes.push_back(minutes);
  }
  for (const Minutes& minutes : random.minutes) random.series.push_back(SeriesOf(minutes));
  for (const model::MinuteSeries& series : random.series)
    random.apps.push_back({&series, hours * 3600.0});
  return random;
}

void ExpectNear(const Outcome& a, const Outcome& b) {
  EXPECT_EQ(a.invocations, b.invocations);
  EXPECT_EQ(a.cold, b.cold);
  EXPECT_EQ(a.starts, b.starts);
  EXPECT_NEAR(a.idle_seconds, b.idle_seconds, 1e-6 * (1 + b.idle_seconds));
}

Outcome FixedTwin(const Minutes& minutes, double window, double end) {
  Outcome outcome;
  double last = -1;
  for (const double time : TimesOf(minutes)) {
    ++outcome.invocations;
    const bool warm = last >= 0 && time - last <= window;
    outcome.cold += warm ? 0 : 1;
    outcome.starts += warm ? 0 : 1;
    if (last >= 0) outcome.idle_seconds += std::min(time - last, window);
    last = time;
  }
  outcome.idle_seconds += std::min(end - last, window);
  return outcome;
}

TEST(Policies, FixedWindowsAreThoseOfTheirTwin) {
  const Workloads random = Random(1, 30, 60);
  for (const double window : {60.0, 600.0, 7200.0, FixedWindow::kEndless}) {
    const std::vector<Outcome> outcomes = FixedWindow("f", window).Replay(random.apps, 2);
    for (size_t i = 0; i < outcomes.size(); ++i)
      ExpectNear(outcomes[i], FixedTwin(random.minutes[i], window, random.apps[i].end));
  }
}

TEST(Policies, WindowsTogetherAreThoseOneByOne) {
  const Workloads random = Random(8, 60, 80);
  const std::vector<double> windows = {30, 60, 600, 601, 7200, FixedWindow::kEndless};
  const auto together = ReplayWindows(random.apps, windows, 2);
  for (size_t w = 0; w < windows.size(); ++w) {
    const std::vector<Outcome> alone = FixedWindow("f", windows[w]).Replay(random.apps, 2);
    for (size_t i = 0; i < alone.size(); ++i) ExpectNear(together[w][i], alone[i]);
  }
}

// Sorts all idle times anew before each decision.
Outcome HybridTwin(const Minutes& minutes, const Hybrid::Options& options, double end) {
  Outcome outcome;
  std::vector<uint32_t> bins;  // of all gaps within the range
  uint64_t beyond = 0;
  double from = 0, to = options.range * 60.0, last = -1;
  const auto pass = [&](double gap, bool ends) {
    const bool warm = gap >= from && gap <= to;
    if (ends && !warm) ++outcome.cold;
    if (ends && !warm) ++outcome.starts;
    if (from > 0 && gap >= from) ++outcome.starts;
    outcome.idle_seconds += std::max(0.0, std::min(gap, to) - from);
  };
  for (const double time : TimesOf(minutes)) {
    ++outcome.invocations;
    if (last < 0) {
      outcome.cold = outcome.starts = 1;
    } else {
      const double gap = time - last;
      pass(gap, true);
      const auto minute = static_cast<uint32_t>(gap / 60 + 1e-9);
      if (minute < options.range) {
        bins.push_back(minute);
      } else {
        ++beyond;
      }
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
      from = 0;
      to = options.range * 60.0;
      if (!sorted.empty() && static_cast<double>(beyond) <= n &&
          std::sqrt(variance) >= options.least_cv * mean) {
        const auto at = [&](uint32_t percent) {
          const size_t rank = (percent * sorted.size() + 99) / 100;  // from 1
          return sorted[std::max<size_t>(rank, 1) - 1];
        };
        from = options.prewarm ? (100.0 - options.margin) * 60 * at(options.low) / 100 : 0;
        to = (100.0 + options.margin) * 60 * (at(options.high) + 1) / 100;
      }
    }
    last = time;
  }
  pass(end - last, false);
  return outcome;
}

TEST(Policies, HybridIsItsTwin) {
  const Workloads random = Random(2, 40, 60);
  std::vector<Hybrid::Options> all(6);
  all[1].range = 60;
  all[2].low = 0;
  all[2].high = 100;
  all[2].margin = 0;
  all[3].prewarm = false;
  all[4].least_cv = 5;
  all[5].range = 20;
  all[5].least_cv = 0;
  for (const Hybrid::Options& options : all) {
    const std::vector<Outcome> outcomes = Hybrid("h", options).Replay(random.apps, 2);
    for (size_t i = 0; i < outcomes.size(); ++i)
      ExpectNear(outcomes[i], HybridTwin(random.minutes[i], options, random.apps[i].end));
  }
}

// Minute by minute over all applications, invocation by invocation within a minute; what an
// application did is looked up in lists. Ages stay below six hours.
class LearnedTwin {
 public:
  LearnedTwin(const Workloads& loads, double lambda) : loads_(loads), least_(60 / lambda) {
    apps_.resize(loads.minutes.size());
    outcomes_.resize(loads.minutes.size());
    prior_.Learn(*counts_);
  }
  std::vector<Outcome> Replay(uint32_t minutes) {
    for (uint32_t begin = 0, until = 1; begin < minutes; begin = until) {
      until = std::min(minutes, HazardPrior::SliceEnd(begin));
      for (uint32_t minute = begin; minute < until; ++minute) {
        for (size_t i = 0; i < apps_.size(); ++i) Pass(i, minute);
      }
      prior_.Learn(*counts_);
      *counts_ = {};
    }
    return outcomes_;
  }

 private:
  struct App {
    std::vector<std::pair<uint32_t, bool>> minutes;  // age, invoked: of all that was judged
    std::vector<uint32_t> gaps;
    double last = -1;
    uint64_t count = 0, count_before = 0;  // of the minute of the last one, and of the one before
    bool loaded = false, burst = false;
  };

  // Decides a minute at this age, and takes note of what came.
  bool Judge(App& app, IdleFacts facts, bool invoked) {
    facts.seen = app.gaps.size();
    for (size_t i = 0; i < std::min<size_t>(3, app.gaps.size()); ++i)
      facts.gaps[i] = app.gaps[app.gaps.size() - 1 - i];
    facts.was_burst = app.burst;
    facts.minute_before_burst = app.count_before > 1;
    const uint32_t kind = HazardPrior::KindOf(facts);
    double hits = 0, seen = 0;
    for (const auto& [age, hit] : app.minutes) {
      if (age != facts.age) continue;
      ++seen;
      hits += hit ? 1 : 0;
    }
    const bool loaded = (hits + 10 * prior_.hazard(kind)) / (seen + 10) > least_;
    app.minutes.emplace_back(facts.age, invoked);
    (*counts_)[kind].hits += invoked ? 1 : 0;
    ++(*counts_)[kind].minutes;
    if (invoked) app.gaps.push_back(facts.age);
    return loaded;
  }

  void Pass(size_t i, uint32_t minute) {
    App& app = apps_[i];
    Outcome& outcome = outcomes_[i];
    const auto at = loads_.minutes[i].find(minute);
    const uint64_t count = at == loads_.minutes[i].end() ? 0 : at->second;
    if (app.last >= 0) {
      IdleFacts facts;
      const double idle = minute * 60.0 - app.last;
      facts.age = static_cast<uint32_t>(idle / 60 + 1e-9);
      facts.minute = minute;
      const bool loaded = Judge(app, facts, count > 0);
      const double left = loads_.apps[i].end - app.last - facts.age * 60.0;
      if (loaded)
        outcome.idle_seconds += count > 0 ? idle - facts.age * 60.0 : std::min(60.0, left);
      if (count > 0 && !loaded) ++outcome.cold;
      if ((loaded || count > 0) && !(loaded && app.loaded)) ++outcome.starts;
      app.loaded = loaded || count > 0;
    } else if (count > 0) {
      outcome.cold = outcome.starts = 1;
    }
    if (count == 0) return;
    app.count_before = app.count;
    app.count = count;
    const double step = 60.0 / static_cast<double>(count);
    outcome.invocations += count;
    for (uint64_t k = 1; k <= count; ++k) {
      if (k == count && count > 1) break;  // after a burst the next minute is judged as such
      IdleFacts facts;
      facts.minute = minute;
      facts.in_minute = k;
      const bool more = k < count;
      const bool loaded = Judge(app, facts, more);
      if (loaded)
        outcome.idle_seconds += more ? step : std::min(60.0, loads_.apps[i].end - minute * 60.0);
      if (more && !loaded) {
        ++outcome.cold;
        ++outcome.starts;
      }
      if (more) app.burst = true;
      app.loaded = more || loaded;
    }
    if (count > 1) app.loaded = true;
    app.last = minute * 60.0 + static_cast<double>(count - 1) * step;
  }

  const Workloads& loads_;
  const double least_;
  std::vector<App> apps_;
  std::vector<Outcome> outcomes_;
  HazardPrior prior_;
  std::unique_ptr<HazardPrior::Counts> counts_ = std::make_unique<HazardPrior::Counts>();
};

TEST(Policies, OursIsItsTwin) {
  for (uint32_t seed = 10; seed < 14; ++seed) {
    const Workloads random = Random(seed, 6, 30);
    for (const double lambda : {120.0, 600.0, 5000.0}) {
      const std::vector<Outcome> outcomes = LearnedAges("ours", lambda).Replay(random.apps, 2);
      const std::vector<Outcome> twins = LearnedTwin(random, lambda).Replay(360);
      for (size_t i = 0; i < outcomes.size(); ++i) ExpectNear(outcomes[i], twins[i]);
    }
  }
}

TEST(Policies, OursOfEachLambdaTogetherIsThatOfEachAlone) {
  const Workloads random = Random(9, 30, 60);
  const std::vector<double> lambdas = {600, 60, 14'400, 150, 2400};
  const auto together = LearnedAges::ReplayEach(random.apps, lambdas, 2);
  for (size_t l = 0; l < lambdas.size(); ++l) {
    const std::vector<Outcome> alone = LearnedAges("o", lambdas[l]).Replay(random.apps, 2);
    for (size_t i = 0; i < alone.size(); ++i) ExpectNear(together[l][i], alone[i]);
  }
}

// A lambda that keeps everything loaded leaves no minutes that could be passed at once.
TEST(Policies, OursPassesIdleMinutesAtOnceAsOneByOne) {
  Workloads random = Random(21, 14 * 24, 40);
  for (size_t i = 0; i < random.minutes.size(); i += 2) {  // half of them are seldom invoked
    std::erase_if(random.minutes[i], [&](const auto& at) { return at.first % (400 + i) > 40; });
    random.minutes[i][60] = 2;
    random.series[i] = SeriesOf(random.minutes[i]);
  }
  for (const double lambda : {120.0, 600.0, 7200.0}) {
    const std::vector<double> with_all = {1e12, lambda};
    const auto one_by_one = LearnedAges::ReplayEach(random.apps, with_all, 2)[1];
    const std::vector<Outcome> at_once = LearnedAges("o", lambda).Replay(random.apps, 2);
    for (size_t i = 0; i < at_once.size(); ++i) ExpectNear(at_once[i], one_by_one[i]);
  }
}

TEST(Policies, NothingDependsOnThreads) {
  const Workloads random = Random(3, 50, 200);
  const LearnedAges ours("ours", 900);
  const std::vector<Outcome> one = ours.Replay(random.apps, 1);
  EXPECT_EQ(one, ours.Replay(random.apps, 2));
  EXPECT_EQ(one, ours.Replay(random.apps, 7));
}

// What has happened until a moment is the same whatever comes later.
TEST(Policies, OursDoesNotSeeTheFuture) {
  const Workloads random = Random(4, 48, 80);
  Workloads cut;
  for (const Minutes& minutes : random.minutes) {
    Minutes first;
    for (const auto& [minute, count] : minutes) {
      if (minute < 24 * 60) first[minute] = count;
    }
    cut.series.push_back(SeriesOf(first));
  }
  for (const model::MinuteSeries& series : cut.series) cut.apps.push_back({&series, 24 * 3600.0});
  // Cold starts up to noon of the second day with another second day.
  Workloads other = Random(4, 48, 80);
  for (size_t i = 0; i < other.minutes.size(); ++i) {
    std::erase_if(other.minutes[i], [](const auto& at) { return at.first >= 24 * 60; });
    other.minutes[i][24 * 60 + 7] = 3;
    other.series[i] = SeriesOf(other.minutes[i]);
    other.apps[i] = {&other.series[i], 24 * 3600.0};  // judged until the day's end
  }
  const LearnedAges ours("ours", 900);
  const std::vector<Outcome> a = ours.Replay(cut.apps, 2), b = ours.Replay(other.apps, 2);
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].cold, b[i].cold) << i;
    EXPECT_EQ(a[i].idle_seconds, b[i].idle_seconds) << i;
  }
}

TEST(Policies, OursLearnsTimersThatNoWindowHolds) {
  // 30 timers of 3 hours, 5 days: after two gaps each is met a minute before, not kept for hours.
  Workloads timers;
  for (uint32_t a = 0; a < 30; ++a) {
    Minutes minutes;
    for (uint32_t m = 4 * a; m < 5 * 1440; m += 180) minutes[m] = 1;
    timers.minutes.push_back(minutes);
  }
  for (const Minutes& minutes : timers.minutes) timers.series.push_back(SeriesOf(minutes));
  for (const model::MinuteSeries& series : timers.series)
    timers.apps.push_back({&series, 5 * 86'400.0});
  const std::vector<Outcome> outcomes = LearnedAges("ours", 600).Replay(timers.apps, 2);
  uint64_t cold = 0, invocations = 0;
  double idle = 0;
  for (const Outcome& outcome : outcomes) {
    cold += outcome.cold;
    invocations += outcome.invocations;
    idle += outcome.idle_seconds;
  }
  EXPECT_LT(cold, invocations / 8);
  EXPECT_LT(idle, 120.0 * static_cast<double>(invocations));
}

double Cost(const std::vector<Outcome>& outcomes, double lambda) {
  double cost = 0;
  for (const Outcome& outcome : outcomes)
    cost += lambda * static_cast<double>(outcome.cold) + outcome.idle_seconds;
  return cost;
}

TEST(Bounds, HoldForTheirKinds) {
  const Workloads random = Random(5, 30, 80);
  for (const double lambda : {120.0, 600.0, 3000.0}) {
    const double b0 = Cost(Bound("b0", BoundKind::kB0, lambda).Replay(random.apps, 2), lambda);
    const double b1 = Cost(Bound("b1", BoundKind::kB1, lambda).Replay(random.apps, 2), lambda);
    const double b2 = Cost(Bound("b2", BoundKind::kB2, lambda).Replay(random.apps, 2), lambda);
    std::vector<std::unique_ptr<Policy>> without_prewarming;
    for (const double window : {60.0, 600.0, 1200.0, 7200.0, FixedWindow::kEndless})
      without_prewarming.push_back(std::make_unique<FixedWindow>("f", window));
    Hybrid::Options options;
    options.prewarm = false;
    without_prewarming.push_back(std::make_unique<Hybrid>("h", options));
    for (const auto& policy : without_prewarming) {
      const double cost = Cost(policy->Replay(random.apps, 2), lambda);
      EXPECT_GE(cost, b1 - 1e-6);
      EXPECT_GE(cost, b0 - 1e-6);
    }
    // A window of whole minutes is a static set of ages.
    for (const uint32_t minutes : {1u, 10u, 60u, 240u})
      EXPECT_GE(Cost(FixedWindow("f", minutes * 60 - 1e-9).Replay(random.apps, 2), lambda),
                b2 - 1e-3);
    EXPECT_GE(Cost(Hybrid("h", {}).Replay(random.apps, 2), lambda), b0 - 1e-6);
    EXPECT_GE(Cost(LearnedAges("o", lambda).Replay(random.apps, 2), lambda), b0 - 1e-6);
  }
}

// No set of minutes does better than the one that is taken, tried out at random.
TEST(Bounds, B2IsTheBestSetOfMinutes) {
  std::mt19937 engine(6);
  const Workloads random = Random(7, 6, 12);
  for (size_t a = 0; a < random.apps.size(); ++a) {
    const Outcome best = Bound("b2", BoundKind::kB2, 300).ReplayApp(random.apps[a]);
    const double best_cost = 300.0 * static_cast<double>(best.cold) + best.idle_seconds;
    const std::vector<double> times = TimesOf(random.minutes[a]);
    for (int trial = 0; trial < 300; ++trial) {
      std::vector<bool> loaded(400);
      const uint32_t share = 1 + static_cast<uint32_t>(engine()) % 20;
      for (size_t i = 0; i < loaded.size(); ++i) loaded[i] = engine() % share == 0;
      double cost = 300;
      for (size_t i = 0; i < times.size(); ++i) {
        const bool open = i + 1 == times.size();
        const double gap = (open ? random.apps[a].end : times[i + 1]) - times[i];
        const auto age = static_cast<uint32_t>(gap / 60 + 1e-9);
        for (uint32_t m = 0; m <= age && m < loaded.size(); ++m) {
          if (loaded[m]) cost += std::min(60.0, gap - m * 60.0);
        }
        if (!open && !(age < loaded.size() && loaded[age])) cost += 300;
      }
      ASSERT_GE(cost, best_cost - 1e-6);
    }
  }
}

}  // namespace
}  // namespace plumbago::serverless
