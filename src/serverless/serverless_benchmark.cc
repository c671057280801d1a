// Policies over one day of Azure functions (the samples' azure2019_oneday_vectors, without
// reading), over a log in memory, and keep-alive caches over two weeks of 24,000 applications; each
// beside a rival that goes event by event, whose answer must be the same.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "serverless/counted_cache.h"
#include "serverless/execution_source.h"
#include "serverless/memory_cache.h"
#include "serverless/policy_list.h"
#include "serverless/simulation.h"
#include "serverless/summary.h"
#include "serverless/timed_cache.h"
#include "serverless/workload_reader.h"
#include "statistics/random.h"

namespace plumbago::serverless {
namespace {

using Policies = std::vector<std::unique_ptr<Policy>>;

// Nothing where the samples are not at hand.
const Workload* OneDay() {
  static const std::optional<Workload> load = []() -> std::optional<Workload> {
    const char* folder = std::getenv("PLUMBAGO_DATA");
    const std::string path = std::string(folder != nullptr ? folder : "../shared/data") +
                             "/azure/azure2019_oneday_vectors.csv.zst";
    if (!std::filesystem::exists(path)) return std::nullopt;
    auto read = ReadFunctions({path}, nullptr, 1, false);
    if (!read) return std::nullopt;
    return std::move(read->load);
  }();
  return load ? &*load : nullptr;
}

Policies Of(const std::vector<std::string>& names) { return *PoliciesOf(names); }

const std::vector<std::string> kRows = {"fixed:5m",
                                        "fixed:10m",
                                        "fixed:20m",
                                        "fixed:30m",
                                        "fixed:45m",
                                        "fixed:60m",
                                        "fixed:90m",
                                        "fixed:120m",
                                        "no-unload",
                                        "hybrid:1h:no-arima",
                                        "hybrid:2h:no-arima",
                                        "hybrid:3h:no-arima",
                                        "hybrid:4h:no-arima",
                                        "hybrid:4h:no-arima:cut=0-100:margin=0",
                                        "hybrid:4h:no-arima:no-prewarm",
                                        "hybrid:4h:no-arima:cv=0",
                                        "hybrid:4h:no-arima:cv=5"};

void OneDayUnder(benchmark::State& state, const std::vector<std::string>& names) {
  const Workload* load = OneDay();
  if (load == nullptr) {
    state.SkipWithError("no azure2019_oneday_vectors: set PLUMBAGO_DATA to the samples");
    return;
  }
  const std::vector<AppArrivals> apps = ArrivalsOf(*load);
  const Policies policies = Of(names);
  for (auto _ : state) {
    for (const auto& policy : policies) {
      const Summary summary = Summarise(policy->Replay(apps, 1), *load);
      benchmark::DoNotOptimize(summary.cold);
    }
  }
  state.SetItemsProcessed(static_cast<int64_t>(load->invocations * policies.size()) *
                          state.iterations());
}

// The table of facts: 17 rows over 829,095 invocations.
void BM_OneDayAllRows(benchmark::State& state) { OneDayUnder(state, kRows); }
BENCHMARK(BM_OneDayAllRows)->Unit(benchmark::kMillisecond);

// Hybrid of 4 h as papers have it: each idle time is added to a histogram that is looked through
// for its percentiles before each decision.
Outcome NaiveHybrid(const AppArrivals& app) {
  constexpr uint32_t kBins = 240;
  Outcome outcome;
  std::vector<uint64_t> bins(kBins);
  uint64_t within = 0, beyond = 0;
  double from = 0, to = kBins * 60.0, last = -1;
  const auto pass = [&](double gap, bool ends) {
    const bool warm = gap >= from && gap <= to;
    if (ends && !warm) ++outcome.cold;
    if (ends && !warm) ++outcome.starts;
    if (from > 0 && gap >= from) ++outcome.starts;
    outcome.idle_seconds += std::max(0.0, std::min(gap, to) - from);
  };
  app.minutes->ForEach([&](uint32_t minute, uint64_t count) {
    for (uint64_t i = 0; i < count; ++i) {
      const double now =
          minute * 60.0 + static_cast<double>(i) * (60.0 / static_cast<double>(count));
      ++outcome.invocations;
      if (last < 0) {
        outcome.cold = outcome.starts = 1;
        last = now;
        continue;
      }
      const double gap = now - last;
      last = now;
      pass(gap, true);
      const auto bin = static_cast<uint32_t>(gap / 60 + 1e-9);
      if (bin < kBins) {
        ++bins[bin];
        ++within;
      } else {
        ++beyond;
      }
      double mean = static_cast<double>(within) / kBins, variance = 0;
      for (const uint64_t n : bins)
        variance += (static_cast<double>(n) - mean) * (static_cast<double>(n) - mean) / kBins;
      from = 0;
      to = kBins * 60.0;
      if (within == 0 || beyond > within || std::sqrt(variance) < 2 * mean) continue;
      uint64_t below = 0;
      std::optional<uint32_t> head, tail;
      for (uint32_t b = 0; b < kBins && !tail; ++b) {
        below += bins[b];
        if (!head && below > 0 && below * 100 >= 5 * within) head = b;
        if (below > 0 && below * 100 >= 99 * within) tail = b;
      }
      from = 90.0 * 60 * *head / 100;
      to = 110.0 * 60 * (*tail + 1) / 100;
    }
  });
  if (last >= 0) pass(app.end - last, false);
  return outcome;
}

bool Alike(const std::vector<Outcome>& a, const std::vector<Outcome>& b) {
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i].cold != b[i].cold || a[i].dropped != b[i].dropped || a[i].starts != b[i].starts ||
        std::abs(a[i].idle_seconds - b[i].idle_seconds) > 1e-6 * (1 + b[i].idle_seconds))
      return false;
  }
  return true;
}

