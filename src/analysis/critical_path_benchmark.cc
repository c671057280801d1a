// The merged critical path of a million spans in memory, of 30 services with 4 operations each.
#include <benchmark/benchmark.h>

#include "analysis/critical_path.h"
#include "graph/testing/many_spans.h"

namespace plumbago::analysis {
namespace {

void BM_MergedCriticalPath(benchmark::State& state) {
  const auto traces = graph::testing::ManySpans(static_cast<uint32_t>(state.range(0)), 1'000'000);
  model::Names names;
  for (int i = 1; i <= 200; ++i) {
    names.Service("service" + std::to_string(i));
    names.Operation("operation" + std::to_string(i));
  }
  const std::vector<Faster> faster{*ParseFaster("service7=20%")};
  Facts facts;
  facts.names = &names;
  if (state.range(1) != 0) facts.faster = faster;
  const graph::TraceCall call;
  int64_t spans = 0;
  for (auto _ : state) {
    CriticalPath::State observed;
    uint64_t id = 0;
    for (const auto& trace : traces) {
      graph::CallGraph graph;
      graph.trace = {.hi = 1, .lo = ++id * 0x9E3779B97F4A7C15u};
      graph.calls = std::span(&call, 1);
      graph.spans = trace;
      CriticalPath::Observe(observed, graph, facts);
      spans += static_cast<int64_t>(trace.size());
    }
    benchmark::DoNotOptimize(CriticalPath::Conclude(observed, facts).tables.data());
  }
  state.SetItemsProcessed(spans);
}
// Spans a trace, and whether there is a what-if.
BENCHMARK(BM_MergedCriticalPath)
    ->Args({25, 0})
    ->Args({25, 1})
    ->Args({1'000'000, 0})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace plumbago::analysis
