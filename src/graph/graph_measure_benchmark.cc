// Measure on traces as they are: 15 calls of 8 services, callees in order; and with clock jitter.
#include "graph/graph_measure.h"

#include <benchmark/benchmark.h>

#include <random>
#include <vector>

#include "base/strong_id.h"

namespace plumbago::graph {
namespace {

std::vector<std::vector<TraceCall>> Traces(uint32_t size, bool jitter) {
  std::mt19937 engine(1);
  const auto below = [&engine](uint32_t bound) { return static_cast<uint32_t>(engine() % bound); };
  std::vector<std::vector<TraceCall>> traces(64);
  for (auto& calls : traces) {
    const uint32_t first = below(20000);
    std::vector<uint32_t> open;
    for (uint32_t i = 0; i < size; ++i) {
      while (open.size() > 1 && below(2) == 0) open.pop_back();
      TraceCall call;
      call.parent = open.empty() ? kNone : open.back();
      call.caller = open.empty() ? model::kNoService : calls[open.back()].callee;
      call.callee = Id<model::ServiceId>(1 + (first + below(size / 2)) * 37 % 20000);
      call.kind = below(2) ? model::Kind::kRpc : model::Kind::kCache;
      call.client = {jitter ? below(100) : i, size - i};
      call.server = call.client;
      calls.push_back(call);
      open.push_back(i);
    }
  }
  return traces;
}

void BM_Measure(benchmark::State& state) {
  const auto size = static_cast<uint32_t>(state.range(0));
  auto traces = Traces(size, state.range(1) != 0);
  MeasuredGraph graph;
  for (auto _ : state) {
    for (auto& calls : traces) Measure(calls, graph);
    benchmark::DoNotOptimize(graph.nodes.data());
  }
  state.SetItemsProcessed(state.iterations() * 64 * size);
  state.counters["s_per_call"] = benchmark::Counter(
      static_cast<double>(64 * size),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(BM_Measure)->Args({6, 0})->Args({15, 0})->Args({30, 0})->Args({15, 1})->Args({1000, 0});

}  // namespace
}  // namespace plumbago::graph
