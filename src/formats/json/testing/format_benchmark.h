// For benchmarks: what decoding spans costs. Not part of the program.
#pragma once

#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "formats/format.h"
#include "formats/json/testing/trace_samples.h"

namespace plumbago::formats::json::testing {

struct CountingSink final : BatchSink {
  void Accept(model::CallBatch& batch) override { rows += batch.calls.size(); }
  uint64_t rows = 0;
};

// Keeps the batches of a text.
struct KeepingSink final : BatchSink {
  void Accept(model::CallBatch& batch) override { batches.push_back(batch); }
  std::vector<model::CallBatch> batches;
};

// Decodes `text` in blocks of 2 MiB, as the block source cuts them.
inline void DecodeRepeatedly(benchmark::State& state, const Format& format, std::string text,
                             bool details) {
  if (text.empty()) {
    state.SkipWithError("no sample data: set PLUMBAGO_DATA");
    return;
  }
  const size_t size = text.size();
  text.append(64, '\0');
  const auto opened = format.Open(std::string_view(text).substr(0, 64u << 10), "");
  CHECK(opened.has_value());
  const Decoder& decoder = **opened;
  std::vector<std::string_view> blocks;
  for (std::string_view rest(text.data(), size); !rest.empty();) {
    const std::string_view some = rest.substr(0, 2u << 20);
    const size_t cut =
        some.size() == rest.size() ? rest.size() : decoder.cutter()->Cut(some, false);
    CHECK(cut > 0);
    blocks.push_back(rest.substr(0, cut));
    rest.remove_prefix(cut);
  }
  model::Names names;
  model::NameCaches caches(names);
  model::DamageCounts damage;
  CountingSink sink;
  for (auto _ : state) {
    Block block;
    block.first = true;
    for (const std::string_view part : blocks) {
      block.text = part;
      DecodeContext context{caches, damage, sink, details};
      decoder.Decode(block, context);
      block.first = false;
      ++block.index;
    }
  }
  CHECK(damage.Count(model::Damage::kMalformed) == 0 && sink.rows > 0);
  state.SetItemsProcessed(static_cast<int64_t>(sink.rows));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(size));
}

inline void CutRepeatedly(benchmark::State& state, const Format& format, const std::string& text) {
  for (auto _ : state) benchmark::DoNotOptimize(format.Cut(text, false));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(text.size()));
}

// What `from` reads of `text`, as `to` writes it.
inline std::string Converted(const Format& from, const std::string& text, const Format& to) {
  if (text.empty()) return "";
  std::string padded = text;
  padded.append(64, '\0');
  model::Names names;
  model::NameCaches caches(names);
  model::DamageCounts damage;
  KeepingSink sink;
  Block block;
  block.first = true;
  block.text = std::string_view(padded).substr(0, text.size());
  DecodeContext context{caches, damage, sink, true};
  const auto decoder = from.Open(block.text.substr(0, 64u << 10), "");
  CHECK(decoder.has_value());
  (*decoder)->Decode(block, context);
  const auto encoder = to.Write();
  CHECK(encoder.has_value());
  std::string written;
  (*encoder)->Header(written);
  bool first = true;
  for (const model::CallBatch& batch : sink.batches) {
    if (batch.calls.empty()) continue;
    if (!first) written += (*encoder)->Between();
    first = false;
    (*encoder)->Encode(batch, names, written);
  }
  written += (*encoder)->Footer();
  return written;
}

inline std::string Repeated(const std::string& text, size_t bytes) {
  std::string all;
  while (!text.empty() && all.size() < bytes) all += text;
  return all;
}

}  // namespace plumbago::formats::json::testing
