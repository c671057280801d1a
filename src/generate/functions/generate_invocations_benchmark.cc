// Tables into a sink that drops them, on 1 and 2 threads; beside the rows as one would write them
// plainly (a formatted number a minute), the same bytes.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <atomic>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "generate/functions/generate_invocations.h"
#include "generate/functions/minute_rows.h"

namespace plumbago::generate::functions {
namespace {

void BM_Tables(benchmark::State& state) {
  InvocationOptions options;
  options.apps = 2000;
  options.memory_days = 12;
  options.threads = static_cast<unsigned>(state.range(0));
  std::atomic<uint64_t> bytes = 0;
  for (auto _ : state) {
    const auto made = GenerateInvocations(
        PublishedShape(), options,
        [&](Table, uint32_t, std::string_view text) -> Result<void> {
          bytes += text.size();
          return {};
        },
        [] { return false; });
    if (!made) state.SkipWithError(made.error().message.c_str());
  }
  state.SetBytesProcessed(static_cast<int64_t>(bytes.load()));
}
BENCHMARK(BM_Tables)
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->MeasureProcessCPUTime();

// A row with an invocation every few minutes.
std::vector<MinuteCount> Counts(uint32_t every) {
  std::vector<MinuteCount> counts;
  for (uint32_t m = 0; m < kMinutesOfDay; m += every) counts.push_back({m, 1 + m % 30});
  return counts;
}

void AppendPlainly(std::string_view names, std::span<const MinuteCount> counts, std::string& text) {
  text += names;
  size_t next = 0;
  for (uint32_t minute = 0; minute < kMinutesOfDay; ++minute) {
    uint32_t count = 0;
    if (next < counts.size() && counts[next].minute == minute) count = counts[next++].count;
    fmt::format_to(std::back_inserter(text), "{}{}", count,
                   minute + 1 < kMinutesOfDay ? "," : "\n");
  }
}

void BM_Row(benchmark::State& state, bool plain) {
  const std::vector<MinuteCount> counts = Counts(static_cast<uint32_t>(state.range(0)));
  std::string text, other;
  AppendMinuteRow("o,a,f,http,", counts, text);
  AppendPlainly("o,a,f,http,", counts, other);
  if (text != other) state.SkipWithError("the rows differ");
  for (auto _ : state) {
    text.clear();
    if (plain) {
      AppendPlainly("o,a,f,http,", counts, text);
    } else {
      AppendMinuteRow("o,a,f,http,", counts, text);
    }
    benchmark::DoNotOptimize(text.data());
  }
  state.SetBytesProcessed(static_cast<int64_t>(text.size()) * state.iterations());
}
BENCHMARK_CAPTURE(BM_Row, ours, false)->Arg(1)->Arg(20);
BENCHMARK_CAPTURE(BM_Row, plain, true)->Arg(1)->Arg(20);

}  // namespace
}  // namespace plumbago::generate::functions
