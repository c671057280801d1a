// For tests and fuzzers: a text through a decoder, block by block. Not part of the program.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "formats/file_reader.h"
#include "formats/format.h"

namespace plumbago::formats::testing {

// What became of the lines, counted over the whole text.
struct DecodedLines {
  uint64_t lines = 0;
  uint64_t malformed = 0;
  uint64_t too_long = 0;
  std::string example;        // of the first malformed line
  uint64_t example_line = 0;  // 1-based
  uint64_t example_column = 0;
};

// Tables of names are large: shared ones make many calls faster.
class SharedNames {
 public:
  explicit SharedNames(model::Names* shared)
      : own_(shared == nullptr ? std::make_unique<model::Names>() : nullptr),
        names_(shared == nullptr ? *own_ : *shared) {}
  model::Names& operator*() const { return names_; }

 private:
  std::unique_ptr<model::Names> own_;
  model::Names& names_;
};

// Decodes `text`, cut into blocks of about `block_bytes` at ends of records. Each block is decoded
// from a buffer of its own, which has just the padding that is promised, so that a sanitizer sees
// reads beyond it. `sink.first_line` is set to the lines before each block.
// `details` as in DecodeContext.
template <class Sink>
DecodedLines DecodeBlocks(const Format& format, const Decoder& decoder, std::string_view text,
                          size_t block_bytes, model::Names& names, Sink& sink,
                          bool details = false) {
  model::NameCaches caches(names);
  model::DamageCounts damage;
  DecodedLines out;
  Block block;
  block.first = true;
  std::vector<uint64_t> first_lines;
  while (!text.empty()) {
    size_t size = 0;
    for (size_t wanted = block_bytes; size == 0; wanted += block_bytes) {
      const std::string_view some = text.substr(0, wanted);
      size = CutRecords(format, decoder, some, wanted >= text.size());
    }
    std::string storage;
    storage.reserve(size + 64);
    storage.assign(text.substr(0, size));
    storage.append(64, '"');  // would be seen if it were taken for text
    block.text = std::string_view(storage.data(), size);
    first_lines.push_back(out.lines);
    sink.first_line = out.lines;
    DecodeContext context{caches, damage, sink, details};
    decoder.Decode(block, context);
    out.lines += context.lines;
    text.remove_prefix(size);
    block.first = false;
    ++block.index;
  }
  out.malformed = damage.Count(model::Damage::kMalformed);
  out.too_long = damage.Count(model::Damage::kTooLong);
  if (const model::Example* first = damage.First(model::Damage::kMalformed)) {
    out.example = first->text;
    out.example_line = first_lines[first->origin.block] + first->origin.line + 1;
    out.example_column = first->column;
  }
  return out;
}

// What an encoder makes of `batches`, behind its header.
inline void EncodeBatches(const Format& to, const std::vector<model::CallBatch>& batches,
                          const model::Names& names, std::string& written) {
  const auto encoder = to.Write();
  (*encoder)->Header(written);
  for (const model::CallBatch& batch : batches) (*encoder)->Encode(batch, names, written);
}

}  // namespace plumbago::formats::testing
