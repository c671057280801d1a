#include "statistics/distribution_fit.h"

#include <benchmark/benchmark.h>

#include <cmath>

#include "statistics/random.h"

namespace plumbago::statistics {
namespace {

// 300,000 graph sizes with a long tail: about 180 intervals.
std::vector<Group> Sizes(uint64_t n) {
  const Distribution planted{Family::kBurr, std::log(4), 1.6, 0.9};
  Random random(1);
  CountHistogram histogram;
  for (uint64_t i = 0; i < n; ++i) {
    histogram.Add(1 + static_cast<uint64_t>(planted.Quantile(random.Unit())));
  }
  return GroupIntegers(histogram);
}

void BM_Fit(benchmark::State& state) {
  const std::vector<Group> groups = Sizes(300'000);
  const auto family = static_cast<Family>(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(FitDistribution(family, groups));
  state.counters["groups"] = static_cast<double>(groups.size());
}
BENCHMARK(BM_Fit)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void BM_Bootstrap(benchmark::State& state) {
  const std::vector<Group> groups = Sizes(5000);
  const Fit fit = *FitDistribution(static_cast<Family>(state.range(0)), groups);
  for (auto _ : state) benchmark::DoNotOptimize(BootstrapP(fit, groups));
}
BENCHMARK(BM_Bootstrap)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace plumbago::statistics
