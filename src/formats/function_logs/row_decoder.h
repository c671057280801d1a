// What the tables of this folder have in common: rows of a block to rows of functions, handed on in
// batches.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "formats/csv/malformed.h"
#include "formats/csv/rows.h"
#include "formats/format.h"

namespace plumbago::formats::function_logs {

// Microseconds of a time, rounded down.
inline int64_t MicrosOf(int64_t ns) { return ns / 1000 - (ns % 1000 < 0 ? 1 : 0); }

// Rows on their way to the sink. On the stack of Decode. `Layout` has `columns` and `header`.
template <class Layout>
class FunctionRowBatch {
 public:
  FunctionRowBatch(const Layout& layout, const Block& block, DecodeContext& context)
      : layout_(layout), block_(block), context_(context) {}

  model::FunctionRows& rows() { return batch_.functions; }
  model::NameCaches& names() { return context_.names; }
  model::Origin OriginOf(const csv::Row& row) const { return {block_.index, row.line}; }
  // After each row.
  void Done() {
    if (batch_.functions.executions.size() + batch_.functions.cold_starts.size() >= kRows) Flush();
  }
  [[gnu::noinline]] void Malformed(const csv::Row& row, uint32_t column, std::string_view name,
                                   std::string_view expected) {
    if (row.raw == layout_.header) return;  // files put together, each with its header
    csv::CountMalformed(block_, context_, row, column, name, expected);
  }
  void Malformed(const csv::BadLine& bad) {
    csv::CountMalformed(block_, context_, bad, layout_.columns);
  }
  void Flush() {
    if (batch_.functions.empty()) return;
    context_.sink.Accept(batch_);
    batch_.Clear();
  }

 private:
  static constexpr size_t kRows = 256;
  const Layout& layout_;
  const Block& block_;
  DecodeContext& context_;
  model::CallBatch batch_;
};

// `Reader(layout, batch)` takes rows.
template <class Reader, class Layout>
class TableDecoder final : public Decoder {
 public:
  explicit TableDecoder(Layout layout) : layout_(std::move(layout)) {}
  void Decode(const Block& block, DecodeContext& context) const override {
    FunctionRowBatch<Layout> batch(layout_, block, context);
    Reader reader(layout_, batch);
    csv::RowReader rows(layout_.columns);
    std::string_view text = block.text;
    context.lines = block.first ? csv::SkipHeader(true, text) : 0;
    context.lines += rows.Read(
        text, static_cast<uint32_t>(context.lines), [&](const csv::Row& row) { reader.Read(row); },
        [&](const csv::BadLine& bad) { batch.Malformed(bad); });
    batch.Flush();
  }
  uint64_t header_lines() const override { return 1; }

 private:
  const Layout layout_;
};

}  // namespace plumbago::formats::function_logs
