// Executions as JSON lines and as CSV, beside a rival that does the same work naively: a general
// JSON parser's way of it, a copy of each key and text into a map, and of lines split at commas.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/check.h"
#include "formats/function_logs/azure_2021.h"
#include "formats/function_logs/function_log.h"
#include "formats/testing/plain_executions.h"

namespace plumbago::formats::function_logs {
namespace {

constexpr int kRows = 20'000;

class Counter final : public BatchSink {
 public:
  void Accept(model::CallBatch& batch) override {
    for (const model::Execution& one : batch.functions.executions) {
      ++rows;
      start_us += one.start_us;
    }
  }
  int64_t rows = 0, start_us = 0;
};

std::string Lines() {
  std::string text;
  for (int i = 0; i < kRows; ++i) {
    text += fmt::format(
        "{{\"app\":\"app{}\",\"function\":\"f{}\",\"start\":{},\"duration_ms\":{},\"memory\":128}}"
        "\n",
        i % 100, i % 7, 1'795'694'400'000 + i * 37, i % 900);
  }
  return text;
}

int64_t ExpectedStarts() {
  int64_t sum = 0;
  for (int64_t i = 0; i < kRows; ++i) sum += (1'795'694'400'000 + i * 37) * 1000;
  return sum;
}

std::string Table() {
  std::string text = "app,func,end_timestamp,duration\n";
  for (int i = 0; i < kRows; ++i)
    text += fmt::format("app{},f{},{}.{:03},0.{:03}\n", i % 100, i % 7, i, i % 1000, i % 900);
  return text;
}

// `starts`: their sum, where it is known.
void Decode(benchmark::State& state, const Format& format, std::string text,
            std::optional<int64_t> starts = {}) {
  const size_t size = text.size();
  text.append(64, ' ');
  const std::string_view all(text.data(), size);
  const auto decoder = format.Open(all.substr(0, 1u << 16), "x");
  CHECK(decoder.has_value());
  model::Names names;
  model::NameCaches caches(names);
  for (auto _ : state) {
    model::DamageCounts damage;
    Counter counter;
    DecodeContext context{caches, damage, counter};
    Block block;
    block.first = true;
    block.text = all;
    (*decoder)->Decode(block, context);
    CHECK(counter.rows == kRows && damage.Count(model::Damage::kMalformed) == 0);
    CHECK(!starts || counter.start_us == *starts);
    benchmark::DoNotOptimize(counter.start_us);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(size));
  state.SetItemsProcessed(state.iterations() * kRows);
}

void BM_JsonLines(benchmark::State& state) {
  Decode(state, FunctionLog(), Lines(), ExpectedStarts());
}
BENCHMARK(BM_JsonLines);

// Flat objects only, and nothing is checked.
void BM_JsonLinesIntoMaps(benchmark::State& state) {
  const std::string text = Lines();
  for (auto _ : state) {
    int64_t rows = 0, start_us = 0;
    double rest = 0;
    std::map<std::string, int> names;
    size_t at = 0;
    while (at < text.size()) {
      const size_t end = text.find('\n', at);
      std::map<std::string, std::string> object;
      while (at < end) {
        const size_t key = text.find('"', at) + 1;
        if (key == 0 || key > end) break;
        const size_t key_end = text.find('"', key);
        size_t value = key_end + 2;
        const bool quoted = text[value] == '"';
        if (quoted) ++value;
        const size_t value_end = quoted ? text.find('"', value) : text.find_first_of(",}", value);
        object[text.substr(key, key_end - key)] = text.substr(value, value_end - value);
        at = value_end + 1;
      }
      ++names[object["app"]];
      ++names[object["function"]];
      start_us += std::strtoll(object["start"].c_str(), nullptr, 10) * 1000;
      rest += std::strtod(object["duration_ms"].c_str(), nullptr) +
              std::strtod(object["memory"].c_str(), nullptr);
      ++rows;
      at = end + 1;
    }
    CHECK(rows == kRows && start_us == ExpectedStarts());
    benchmark::DoNotOptimize(rest);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(text.size()));
  state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(BM_JsonLinesIntoMaps);

void BM_Azure2021(benchmark::State& state) { Decode(state, Azure2021(), Table()); }
BENCHMARK(BM_Azure2021);

void BM_Azure2021Split(benchmark::State& state) {
  const std::string text = Table();
  for (auto _ : state) {
    int64_t rows = 0, start_us = 0;
    std::map<std::string, int> names;
    for (size_t at = text.find('\n') + 1; at < text.size();) {
      const size_t end = text.find('\n', at);
      std::vector<std::string> fields;
      while (at < end) {
        const size_t comma = std::min(text.find(',', at), end);
        fields.push_back(text.substr(at, comma - at));
        at = comma + 1;
      }
      ++names[fields[0]];
      ++names[fields[1]];
      start_us += static_cast<int64_t>(
          (std::strtod(fields[2].c_str(), nullptr) - std::strtod(fields[3].c_str(), nullptr)) *
          1e6);
      ++rows;
      at = end + 1;
    }
    CHECK(rows == kRows);
    benchmark::DoNotOptimize(start_us);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(text.size()));
  state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(BM_Azure2021Split);

}  // namespace
}  // namespace plumbago::formats::function_logs
