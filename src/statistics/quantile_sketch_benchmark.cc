#include "statistics/quantile_sketch.h"

#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

namespace plumbago::statistics {
namespace {

// Whole milliseconds as in the Alibaba releases: 70 % at most 1 ms, a long tail.
std::vector<int64_t> Latencies(size_t n) {
  std::vector<int64_t> values(n);
  uint64_t state = 1;
  for (int64_t& value : values) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    const double u = static_cast<double>(state >> 11) * 0x1p-53;
    value = static_cast<int64_t>(0.45 / std::pow(1 - u, 0.9)) * 1'000'000;
  }
  return values;
}

void BM_Add(benchmark::State& state) {
  const std::vector<int64_t> values = Latencies(1 << 16);
  QuantileSketch sketch;
  size_t at = 0;
  for (auto _ : state) {
    sketch.Add(values[at++ & 0xFFFF]);
  }
  benchmark::DoNotOptimize(sketch.count());
}
BENCHMARK(BM_Add);

// Many sketches at once, `range` of them: what edges do to the caches.
void BM_AddToManySketches(benchmark::State& state) {
  const std::vector<int64_t> values = Latencies(1 << 16);
  std::vector<QuantileSketch> sketches(static_cast<size_t>(state.range(0)));
  size_t at = 0;
  uint64_t random = 1;
  for (auto _ : state) {
    random = random * 6364136223846793005ull + 1442695040888963407ull;
    sketches[(random >> 33) % sketches.size()].Add(values[at++ & 0xFFFF]);
  }
  size_t bytes = 0;
  for (const QuantileSketch& sketch : sketches) bytes += sizeof sketch + sketch.allocated();
  state.counters["bytes_each"] = static_cast<double>(bytes) / static_cast<double>(sketches.size());
}
BENCHMARK(BM_AddToManySketches)->Arg(1000)->Arg(20'000)->Arg(1'000'000);

void BM_BucketByLogarithm(benchmark::State& state) {  // what the table replaces
  const std::vector<int64_t> values = Latencies(1 << 16);
  size_t at = 0;
  uint64_t sum = 0;
  for (auto _ : state) {
    sum += static_cast<uint64_t>(std::log2(static_cast<double>(values[at++ & 0xFFFF] + 1)) * 35);
  }
  benchmark::DoNotOptimize(sum);
}
BENCHMARK(BM_BucketByLogarithm);

void BM_Merge(benchmark::State& state) {
  QuantileSketch one, other;
  for (const int64_t value : Latencies(1 << 16)) one.Add(value);
  for (const int64_t value : Latencies(1 << 14)) other.Add(value);
  for (auto _ : state) one.Merge(other);
}
BENCHMARK(BM_Merge);

void BM_Quantile(benchmark::State& state) {
  QuantileSketch sketch;
  for (const int64_t value : Latencies(1 << 16)) sketch.Add(value);
  for (auto _ : state) benchmark::DoNotOptimize(sketch.Quantile(0.99));
}
BENCHMARK(BM_Quantile);

}  // namespace
}  // namespace plumbago::statistics
