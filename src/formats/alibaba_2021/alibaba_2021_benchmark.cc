// Rows/s of the decoder and the encoder on one core, on rows as long and as varied as the
// release's: 20,000 services and 28,000 interfaces of 64 digits with a Zipf-like use, in time order
// (neighbours are of different traces). Next to them what the parts cost: finding delimiters, and
// cutting rows.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "formats/alibaba_2021/alibaba_2021.h"
#include "formats/csv/rows.h"

namespace plumbago::formats {
namespace {

constexpr size_t kRows = 200'000;
constexpr size_t kBlock = 2u << 20;

std::string Digits(std::mt19937_64& random, size_t size) {
  std::string text;
  while (text.size() < size) text += fmt::format("{:016x}", random());
  text.resize(size);
  return text;
}

// An index below `size`, small ones more often.
size_t Skewed(std::mt19937_64& random, size_t size) {
  const double u = std::uniform_real_distribution<double>(0, 1)(random);
  return std::min(size - 1, static_cast<size_t>(std::pow(static_cast<double>(size), u)) - 1);
}

const std::string& Text() {
  static const std::string text = [] {
    std::mt19937_64 random(1);
    std::vector<std::string> services, operations, traces;
    for (int i = 0; i < 20'000; ++i) services.push_back(Digits(random, 64));
    for (int i = 0; i < 28'000; ++i) operations.push_back(Digits(random, 64));
    for (int i = 0; i < 20'000; ++i) {
      traces.push_back(
          fmt::format("0b{}{:013}000{}", Digits(random, 6), 1591923600000 + i, Digits(random, 5))
              .substr(0, 30));
    }
    std::string out = ",traceid,timestamp,rpcid,um,rpctype,dm,interface,rt\n";
    static const char* const kKinds[] = {"rpc", "rpc", "mc", "mc", "http", "db", "mq"};
    for (size_t row = 0; row < kRows; ++row) {
      const char* kind = kKinds[random() % 7];
      std::string path = "0.1";
      for (size_t depth = random() % 6; depth > 0; --depth)
        path += fmt::format(".{}", Skewed(random, 30) + 1);
      const bool named = kind[0] == 'r' || kind[0] == 'h';
      const auto rt = static_cast<int64_t>(Skewed(random, 500));
      out += fmt::format("{},{},{},{},{},{},{},{},{}\n", row, traces[random() % traces.size()],
                         1'000'000 + row / 20, path, services[Skewed(random, services.size())],
                         kind, services[Skewed(random, services.size())],
                         named ? operations[Skewed(random, operations.size())] : "",
                         named && random() % 2 == 0 ? -rt : rt);
    }
    return out;
  }();
  return text;
}

// The text in blocks, as the engine hands them on.
std::vector<Block> Blocks() {
  std::string_view text = Text();
  std::vector<Block> blocks;
  while (!text.empty()) {
    const size_t size = csv::CutLines(text.substr(0, kBlock), text.size() <= kBlock);
    Block block;
    block.index = static_cast<uint32_t>(blocks.size());
    block.first = blocks.empty();
    block.text = text.substr(0, size);
    blocks.push_back(block);
    text.remove_prefix(size);
  }
  return blocks;
}

struct Counting final : BatchSink {
  void Accept(model::CallBatch& batch) override {
    rows += batch.calls.size();
    if (keep != nullptr) keep->push_back(batch);
  }
  size_t rows = 0;
  std::vector<model::CallBatch>* keep = nullptr;
};

void SetRates(benchmark::State& state) {
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kRows));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * Text().size()));
}

void BM_Decode(benchmark::State& state) {
  const auto decoder =
      alibaba_2021::Alibaba2021().Open(std::string_view(Text()).substr(0, 1 << 16), "").value();
  const std::vector<Block> blocks = Blocks();
  model::Names names;
  model::NameCaches caches(names);
  model::DamageCounts damage;
  Counting sink;
  for (auto _ : state) {
    for (const Block& block : blocks) {
      DecodeContext context{caches, damage, sink};
      decoder->Decode(block, context);
    }
  }
  if (sink.rows != state.iterations() * kRows) state.SkipWithError("rows are missing");
  SetRates(state);
}
BENCHMARK(BM_Decode)->Unit(benchmark::kMillisecond);

void BM_Encode(benchmark::State& state) {
  const auto decoder =
      alibaba_2021::Alibaba2021().Open(std::string_view(Text()).substr(0, 1 << 16), "").value();
  const auto encoder = alibaba_2021::Alibaba2021().Write().value();
  model::Names names;
  model::NameCaches caches(names);
  model::DamageCounts damage;
  std::vector<model::CallBatch> batches;
  Counting sink;
  sink.keep = &batches;
  for (const Block& block : Blocks()) {
    DecodeContext context{caches, damage, sink};
    decoder->Decode(block, context);
  }
  std::string out;
  for (auto _ : state) {
    for (const model::CallBatch& batch : batches) {
      if (out.size() > kBlock) out.clear();
      encoder->Encode(batch, names, out);
    }
  }
  SetRates(state);
}
BENCHMARK(BM_Encode)->Unit(benchmark::kMillisecond);

void BM_ScanDelimiters(benchmark::State& state) {
  const std::string& text = Text();
  csv::Delimiters delimiters(csv::kMaxLineBytes);
  for (auto _ : state) {
    for (size_t at = 0; at + 2 * csv::kMaxLineBytes < text.size(); at += csv::kMaxLineBytes) {
      const std::string_view window(text.data() + at, csv::kMaxLineBytes);
      state.range(0) == 0 ? delimiters.Scan(window) : delimiters.ScanPortably(window);
      benchmark::DoNotOptimize(delimiters.size());
    }
  }
  SetRates(state);
}
BENCHMARK(BM_ScanDelimiters)->ArgName("portable")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void BM_CutRows(benchmark::State& state) {
  const std::vector<Block> blocks = Blocks();
  for (auto _ : state) {
    for (const Block& block : blocks) {
      csv::RowReader reader(9);
      uint64_t sum = 0;
      reader.Read(
          block.text, 0, [&](const csv::Row& row) { sum += row[3].size(); },
          [](const csv::BadLine&) {});
      benchmark::DoNotOptimize(sum);
    }
  }
  SetRates(state);
}
BENCHMARK(BM_CutRows)->Unit(benchmark::kMillisecond);

void BM_EncodePath(benchmark::State& state) {
  std::vector<std::string_view> paths;
  csv::RowReader reader(9);
  for (const Block& block : Blocks()) {
    reader.Read(
        block.text, 0, [&](const csv::Row& row) { paths.push_back(row[3]); },
        [](const csv::BadLine&) {});
  }
  char out[model::kMaxPathBytes + 16];
  for (auto _ : state) {
    for (const std::string_view path : paths)
      benchmark::DoNotOptimize(model::EncodePath(path, out));
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * paths.size()));
}
BENCHMARK(BM_EncodePath)->Unit(benchmark::kMillisecond);

void BM_ParseTraceId(benchmark::State& state) {
  std::vector<std::string_view> traces;
  csv::RowReader reader(9);
  for (const Block& block : Blocks()) {
    reader.Read(
        block.text, 0, [&](const csv::Row& row) { traces.push_back(row[1]); },
        [](const csv::BadLine&) {});
  }
  for (auto _ : state) {
    for (const std::string_view trace : traces)
      benchmark::DoNotOptimize(model::TraceId::Parse(trace));
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * traces.size()));
}
BENCHMARK(BM_ParseTraceId)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace plumbago::formats
