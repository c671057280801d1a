// Add on 15-call traces over 28,500 entries, drawn so that few of them have most of the calls
// (Zipf), as in real data.
#include "graph/dependency_graph.h"

#include <benchmark/benchmark.h>

#include <cmath>
#include <random>
#include <vector>

#include "base/strong_id.h"

namespace plumbago::graph {
namespace {

void BM_Add(benchmark::State& state) {
  const auto entries = static_cast<uint32_t>(state.range(0));
  std::mt19937 engine(1);
  std::uniform_real_distribution<double> uniform;
  std::vector<std::vector<TraceCall>> traces(4096);
  for (auto& calls : traces) {
    for (int i = 0; i < 15; ++i) {
      const auto rank = static_cast<uint32_t>(std::pow(entries, uniform(engine))) - 1;
      TraceCall call;
      call.caller = Id<model::ServiceId>(1 + rank * 7919 % 18330);
      call.callee = Id<model::ServiceId>(1 + rank % 18330);
      call.operation = Id<model::OperationId>(rank);
      call.client = {0, static_cast<int64_t>(engine() % 100) * 1'000'000};
      call.self_ns = call.client.duration_ns / 2;
      calls.push_back(call);
    }
  }
  DependencyGraph graph;
  for (auto _ : state) {
    for (const auto& calls : traces) {
      CallGraph trace;
      trace.calls = calls;
      graph.Add(trace);
    }
  }
  state.counters["bytes"] = static_cast<double>(graph.allocated());
  state.counters["s_per_call"] = benchmark::Counter(
      4096.0 * 15, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(BM_Add)->Arg(500)->Arg(28500)->Arg(1000000);

}  // namespace
}  // namespace plumbago::graph