void BM_OneDayHybridEventByEvent(benchmark::State& state) {
  const Workload* load = OneDay();
  if (load == nullptr) {
    state.SkipWithError("no azure2019_oneday_vectors: set PLUMBAGO_DATA to the samples");
    return;
  }
  const std::vector<AppArrivals> apps = ArrivalsOf(*load);
  std::vector<Outcome> outcomes(apps.size());
  for (auto _ : state) {
    for (size_t i = 0; i < apps.size(); ++i) outcomes[i] = NaiveHybrid(apps[i]);
  }
  if (!Alike(Of({"hybrid:4h:no-arima"})[0]->Replay(apps, 1), outcomes))
    state.SkipWithError("the rival has another answer");
  state.SetItemsProcessed(static_cast<int64_t>(load->invocations) * state.iterations());
}
BENCHMARK(BM_OneDayHybridEventByEvent)->Unit(benchmark::kMillisecond);

// A log of some five million executions of 200 applications over two days, some with several at
// once.
struct Log {
  Workload load;
  std::vector<AppArrivals> apps;
  Log() {
    statistics::Random random(1);
    load.end_minute = 2 * 1440;
    load.execution_rows = 1;
    load.apps.resize(200);
    for (AppLoad& app : load.apps) {
      const double rate = 100 * std::pow(random.Unit(), 3);  // a thousandth of a second between
      for (int64_t at = 0; app.executions.size() < 40'000;) {
        at += static_cast<int64_t>(-std::log(random.Unit()) * 60e6 / (0.01 + rate));
        if (at >= 2 * 1440 * kMinuteUs) break;
        app.executions.push_back({at, static_cast<int64_t>(-std::log(random.Unit()) * 3e6), -1, 0});
      }
      app.memory_mb = 100 + static_cast<double>(random.Below(300));
      std::map<uint32_t, uint64_t> minutes;
      for (const AppExecution& one : app.executions)
        ++minutes[static_cast<uint32_t>(one.start_us / kMinuteUs)];
      for (const auto& [minute, count] : minutes) app.minutes.Append(minute, count);
      load.invocations += app.executions.size();
    }
    apps = ArrivalsOf(load);
  }
};

