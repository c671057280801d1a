// What each analysis costs a call, on traces of 15 calls among 20,000 services; and counting the
// pairs of wide callers.
#include <benchmark/benchmark.h>

#include <random>
#include <string>
#include <vector>

#include "analysis/analysis.h"
#include "analysis/overlap_counts.h"
#include "base/strong_id.h"
#include "graph/graph_measure.h"

namespace plumbago::analysis {
namespace {

constexpr uint32_t kTraces = 256;  // 0.6 MB: in the cache, as a trace is that was just built
constexpr uint32_t kCalls = 15;

struct Traces {
  std::vector<std::vector<graph::TraceCall>> calls;
  std::vector<graph::MeasuredGraph> measured;
  std::vector<graph::CallGraph> graphs;

  // A third of the RPCs are recorded on both sides.
  explicit Traces(bool with_instances) : calls(kTraces), measured(kTraces), graphs(kTraces) {
    std::mt19937 engine(1);
    const auto below = [&engine](uint32_t bound) {
      return static_cast<uint32_t>(engine() % bound);
    };
    for (uint32_t t = 0; t < kTraces; ++t) {
      const uint32_t first = below(2000);
      std::vector<uint32_t> open;
      for (uint32_t i = 0; i < kCalls; ++i) {
        while (open.size() > 1 && below(2) == 0) open.pop_back();
        graph::TraceCall& call = calls[t].emplace_back();
        call.parent = open.empty() ? graph::kNone : open.back();
        call.caller = open.empty() ? model::kNoService : calls[t][open.back()].callee;
        call.callee = Id<model::ServiceId>(1 + (first + below(8)) * 37 % 20000);
        call.operation = Id<model::OperationId>(Index(call.callee));
        call.kind = below(2) ? model::Kind::kRpc : model::Kind::kCache;
        call.client = {int64_t{i} * 1'000'000, int64_t{below(40)} * 1'000'000};
        if (call.kind == model::Kind::kRpc && below(3) == 0) {
          call.server = {call.client.start_ns, call.client.duration_ns * 9 / 10};
        }
        if (with_instances) {
          call.caller_instance = Id<model::InstanceId>(1 + Index(call.caller) * 8 + below(8));
          call.callee_instance = Id<model::InstanceId>(1 + Index(call.callee) * 8 + below(8));
        }
        open.push_back(i);
      }
      graph::Measure(calls[t], measured[t]);
      graphs[t].trace = {.hi = 0, .lo = t};
      graphs[t].calls = calls[t];
      graphs[t].nodes = measured[t].nodes;
      graphs[t].edges = measured[t].edges;
      graphs[t].sides_marked = true;
    }
  }
};

// Those of the report, and those that only saved states hold.
std::vector<AnyAnalysis> All() {
  std::vector<AnyAnalysis> all;
  for (const auto list : {Analyses(), SavedAnalyses()}) {
    all.insert(all.end(), list.begin(), list.end());
  }
  return all;
}

void BM_Observe(benchmark::State& state) {
  static const Traces made[] = {Traces(false), Traces(true)};
  const Traces& traces = made[state.range(1)];
  const AnyAnalysis analysis = All()[static_cast<size_t>(state.range(0))];
  const auto observed = analysis.make();
  // Names by number, for what goes by their content.
  static const model::Names& names = *[] {
    auto* const made_names = new model::Names();
    for (int i = 1; i <= 20'000; ++i) {
      made_names->Service("service" + std::to_string(i));
      made_names->Operation("operation" + std::to_string(i));
    }
    return made_names;
  }();
  Facts facts;
  facts.names = &names;
  for (auto _ : state) {
    for (const graph::CallGraph& graph : traces.graphs) observed->Observe(graph, facts);
  }
  state.SetLabel(analysis.description->id + std::string(state.range(1) ? ", instances" : ""));
  state.counters["s_per_call"] =
      benchmark::Counter(kTraces * kCalls, benchmark::Counter::kIsIterationInvariantRate |
                                               benchmark::Counter::kInvert);
}
BENCHMARK(BM_Observe)->Apply([](benchmark::internal::Benchmark* all) {
  for (size_t i = 0; i < All().size(); ++i) {
    for (const int64_t with_instances : {0, 1})
      all->Args({static_cast<int64_t>(i), with_instances});
  }
});

void BM_Pairs(benchmark::State& state) {
  std::mt19937 engine(1);
  std::vector<TimeSpan> spans(static_cast<size_t>(state.range(0)));
  for (TimeSpan& span : spans) {
    span.start = static_cast<int64_t>(engine() % (10 * spans.size()));
    span.end = span.start + static_cast<int64_t>(engine() % 100);
  }
  OverlapCounter counter;
  for (auto _ : state) {
    std::vector<TimeSpan> copy = spans;
    benchmark::DoNotOptimize(counter.Count(copy, 1).surely);
  }
  state.counters["s_per_span"] = benchmark::Counter(
      static_cast<double>(spans.size()),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(BM_Pairs)->Arg(3)->Arg(32)->Arg(33)->Arg(1000)->Arg(100000);

}  // namespace
}  // namespace plumbago::analysis
