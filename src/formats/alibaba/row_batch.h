// What both Alibaba decoders do with a row: fill a Call, hand rows on in batches, count lines that
// are none.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "formats/alibaba/words.h"
#include "formats/csv/rows.h"
#include "formats/format.h"
#include "model/call_batch.h"

namespace plumbago::formats::alibaba {

// Rows of one block on their way to the sink. On the stack of Decode.
class RowBatch {
 public:
  // So many rows and their paths stay in the second cache until the sink has read them.
  static constexpr size_t kRows = 256;

  RowBatch(const Block& block, DecodeContext& context) : block_(block), context_(context) {
    batch_.calls.reserve(kRows);
  }

  // Encodes `text` as the path of the row that Next will make. False: empty or too long.
  bool SetPath(std::string_view text) {
    path_size_ = model::EncodePath(text, paths_.data() + path_end_);
    return path_size_ != 0;
  }
  // A new row with origin and path set; valid until Done.
  model::Call& Next(uint32_t line) {
    static constexpr model::Call kBlank;
    // Copied from a blank one: what emplace_back() makes of it (rep stos) took 5 ns by the profile.
    model::Call& call = batch_.calls.emplace_back(kBlank);
    call.origin = {block_.index, line};
    call.path_offset = static_cast<uint32_t>(path_end_);
    call.path_size = static_cast<uint16_t>(path_size_);
    path_end_ += path_size_;
    return call;
  }
  // Sets `field`, of the row that Next made, to the id of `text`: later, with those of the rows
  // around it, so that waiting for the memory of one name overlaps with others. Leaves it if `text`
  // is a missing mark. `text` must be as long-lived as the block, or Resolve comes before it goes.
  template <class E>
  void SetName(model::NameCache& cache, std::string_view text, E& field) {
    if (!IsMissing(text)) SetKnownName(cache, text, field);
  }
  // The same of a text that is a name, whatever it says.
  template <class E>
  void SetKnownName(model::NameCache& cache, std::string_view text, E& field) {
    static_assert(sizeof(E) == 4);
    names_[name_count_++] = {text.data(), static_cast<uint32_t>(text.size()), &cache,
                             cache.Prepare(text), &field};
  }
  // Ends the row that Next began.
  void Done(const csv::Row& row) {
    if (name_count_ > kNames - kNamesOfRow || !Within(row)) Resolve();
    if (batch_.calls.size() == kRows) Flush();
  }
  // Hands on what is left.
  void Flush();

  // Counts a line that is no row. `found` is the field that is wrong.
  void Malformed(const csv::Row& row, uint32_t column, std::string_view name,
                 std::string_view expected);
  void Malformed(const csv::BadLine& bad, uint32_t columns);

 private:
  // Names that wait: few enough that their rows and slots stay in the first cache.
  static constexpr size_t kNames = 64;
  static constexpr size_t kNamesOfRow = 6;
  struct WaitingName {
    const char* text;
    uint32_t size;
    model::NameCache* cache;
    uint64_t hash;
    void* field;
  };

  // False: the row lies in a buffer of the reader's, which the next one overwrites.
  bool Within(const csv::Row& row) const {
    return row.text >= block_.text.data() && row.text < block_.text.data() + block_.text.size();
  }
  void Resolve();

  const Block& block_;
  DecodeContext& context_;
  model::CallBatch batch_;
  size_t path_size_ = 0;
  size_t path_end_ = 0;
  size_t name_count_ = 0;
  std::array<WaitingName, kNames> names_;
  std::array<char, kRows*(model::kMaxPathBytes + 16)> paths_;
};

// Decodes a block with a release's `RowDecoder(layout, block, context)`, which takes rows and bad
// lines and has Flush().
template <class RowDecoder, class Layout>
void DecodeBlock(const Layout& layout, const Block& block, DecodeContext& context) {
  RowDecoder decoder(layout, block, context);
  csv::RowReader reader(layout.columns);
  std::string_view text = block.text;
  context.lines = 0;
  if (block.first) context.lines = csv::SkipHeader(!layout.header.empty(), text);
  context.lines += reader.Read(text, static_cast<uint32_t>(context.lines), decoder, decoder);
  decoder.Flush();
}

}  // namespace plumbago::formats::alibaba