const Log& OneLog() {
  static const Log log;
  return log;
}

void LogUnder(benchmark::State& state, const char* name) {
  const Log& log = OneLog();
  const Policies policies = Of({name});
  for (auto _ : state) {
    const std::vector<Outcome> outcomes = policies[0]->Replay(log.apps, 1);
    benchmark::DoNotOptimize(outcomes.data());
  }
  state.SetItemsProcessed(static_cast<int64_t>(log.load.invocations) * state.iterations());
}

// A plain list of instances, those that have expired thrown out at each invocation.
void BM_LogFixedPlainList(benchmark::State& state) {
  const Log& log = OneLog();
  constexpr int64_t kWindow = 600 * kSecondUs;
  std::vector<Outcome> outcomes;
  for (auto _ : state) {
    outcomes.clear();
    for (const AppArrivals& app : log.apps) {
      Outcome& outcome = outcomes.emplace_back();
      std::vector<int64_t> free_at;
      int64_t idle = 0;
      for (const AppExecution& one : app.executions) {
        std::erase_if(free_at, [&](int64_t at) {
          const bool gone = one.start_us - at > kWindow;
          if (gone) idle += kWindow;
          return gone;
        });
        ++outcome.invocations;
        auto best = free_at.end();
        for (auto at = free_at.begin(); at != free_at.end(); ++at) {
          if (*at <= one.start_us && (best == free_at.end() || *at > *best)) best = at;
        }
        if (best == free_at.end()) {
          ++outcome.cold;
          ++outcome.starts;
          free_at.push_back(one.start_us + one.duration_us);
        } else {
          idle += one.start_us - *best;
          *best = one.start_us + one.duration_us;
        }
      }
      const auto end = static_cast<int64_t>(app.end) * kSecondUs;
      for (const int64_t at : free_at) idle += std::clamp<int64_t>(end - at, 0, kWindow);
      outcome.idle_seconds = static_cast<double>(idle) / kSecondUs;
    }
  }
  if (!Alike(Of({"fixed:10m"})[0]->Replay(log.apps, 1), outcomes))
    state.SkipWithError("the rival has another answer");
  state.SetItemsProcessed(static_cast<int64_t>(log.load.invocations) * state.iterations());
}
BENCHMARK(BM_LogFixedPlainList)->Unit(benchmark::kMillisecond);

