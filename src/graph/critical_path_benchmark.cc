// Critical paths, slack and replay of a million spans in memory: spans a second.
#include <benchmark/benchmark.h>

#include <vector>

#include "graph/critical_path.h"
#include "graph/replay.h"
#include "graph/slack.h"
#include "graph/testing/many_spans.h"

namespace plumbago::graph {
namespace {

template <class Each>
void Run(benchmark::State& state, Each&& each) {
  const auto traces = testing::ManySpans(static_cast<uint32_t>(state.range(0)), 1'000'000);
  int64_t spans = 0;
  for (auto _ : state) {
    for (const auto& trace : traces) {
      each(trace);
      spans += static_cast<int64_t>(trace.size());
    }
  }
  state.SetItemsProcessed(spans);
}

void BM_CriticalPath(benchmark::State& state) {
  SpanWindows windows;
  CriticalPath path;
  Run(state, [&](const std::vector<TraceSpan>& trace) {
    windows.Set(trace);
    path.Find(windows);
    benchmark::DoNotOptimize(path.sections().data());
  });
}
void BM_CriticalPathAndSlack(benchmark::State& state) {
  SpanWindows windows;
  CriticalPath path;
  Slack slack;
  Run(state, [&](const std::vector<TraceSpan>& trace) {
    windows.Set(trace);
    path.Find(windows);
    slack.Find(windows, path);
    benchmark::DoNotOptimize(slack.drag_ns(0));
  });
}
void BM_Replay(benchmark::State& state) {
  SpanWindows windows;
  Replay replay;
  const std::vector<uint32_t> left(static_cast<size_t>(state.range(0)), kAll / 2);
  Run(state, [&](const std::vector<TraceSpan>& trace) {
    windows.Set(trace);
    replay.Run(windows, left);
    benchmark::DoNotOptimize(replay.duration_ns(0));
  });
}
BENCHMARK(BM_CriticalPath)->Arg(25)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_CriticalPathAndSlack)->Arg(25)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Replay)->Arg(25)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace plumbago::graph
