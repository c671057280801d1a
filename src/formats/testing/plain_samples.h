// For tests and fuzzers: a text through a format, as samples that can be compared (names as text,
// lines counted over the whole text). Not part of the program.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/format.h"
#include "formats/testing/decoded_blocks.h"

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

struct DecodedSamples : DecodedLines {
  std::vector<PlainSample> samples;
};

// Keeps batches as samples.
class PlainSamples final : public BatchSink {
 public:
  explicit PlainSamples(const model::Names& names) : names_(names) {}
  void Accept(model::CallBatch& batch) override {
    for (const model::Sample& sample : batch.samples) {
      samples.push_back(
          {std::string(names_.Text(sample.service)), std::string(names_.Text(sample.instance)),
           std::string(names_.Text(sample.host)), sample.time_ns, sample.value, sample.measure,
           sample.flow, sample.normalised, first_line + sample.origin.line + 1});
    }
    batches.push_back(batch);
  }
  uint64_t first_line = 0;  // lines before the block that is being decoded
  std::vector<PlainSample> samples;
  std::vector<model::CallBatch> batches;

 private:
  const model::Names& names_;
};

// Decodes `text` as DecodeBlocks does; `written`, if asked for, becomes what the format's encoder,
// or that of `to`, makes of the samples.
inline DecodedSamples DecodeSamples(const Format& format, const Decoder& decoder,
                                    std::string_view text, size_t block_bytes,
                                    std::string* written = nullptr, const Format* to = nullptr,
                                    model::Names* shared = nullptr) {
  const SharedNames names(shared);
  PlainSamples sink(*names);
  DecodedSamples out{DecodeBlocks(format, decoder, text, block_bytes, *names, sink), {}};
  out.samples = std::move(sink.samples);
  if (written != nullptr) {
    EncodeBatches(to != nullptr ? *to : format, sink.batches, *names, *written);
  }
  return out;
}

}  // namespace plumbago::formats::testing