// Invocations a minute of the application that is the rank-th busiest: so that the shares of the
// busiest 20, 100, 500, 627 and 2,278 are about those of the Azure 2019 release, and most are rare.
double RateOf(double rank) {
  constexpr double kRanks[] = {1, 20, 100, 500, 2278, 5000, 12'000, 24'000};
  constexpr double kRates[] = {89'000, 6000, 800, 100, 5, 1, 1 / 60.0, 1e-4};
  size_t i = 1;
  while (i < 7 && rank > kRanks[i]) ++i;
  const double x = std::log(rank / kRanks[i - 1]) / std::log(kRanks[i] / kRanks[i - 1]);
  return kRates[i - 1] * std::pow(kRates[i] / kRates[i - 1], x);
}

struct Full {
  std::vector<model::MinuteSeries> series;
  std::vector<AppArrivals> apps;
  uint64_t invocations = 0;
  // Each `every`-th of 24,000 applications.
  Full(size_t every, uint32_t days) : series(24'000 / every), apps(24'000 / every) {
    statistics::Random random(7);
    for (size_t i = 0; i < apps.size(); ++i) {
      const double rate = RateOf(static_cast<double>((i + 1) * every));
      for (double at = -std::log(random.Unit()) / std::min(rate, 1.0); at < days * 1440.0;) {
        const double spread = 1 + 0.2 * random.Unit();
        series[i].Append(static_cast<uint32_t>(at),
                         std::max<uint64_t>(1, static_cast<uint64_t>(rate * spread)));
        at = std::floor(at) + 1 + (rate < 1 ? -std::log(random.Unit()) / rate : 0);
      }
      apps[i].minutes = &series[i];
      apps[i].end = days * 86'400.0;
      apps[i].memory_mb = 90 + 200 * std::pow(random.Unit(), 3);
      apps[i].cold_cost_seconds = 0.2 + 5 * random.Unit();
      invocations += series[i].total();
    }
  }
};

// Seconds for two weeks of 24,000 applications, 16 billion invocations, on a server of so many GB;
// all of them together need 3,300 GB.
void BM_FullRelease(benchmark::State& state, CacheRule rule) {
  static const Full full(1, 14);
  uint64_t cold = 0;
  for (auto _ : state) {
    for (const Outcome& one : ReplayCountedCache(full.apps, rule, state.range(0) << 30))
      cold += one.cold;
  }
  state.counters["cold"] = static_cast<double>(cold) / static_cast<double>(state.iterations());
  state.counters["invocations"] = static_cast<double>(full.invocations);
}
BENCHMARK_CAPTURE(BM_FullRelease, lru, CacheRule::kLru)
    ->Arg(1000)
    ->Arg(1500)
    ->Iterations(1)
    ->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(BM_FullRelease, greedy_dual, CacheRule::kGreedyDual)
    ->Arg(1000)
    ->Arg(1500)
    ->Iterations(1)
    ->Unit(benchmark::kSecond);

const Full& Small() {
  static const Full small(50, 1);
  return small;
}

void BM_CacheByMisses(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(
        ReplayCountedCache(Small().apps, CacheRule::kGreedyDual, int64_t{12} << 30).data());
  state.SetItemsProcessed(static_cast<int64_t>(Small().invocations) * state.iterations());
}
BENCHMARK(BM_CacheByMisses)->Unit(benchmark::kMillisecond);

// The same, invocation by invocation in order of time.
void BM_CacheEventByEvent(benchmark::State& state) {
  std::vector<Outcome> outcomes;
  for (auto _ : state)
    outcomes = ReplayTimedCache(Small().apps, CacheRule::kGreedyDual, int64_t{12} << 30);
  for (Outcome& one : outcomes) one.most_at_once = 0;
  // Whole microseconds: the order of a few differs.
  uint64_t cold = 0, expected = 0;
  for (const Outcome& one : outcomes) cold += one.cold;
  for (const Outcome& one :
       ReplayCountedCache(Small().apps, CacheRule::kGreedyDual, int64_t{12} << 30))
    expected += one.cold;
  if (std::abs(static_cast<double>(cold) - static_cast<double>(expected)) >
      0.001 * static_cast<double>(expected))
    state.SkipWithError("the rival has another answer");
  state.counters["cold"] = static_cast<double>(cold);
  state.SetItemsProcessed(static_cast<int64_t>(Small().invocations) * state.iterations());
}
BENCHMARK(BM_CacheEventByEvent)->Unit(benchmark::kMillisecond);

const int kRegistered = [] {
  for (const char* name : {"fixed:10m", "no-unload", "hybrid:4h:no-arima", "ours", "lru:16G",
                           "lfu:16G", "size:16G", "landlord:16G", "greedy-dual:16G"}) {
    benchmark::RegisterBenchmark((std::string("BM_OneDay/") + name).c_str(),
                                 [name](benchmark::State& state) { OneDayUnder(state, {name}); })
        ->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark((std::string("BM_Log/") + name).c_str(),
                                 [name](benchmark::State& state) { LogUnder(state, name); })
        ->Unit(benchmark::kMillisecond);
  }
  return 0;
}();

}  // namespace
}  // namespace plumbago::serverless
