// For tests and fuzzers: spans through a format. Not part of the program.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "formats/format.h"
#include "formats/spans/span_batch.h"
#include "formats/spans/span_details.h"
#include "formats/spans/testing/span_text.h"
#include "formats/testing/decoded_blocks.h"

namespace plumbago::formats::spans::testing {

struct DecodedSpans : formats::testing::DecodedLines {
  std::vector<std::string> spans;    // SpanText of each, as restored from its row and details
  std::vector<uint64_t> span_lines;  // 1-based
  std::vector<model::CallBatch> batches;
};

class SpanTexts final : public BatchSink {
 public:
  explicit SpanTexts(const model::Names& names) : names_(names) {}
  void Accept(model::CallBatch& batch) override {
    for (const model::Call& call : batch.calls) {
      CHECK(restored_.Restore(call, batch.Details(call), names_));
      out.spans.push_back(SpanText(restored_.span()));
      out.span_lines.push_back(first_line + call.origin.line + 1);
    }
    out.batches.push_back(batch);
  }
  uint64_t first_line = 0;  // lines before the block that is being decoded
  DecodedSpans out;

 private:
  const model::Names& names_;
  RestoredSpan restored_;
};

// Decodes `text` as DecodeBlocks does.
inline DecodedSpans DecodeSpans(const Format& format, std::string_view text, size_t block_bytes,
                                model::Names& names, bool details = true) {
  const auto decoder = format.Open(text.substr(0, 1u << 16), "");
  CHECK(decoder);
  SpanTexts sink(names);
  static_cast<formats::testing::DecodedLines&>(sink.out) =
      formats::testing::DecodeBlocks(format, **decoder, text, block_bytes, names, sink, details);
  return std::move(sink.out);
}

// Spans as a reader hands them on: rows and details.
template <class Spans>
std::vector<model::CallBatch> MakeBatches(const Spans& spans, model::Names& names) {
  struct Keeping final : BatchSink {
    void Accept(model::CallBatch& batch) override { batches.push_back(batch); }
    std::vector<model::CallBatch> batches;
  } sink;
  model::NameCaches caches(names);
  model::DamageCounts damage;
  DecodeContext context{caches, damage, sink, true};
  const Block block;
  SpanBatch batch(block, context);
  uint32_t line = 0;
  for (const Span& span : spans) batch.Add(span, line++);
  batch.Flush();
  return std::move(sink.batches);
}

}  // namespace plumbago::formats::spans::testing
