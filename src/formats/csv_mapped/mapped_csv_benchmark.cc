// What decoding a mapped table costs: spans of Nezha's layout (made up), and a table of samples.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <memory>
#include <random>
#include <string>

#include "base/check.h"
#include "formats/csv_mapped/map_file.h"
#include "formats/csv_mapped/mapped_csv.h"

namespace plumbago::formats {
namespace {

class Counter final : public BatchSink {
 public:
  void Accept(model::CallBatch& batch) override {
    records += batch.calls.size() + batch.samples.size();
  }
  uint64_t records = 0;
};

std::string Spans(int rows) {
  std::mt19937_64 random(1);
  std::string text =
      "TraceID,SpanID,ParentID,PodName,OperationName,StartTimeUnixNano,EndTimeUnixNano,Duration\n";
  uint64_t trace = 0;
  for (int i = 0; i < rows; ++i) {
    if (i % 40 == 0) trace = random();
    const uint64_t start = 1'600'000'000'000'000'000 + random() % 3'600'000'000'000;
    const uint64_t duration = random() % 1'000'000'000;
    fmt::format_to(std::back_inserter(text), "{:016x}{:016x},{:016x},", trace, ~trace, random());
    i % 40 == 0 ? text += "root"
                : (fmt::format_to(std::back_inserter(text), "{:016x}", random()), text);
    fmt::format_to(std::back_inserter(text),
                   ",some-{}-service-5b67c48447-fj8b7,some.package.Service/Operation{},{},{},{}\n",
                   random() % 40, random() % 200, start, start + duration, duration / 1000);
  }
  return text;
}

std::string Pods(int rows) {
  std::mt19937_64 random(1);
  std::string text =
      "TimeStamp,PodName,CpuUsageRate(%),MemoryUsageRate(%),NodeCpuUsageRate(%),"
      "NodeMemoryUsageRate(%),PodWorkload(Ops),PodServerLatencyP90(s),PodClientLatencyP90(s)\n";
  for (int i = 0; i < rows; ++i) {
    fmt::format_to(std::back_inserter(text), "{},some-{}-service-5b67c48447-fj8b7",
                   1'600'000'000 + i, random() % 40);
    for (int c = 0; c < 7; ++c)
      fmt::format_to(std::back_inserter(text), ",{}",
                     static_cast<double>(random() % 100'000) / 977);
    text += '\n';
  }
  return text;
}

void Decode(benchmark::State& state, std::string text, int rows) {
  auto map = ReadMap("examples/maps/nezha.toml");
  CHECK(map.has_value());
  const MappedCsv format(std::move(*map));
  const auto decoder = format.Open(text, "x_metric.csv");
  CHECK(decoder.has_value());
  const size_t size = text.size();
  text.append(64, '\0');
  model::Names names;
  model::NameCaches caches(names);
  model::DamageCounts damage;
  Counter counter;
  for (auto _ : state) {
    Block block;
    block.first = true;
    block.text = std::string_view(text.data(), size);
    DecodeContext context{caches, damage, counter};
    (*decoder)->Decode(block, context);
  }
  CHECK(damage.Count(model::Damage::kMalformed) == 0 && counter.records > 0);
  state.SetItemsProcessed(state.iterations() * rows);
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(size));
}

// Run in the root of the checkout: it reads examples/maps/nezha.toml.
void BM_MappedSpans(benchmark::State& state) { Decode(state, Spans(20'000), 20'000); }
BENCHMARK(BM_MappedSpans);

void BM_MappedSamples(benchmark::State& state) { Decode(state, Pods(20'000), 20'000); }
BENCHMARK(BM_MappedSamples);

}  // namespace
}  // namespace plumbago::formats
