// Critical paths, slack and replay of a million spans in memory: spans a second.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <random>
#include <vector>

#include "graph/critical_path.h"
#include "graph/replay.h"
#include "graph/slack.h"

namespace plumbago::graph {
namespace {

constexpr uint32_t kSpans = 1'000'000;

// Traces of `size` spans: each has some children, one after the other or side by side.
std::vector<std::vector<TraceSpan>> Make(uint32_t size) {
  std::mt19937_64 random(7);
  const auto below = [&](int64_t n) {
    return static_cast<int64_t>(random() % static_cast<uint64_t>(n));
  };
  std::vector<std::vector<TraceSpan>> traces(kSpans / size);
  struct Open {
    uint32_t span;
    uint32_t children;
    int64_t at;
  };
  std::vector<Open> open;
  for (std::vector<TraceSpan>& spans : traces) {
    spans.resize(1);
    spans[0].start_ns = 0;
    spans[0].duration_ns = int64_t{1} << 40;
    open.assign(1, {0, UINT32_MAX, 0});
    while (spans.size() < size) {
      Open& from = open.back();
      const TraceSpan parent = spans[from.span];
      const int64_t most = (parent.end_ns() - from.at) / 2;
      if (from.children == 0 || most < 16) {
        if (open.size() == 1) from.at = 0;  // again from the start: side by side
        if (open.size() > 1) open.pop_back();
        continue;
      }
      --from.children;
      TraceSpan span;
      span.parent = from.span;
      span.service = static_cast<model::ServiceId>(below(30));
      span.start_ns = from.at + below(1 + most / 8);
      span.duration_ns = 1 + below(size > 1000 ? 1 << 20 : most);
      span.duration_ns = std::min(span.duration_ns, parent.end_ns() - span.start_ns);
      from.at = below(4) == 0 ? span.start_ns : span.end_ns();
      const auto self = static_cast<uint32_t>(spans.size());
      open.push_back({self, static_cast<uint32_t>(below(5)), span.start_ns});
      spans.push_back(span);
    }
    for (uint32_t i = size; i-- > 0;) {
      spans[i].subtree_end = std::max(spans[i].subtree_end, i + 1);
      if (i == 0) continue;
      uint32_t& end = spans[spans[i].parent].subtree_end;
      end = std::max(end, spans[i].subtree_end);
    }
  }
  return traces;
}

template <class Each>
void Run(benchmark::State& state, Each&& each) {
  const auto traces = Make(static_cast<uint32_t>(state.range(0)));
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
