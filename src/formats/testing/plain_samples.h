// For tests and fuzzers: a text through a format, as samples that can be compared (names as text,
// lines counted over the whole text). Not part of the program.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "formats/format.h"

namespace plumbago::formats::testing {

struct PlainSample {
  std::string service, instance, host;
  int64_t time_ns = model::kNoTime;
  double value = 0;
  model::Measure measure = model::Measure::kCpu;
  model::Flow flow = model::Flow::kNone;
  bool normalised = false;
  uint64_t line = 0;  // 1-based, the header counted

  friend bool operator==(const PlainSample&, const PlainSample&) = default;
};

struct DecodedSamples {
  std::vector<PlainSample> samples;
  uint64_t lines = 0;
  uint64_t malformed = 0;
  uint64_t too_long = 0;
  std::string example;        // of the first malformed line
  uint64_t example_line = 0;  // 1-based
};

// Decodes `text` in blocks of about `block_bytes`, each from a buffer with just the padding that is
// promised; `written`, if asked for, becomes what `to` makes of the samples. Tables of names are
// large: `shared` ones make many calls faster.
inline DecodedSamples DecodeSamples(const Format& format, const Decoder& decoder,
                                    std::string_view text, size_t block_bytes,
                                    std::string* written = nullptr, const Format* to = nullptr,
                                    model::Names* shared = nullptr) {
  class Sink final : public BatchSink {
   public:
    void Accept(model::CallBatch& batch) override { batches.push_back(batch); }
    std::vector<model::CallBatch> batches;
  };
  std::unique_ptr<model::Names> own;
  if (shared == nullptr) own = std::make_unique<model::Names>();
  model::Names& names = shared != nullptr ? *shared : *own;
  model::NameCaches caches(names);
  model::DamageCounts damage;
  Sink sink;
  DecodedSamples out;
  Block block;
  block.first = true;
  std::vector<uint64_t> first_lines;
  while (!text.empty()) {
    size_t size = 0;
    for (size_t wanted = block_bytes; size == 0; wanted += block_bytes) {
      size = format.Cut(text.substr(0, wanted), wanted >= text.size());
    }
    std::string storage;
    storage.reserve(size + 64);
    storage.assign(text.substr(0, size));
    storage.append(64, '"');  // would be seen if it were taken for text
    block.text = std::string_view(storage.data(), size);
    first_lines.push_back(out.lines);
    DecodeContext context{caches, damage, sink};
    decoder.Decode(block, context);
    out.lines += context.lines;
    text.remove_prefix(size);
    block.first = false;
    ++block.index;
  }
  for (const model::CallBatch& batch : sink.batches) {
    for (const model::Sample& sample : batch.samples) {
      out.samples.push_back({std::string(names.Text(sample.service)),
                             std::string(names.Text(sample.instance)),
                             std::string(names.Text(sample.host)), sample.time_ns, sample.value,
                             sample.measure, sample.flow, sample.normalised,
                             first_lines[sample.origin.block] + sample.origin.line + 1});
    }
  }
  out.malformed = damage.Count(model::Damage::kMalformed);
  out.too_long = damage.Count(model::Damage::kTooLong);
  if (const model::Example* first = damage.First(model::Damage::kMalformed)) {
    out.example = first->text;
    out.example_line = first_lines[first->origin.block] + first->origin.line + 1;
  }
  if (written != nullptr) {
    const auto encoder = (to != nullptr ? *to : format).Write();
    (*encoder)->Header(*written);
    for (const model::CallBatch& batch : sink.batches) (*encoder)->Encode(batch, names, *written);
  }
  return out;
}

}  // namespace plumbago::formats::testing
