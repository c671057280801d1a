// For tests and fuzzers: a text through a format, as rows that can be compared (names as text,
// lines counted over the whole text). Not part of the program.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/alibaba/words.h"
#include "formats/format.h"
#include "formats/testing/decoded_blocks.h"

namespace plumbago::formats::testing {

struct PlainRow {
  std::string trace, path, caller, callee, operation, entry, caller_instance, callee_instance;
  int64_t start_ns = model::kNoTime;
  int64_t duration_ns = model::kNoTime;
  model::Kind kind = model::Kind::kUnknown;
  model::Side side = model::Side::kUnknown;
  bool from_user = false;
  uint64_t line = 0;  // 1-based, the header counted

  friend bool operator==(const PlainRow&, const PlainRow&) = default;
};

struct Decoded : DecodedLines {
  std::vector<PlainRow> rows;
};

// Keeps batches as rows.
class PlainRows final : public BatchSink {
 public:
  explicit PlainRows(const model::Names& names) : names_(names) {}
  void Accept(model::CallBatch& batch) override {
    for (const model::Call& call : batch.calls) {
      rows.push_back(
          {call.trace.Text(), model::PathText(batch.Path(call)),
           std::string(names_.Text(call.caller)), std::string(names_.Text(call.callee)),
           std::string(names_.Text(call.operation)), std::string(names_.Text(call.entry)),
           std::string(names_.Text(call.caller_instance)),
           std::string(names_.Text(call.callee_instance)), call.start_ns, call.duration_ns,
           call.kind, call.side, call.from_user, first_line + call.origin.line + 1});
    }
    batches.push_back(batch);
  }
  uint64_t first_line = 0;  // lines before the block that is being decoded
  std::vector<PlainRow> rows;
  std::vector<model::CallBatch> batches;

 private:
  const model::Names& names_;
};

// Decodes `text` as DecodeBlocks does; `written`, if asked for, becomes what the format's encoder,
// or that of `to`, makes of the rows.
inline Decoded DecodeText(const Format& format, const Decoder& decoder, std::string_view text,
                          size_t block_bytes, std::string* written = nullptr,
                          const Format* to = nullptr, model::Names* shared = nullptr) {
  const SharedNames names(shared);
  PlainRows sink(*names);
  Decoded out{DecodeBlocks(format, decoder, text, block_bytes, *names, sink), {}};
  out.rows = std::move(sink.rows);
  if (written != nullptr) {
    EncodeBatches(to != nullptr ? *to : format, sink.batches, *names, *written);
  }
  return out;
}

// True if `again`, read from what was written of `row`, is the same row. Times of 2022 from the
// epoch of 2021 on come back since that epoch (docs/formats/alibaba-2022.md).
inline bool SameWhenWritten(PlainRow row, const PlainRow& again) {
  if (row.start_ns != again.start_ns && row.start_ns - again.start_ns == alibaba::kEpoch2021Ns) {
    row.start_ns = again.start_ns;
  }
  return row == again;
}

}  // namespace plumbago::formats::testing
