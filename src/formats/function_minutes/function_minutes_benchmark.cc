// GB/s of the decoder on one core, over rows as the release has them (sparse; timers; some busy),
// beside going field by field, and beside only looking for the ends of lines (memchr): what no
// reader can be faster than.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <string>

#include "base/check.h"
#include "formats/csv/rows.h"
#include "formats/function_minutes/decoder.h"
#include "formats/function_minutes/minute_table.h"

namespace plumbago::formats::function_minutes {
namespace {

// Counts what it is given, so that two ways can be seen to agree.
class Sum final : public BatchSink {
 public:
  void Accept(model::CallBatch& batch) override {
    for (const model::FunctionMinutes& row : batch.functions.minutes) {
      for (uint32_t i = row.offset; i < row.offset + row.counts; ++i) {
        const auto& count = batch.functions.counts[i];
        sum += uint64_t{count.minute + 1} * count.count;
      }
      rows += 1;
    }
  }
  uint64_t sum = 0, rows = 0;
};

const std::string& Text() {
  static const std::string text = [] {
    std::string made = "HashOwner,HashApp,HashFunction,Trigger";
    for (uint32_t minute = 1; minute <= kMinutesOfDay; ++minute) made += fmt::format(",{}", minute);
    made += '\n';
    std::mt19937_64 engine(1);
    std::uniform_real_distribution<double> unit(0, 1);
    const auto hash = [](uint64_t of) {
      return fmt::format("{0:016x}{1:016x}{1:016x}{0:016x}", of * 0x9E3779B97F4A7C15ull,
                         of * 0xC2B2AE3D27D4EB4Full);
    };
    for (uint32_t row = 0; row < 6'000; ++row) {
      made += fmt::format("{},{},{},http", hash(row / 9), hash(row / 3), hash(row));
      // Of functions: a third below one a day, two thirds below one an hour, 7 % above one a
      // minute (facts of the release).
      const double q = unit(engine);
      const double rate = q < 0.64   ? std::pow(10, 1.4 * q / 0.64)
                          : q < 0.93 ? std::pow(10, 1.4 + 1.8 * (q - 0.64) / 0.29)
                                     : std::pow(10, 3.2 + 3 * (q - 0.93) / 0.07);
      std::poisson_distribution<uint32_t> counts(rate / kMinutesOfDay);
      for (uint32_t minute = 0; minute < kMinutesOfDay; ++minute)
        made += fmt::format(",{}", counts(engine));
      made += '\n';
    }
    made.append(csv::kPadding, '\0');
    return made;
  }();
  return text;
}

void Decode(benchmark::State& state, MinuteDecoder::Way way) {
  const std::string_view text = std::string_view(Text()).substr(0, Text().size() - csv::kPadding);
  const Result<Layout> layout = ReadLayout(TableKind::kAzure2019, text.substr(0, 1u << 16), "");
  CHECK(layout);
  const MinuteDecoder decoder(*layout, way);
  model::Names names;
  model::NameCaches caches(names);
  uint64_t sum = 0;
  for ([[maybe_unused]] auto step : state) {
    model::DamageCounts damage;
    Sum sink;
    // Blocks as readers cut them: what is decoded lies in the cache.
    constexpr size_t kBlock = 2u << 20;
    for (size_t at = 0; at < text.size();) {
      size_t end = std::min(at + kBlock, text.size());
      end = text.rfind('\n', end - 1) + 1;
      Block block;
      block.first = at == 0;
      block.text = text.substr(at, end - at);
      DecodeContext context{caches, damage, sink};
      decoder.Decode(block, context);
      at = end;
    }
    CHECK(sink.rows == 6'000 && damage.Count(model::Damage::kMalformed) == 0);
    sum = sink.sum;
  }
  static uint64_t expected = 0;
  if (expected == 0) expected = sum;
  CHECK(sum == expected);
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) *
                          static_cast<int64_t>(text.size()));
}

void EndsOfLines(benchmark::State& state) {
  const std::string& text = Text();
  for ([[maybe_unused]] auto step : state) {
    uint64_t lines = 0;
    const char* at = text.data();
    const char* const end = at + text.size();
    while ((at = static_cast<const char*>(std::memchr(at, '\n', static_cast<size_t>(end - at)))) !=
           nullptr) {
      ++at;
      ++lines;
    }
    CHECK(lines == 6'001);
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) *
                          static_cast<int64_t>(text.size()));
}

BENCHMARK_CAPTURE(Decode, fast, MinuteDecoder::Way::kFast)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Decode, by_field, MinuteDecoder::Way::kByField)->Unit(benchmark::kMillisecond);
BENCHMARK(EndsOfLines)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace plumbago::formats::function_minutes
