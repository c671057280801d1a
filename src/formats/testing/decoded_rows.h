// For tests and fuzzers: a text through a format, as rows that can be compared (names as text,
// lines counted over the whole text). Not part of the program.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "formats/alibaba/words.h"
#include "formats/format.h"

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

struct Decoded {
  std::vector<PlainRow> rows;
  uint64_t lines = 0;
  uint64_t malformed = 0;
  uint64_t too_long = 0;
  std::string example;        // of the first malformed line
  uint64_t example_line = 0;  // 1-based
  uint64_t example_column = 0;
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

// Decodes `text`, cut into blocks of about `block_bytes` at ends of lines; `written`, if asked for,
// becomes what the format's encoder makes of the rows. Each block is decoded from a buffer of its
// own, which has just the padding that is promised, so that a sanitizer sees reads beyond it.
// Tables of names are large: `shared` ones make many calls faster.
inline Decoded DecodeText(const Format& format, const Decoder& decoder, std::string_view text,
                          size_t block_bytes, std::string* written = nullptr,
                          const Format* to = nullptr, model::Names* shared = nullptr) {
  std::unique_ptr<model::Names> own;
  if (shared == nullptr) own = std::make_unique<model::Names>();
  model::Names& names = shared != nullptr ? *shared : *own;
  model::NameCaches caches(names);
  model::DamageCounts damage;
  PlainRows sink(names);
  Decoded out;
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
    sink.first_line = out.lines;
    DecodeContext context{caches, damage, sink};
    decoder.Decode(block, context);
    out.lines += context.lines;
    text.remove_prefix(size);
    block.first = false;
    ++block.index;
  }
  out.rows = std::move(sink.rows);
  out.malformed = damage.Count(model::Damage::kMalformed);
  out.too_long = damage.Count(model::Damage::kTooLong);
  if (const model::Example* first = damage.First(model::Damage::kMalformed)) {
    out.example = first->text;
    out.example_line = first_lines[first->origin.block] + first->origin.line + 1;
    out.example_column = first->column;
  }
  if (written != nullptr) {
    const auto encoder = (to != nullptr ? *to : format).Write();
    (*encoder)->Header(*written);
    for (const model::CallBatch& batch : sink.batches) (*encoder)->Encode(batch, names, *written);
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
