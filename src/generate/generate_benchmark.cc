// System: building the planted system. Walk: traces into compact rows. Traces: all of it, with a format's encoder,
// given to a sink that drops the text; rows/s is to be compared with the analysis of the same rows.
#include <benchmark/benchmark.h>

#include "generate/generate_traces.h"
#include "generate/trace_walk.h"

namespace plumbago::generate {
namespace {

void BM_System(benchmark::State& state) {
  for (auto _ : state) {
    const System system(Shape2021(), static_cast<uint32_t>(state.range(0)), 1);
    benchmark::DoNotOptimize(system.edges().size());
  }
}
BENCHMARK(BM_System)->Arg(1000)->Arg(20'000)->Unit(benchmark::kMillisecond);

void BM_Walk(benchmark::State& state) {
  const System system(Shape2021(), 20'000, 1);
  const TraceOptions options;
  TraceWalk walk(system, options);
  TraceBlock block;
  uint64_t index = 0, rows = 0;
  for (auto _ : state) {
    walk.MakeBlock(index++, {}, block);
    rows += block.rows;
  }
  state.SetItemsProcessed(static_cast<int64_t>(rows));
}
BENCHMARK(BM_Walk)->Unit(benchmark::kMillisecond);

void BM_Traces(benchmark::State& state, const char* name) {
  const auto format = formats::FindFormat(name);
  if (!format) {
    state.SkipWithError(format.error().message.c_str());
    return;
  }
  TraceOptions options;
  options.rows = 1'000'000;
  options.format = *format;
  options.threads = static_cast<unsigned>(state.range(0));
  uint64_t bytes = 0;
  for (auto _ : state) {
    const auto made = GenerateTraces(options, [&bytes](std::string_view text) -> Result<void> {
      bytes += text.size();
      return {};
    });
    if (!made) state.SkipWithError(made.error().message.c_str());
  }
  state.SetItemsProcessed(static_cast<int64_t>(options.rows * state.iterations()));
  state.SetBytesProcessed(static_cast<int64_t>(bytes));
}
BENCHMARK_CAPTURE(BM_Traces, alibaba_2021, "alibaba-2021")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();
BENCHMARK_CAPTURE(BM_Traces, alibaba_2022, "alibaba-2022")->Arg(2)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

}  // namespace
}  // namespace plumbago::generate
