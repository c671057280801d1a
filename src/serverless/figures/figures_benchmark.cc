// The heavy sections over a workload of the release's size: 24,000 applications, 14 days.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "base/worker_threads.h"
#include "serverless/figures/figures.h"
#include "serverless/figures/found_period.h"
#include "serverless/figures/periods.h"
#include "serverless/figures/together.h"
#include "statistics/random.h"

namespace plumbago::serverless {
namespace {

using statistics::Random;

constexpr uint32_t kSpan = 14 * 1440;

// Timers, Poisson streams of rates over four orders, bursts; owners of one to four applications.
Workload Make(size_t apps) {
  Random random(1);
  Workload load;
  load.end_minute = kSpan;
  size_t owner = 0;
  for (size_t a = 0; a < apps; ++a) {
    AppLoad& app = load.apps.emplace_back();
    if (random.Unit() < 0.6) ++owner;
    char name[16];
    std::snprintf(name, sizeof name, "%06zu", owner);
    app.owner = name;
    std::snprintf(name, sizeof name, "%06zu", a);
    app.name = name;
    const size_t functions = random.Unit() < 0.54 ? 1 : 1 + random.Below(8);
    for (size_t f = 0; f < functions; ++f) {
      FunctionLoad& function = app.functions.emplace_back();
      function.name = std::to_string(f);
      if (random.Unit() < 0.28) {
        constexpr uint32_t kPeriods[] = {1, 5, 5, 15, 60, 1440};
        const auto period = kPeriods[random.Below(6)];
        function.trigger = model::Trigger::kTimer;
        for (auto at = static_cast<uint32_t>(random.Below(period)); at < kSpan; at += period)
          function.minutes.Append(at, 1);
      } else {
        function.trigger = model::Trigger::kHttp;
        const double gap = std::pow(10, 4 * random.Unit());
        uint32_t last = 0;
        for (double at = 1; at < kSpan; at -= gap * std::log(random.Unit())) {
          const auto minute = static_cast<uint32_t>(at);
          if (minute > last) function.minutes.Append(minute, 1 + random.Below(3));
          last = std::max(last, minute);
        }
      }
      app.minutes = model::MinuteSeries::Sum(app.minutes, function.minutes);
    }
    load.invocations += app.minutes.total();
  }
  return load;
}

const Workload& Full() {
  static const Workload load = Make(24'000);
  return load;
}

// Which lag of 2 .. 7 days has the most pairs of minutes, by trying each: what FindPeriod answers
// from few candidates.
uint32_t BestLag(const model::MinuteSeries& series) {
  std::vector<uint8_t> active(kSpan);
  series.ForEach([&](uint32_t minute, uint64_t) { active[minute] = 1; });
  uint32_t best = 0;
  double most = 0;
  for (uint32_t lag = 2; lag <= 7 * 1440; ++lag) {
    uint32_t pairs = 0;
    for (uint32_t minute = 0; minute + lag < kSpan; ++minute)
      pairs += active[minute] & active[minute + lag];
    const double share = static_cast<double>(pairs) / (kSpan - lag);
    if (share > most * 1.02) {
      most = share;
      best = lag;
    }
  }
  return best;
}

model::MinuteSeries Timer(uint32_t period) {
  model::MinuteSeries series;
  for (uint32_t at = 3; at < kSpan; at += period) series.Append(at, 1);
  return series;
}

void OnePeriod(benchmark::State& state) {
  const model::MinuteSeries series = Timer(37);
  for (auto _ : state) {
    const auto found = FindPeriod(series, 0, kSpan);
    if (!found || found->minutes != 37) state.SkipWithError("wrong period");
  }
}
BENCHMARK(OnePeriod)->Unit(benchmark::kMicrosecond);

void OnePeriodByEveryLag(benchmark::State& state) {
  const model::MinuteSeries series = Timer(37);
  for (auto _ : state) {
    if (BestLag(series) != 37) state.SkipWithError("wrong period");
  }
}
BENCHMARK(OnePeriodByEveryLag)->Unit(benchmark::kMicrosecond);

void AllPeriods(benchmark::State& state) {
  const Workload& load = Full();
  for (auto _ : state) {
    uint64_t tested = 0;
    benchmark::DoNotOptimize(PeriodicFunctions(load, AvailableCores(), &tested));
  }
}
BENCHMARK(AllPeriods)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

void AllTogether(benchmark::State& state) {
  const Workload& load = Full();
  for (auto _ : state) benchmark::DoNotOptimize(FindTogether(load, AvailableCores()));
}
BENCHMARK(AllTogether)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

void EachSection(benchmark::State& state) {
  const FigureContext context = Context(Full(), AvailableCores(), 20);
  const FigureSection& of = FigureSections()[static_cast<size_t>(state.range(0))];
  state.SetLabel(of.id);
  for (auto _ : state) {
    document::Section section;
    benchmark::DoNotOptimize(of.make(context, section));
  }
}
BENCHMARK(EachSection)
    ->DenseRange(0, static_cast<int>(FigureSections().size()) - 1)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

}  // namespace
}  // namespace plumbago::serverless
