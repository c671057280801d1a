// Rows/s of the decoder and the encoder on one core, on rows as long as the releases': instances
// of 64 digits on 1,300 hosts (2021), short names and 18 values, most of them 0 (2022).
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <random>
#include <string>
#include <vector>

#include "formats/alibaba_samples/sample_format.h"
#include "formats/csv/rows.h"

namespace plumbago::formats {
namespace {

using alibaba_samples::SampleFormat;
using alibaba_samples::SampleTable;

constexpr size_t kRows = 100'000;
constexpr size_t kBlock = 2u << 20;
constexpr size_t kInstances = 20'000;
constexpr size_t kHosts = 1'300;

std::string Digits(std::mt19937_64& random) {
  std::string text;
  while (text.size() < 64) text += fmt::format("{:016x}", random());
  return text;
}

std::string MakeText(const SampleTable& table) {
  const bool of_2021 = table.release == alibaba_samples::Release::k2021;
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> unit(0, 1);
  std::vector<std::string> instances, hosts, services;
  for (size_t i = 0; i < kInstances; ++i) {
    instances.push_back(of_2021 ? Digits(random) : fmt::format("MS_{}_POD_{}", i / 20, i % 20));
  }
  for (size_t i = 0; i < kInstances / 20; ++i) {
    services.push_back(of_2021 ? Digits(random) : fmt::format("MS_{}", i));
  }
  for (size_t i = 0; i < kHosts; ++i) {
    hosts.push_back(of_2021 ? Digits(random) : fmt::format("NODE_{}", i));
  }
  std::string out(table.header);
  for (size_t row = 0; row < kRows; ++row) {
    const size_t time = row / kInstances * 60'000;
    const size_t i = random() % kInstances;
    if (table.long_rows) {
      out += fmt::format("{},{},{},{},{}\n", time, services[i / 20], instances[i],
                         row % 2 == 0 ? "providerRPC_MCR" : "HTTP_RT", 100 * unit(random));
      continue;
    }
    if (table.of_hosts) {
      out += fmt::format("{},{}", time, hosts[i % kHosts]);
    } else if (table.time_last) {
      out += fmt::format("{},{},{}", services[i / 20], instances[i], hosts[i % kHosts]);
    } else {
      out += fmt::format("{},{},{},{}", time, services[i / 20], instances[i], hosts[i % kHosts]);
    }
    for (size_t value = 0; value < table.values.size(); ++value) {
      const bool none = table.values.size() > 2 && value / 2 % 4 != 0;
      out += none ? ",0.0" : fmt::format(",{}", unit(random));
    }
    out += table.time_last ? fmt::format(",{}\n", time) : "\n";
  }
  return out;
}

std::vector<Block> Blocks(std::string_view text) {
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
    samples += batch.samples.size();
    if (keep != nullptr) keep->push_back(batch);
  }
  size_t samples = 0;
  std::vector<model::CallBatch>* keep = nullptr;
};

void SetRates(benchmark::State& state, size_t bytes) {
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kRows));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * bytes));
}

void BM_DecodeSamples(benchmark::State& state, const SampleTable& table) {
  const std::string text = MakeText(table);
  const SampleFormat format(table);
  const auto decoder = format.Open(std::string_view(text).substr(0, 1 << 16), "").value();
  const std::vector<Block> blocks = Blocks(text);
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
  if (sink.samples < state.iterations() * kRows) state.SkipWithError("rows are missing");
  SetRates(state, text.size());
}
BENCHMARK_CAPTURE(BM_DecodeSamples, 2021_resources, alibaba_samples::k2021Resources);
BENCHMARK_CAPTURE(BM_DecodeSamples, 2021_rates, alibaba_samples::k2021Rates);
BENCHMARK_CAPTURE(BM_DecodeSamples, 2021_nodes, alibaba_samples::k2021Nodes);
BENCHMARK_CAPTURE(BM_DecodeSamples, 2022_resources, alibaba_samples::k2022Resources);
BENCHMARK_CAPTURE(BM_DecodeSamples, 2022_rates, alibaba_samples::k2022Rates);
BENCHMARK_CAPTURE(BM_DecodeSamples, 2022_nodes, alibaba_samples::k2022Nodes);

void BM_EncodeSamples(benchmark::State& state, const SampleTable& table) {
  const std::string text = MakeText(table);
  const SampleFormat format(table);
  const auto decoder = format.Open(std::string_view(text).substr(0, 1 << 16), "").value();
  const auto encoder = format.Write().value();
  model::Names names;
  model::NameCaches caches(names);
  model::DamageCounts damage;
  std::vector<model::CallBatch> batches;
  Counting sink;
  sink.keep = &batches;
  for (const Block& block : Blocks(text)) {
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
  SetRates(state, text.size());
}
BENCHMARK_CAPTURE(BM_EncodeSamples, 2021_resources, alibaba_samples::k2021Resources);
BENCHMARK_CAPTURE(BM_EncodeSamples, 2022_rates, alibaba_samples::k2022Rates);

}  // namespace
}  // namespace plumbago::formats
