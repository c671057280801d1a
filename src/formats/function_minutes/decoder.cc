#include "formats/function_minutes/decoder.h"

#include <charconv>
#include <limits>
#include <string_view>
#include <vector>

#include "formats/csv/malformed.h"
#include "formats/csv/rows.h"
#include "formats/function_minutes/fast_row.h"
#include "formats/function_tables/row_names.h"

namespace plumbago::formats::function_minutes {
namespace {

// A whole number that fits, and nothing else.
bool ParseCount(std::string_view text, uint32_t& count) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  return error == std::errc() && end == text.data() + text.size();
}

class RowDecoder {
 public:
  RowDecoder(const Layout& layout, const Block& block, DecodeContext& context)
      : layout_(layout), block_(block), context_(context) {}

  void operator()(const csv::Row& row) {
    // Files put together, each with its header, whose minutes would be taken for counts.
    if (row.raw == layout_.header) [[unlikely]]
      return;
    model::FunctionRows& rows = batch_.functions;
    model::FunctionMinutes function;
    // Everything that can make the line malformed comes first: such a line leaves no names behind.
    if (row[layout_.app].empty()) return Malformed(row, layout_.app, "application", "a name");
    if (row[layout_.function].empty())
      return Malformed(row, layout_.function, "function", "a name");
    if (layout_.weight != csv::kNoColumn &&
        (!ParseCount(row[layout_.weight], function.weight) || function.weight == 0)) {
      return Malformed(row, layout_.weight, "weight", "a whole number above 0");
    }
    function.offset = static_cast<uint32_t>(rows.counts.size());
    for (uint32_t i = 0; i < layout_.minutes; ++i) {
      const uint32_t column = layout_.first_column + i;
      const std::string_view text = row[column];
      if (text.size() == 1) [[likely]] {
        const auto digit = static_cast<uint32_t>(text[0] - '0');
        if (digit == 0) continue;
        if (digit <= 9) {
          rows.counts.push_back({layout_.first + i, digit});
          continue;
        }
      }
      uint32_t count = 0;
      if (!ParseCount(text, count)) {
        rows.counts.resize(function.offset);
        return Malformed(row, column, "count", "a whole number of invocations");
      }
      if (count > 0) rows.counts.push_back({layout_.first + i, count});
    }
    Finish(function, row, row.line);
  }

  // The same for a row that was read already. False: one of its fields makes it malformed.
  bool Take(const FastRow& row, uint32_t line) {
    model::FunctionMinutes function;
    if (row[layout_.app].empty() || row[layout_.function].empty()) return false;
    if (layout_.weight != csv::kNoColumn &&
        (!ParseCount(row[layout_.weight], function.weight) || function.weight == 0)) {
      return false;
    }
    std::vector<model::FunctionRows::MinuteCount>& counts = batch_.functions.counts;
    function.offset = static_cast<uint32_t>(counts.size());
    counts.insert(counts.end(), row.counts().begin(), row.counts().end());
    Finish(function, row, line);
    return true;
  }

  void operator()(const csv::BadLine& bad) {
    csv::CountMalformed(block_, context_, bad, layout_.columns);
  }

  void Flush() {
    if (batch_.functions.empty()) return;
    context_.sink.Accept(batch_);
    batch_.Clear();
  }

 private:
  // What is handed on at once: small enough to be in the cache still.
  static constexpr size_t kRows = 256;
  static constexpr size_t kCounts = 1u << 14;

  // The row's counts are in the batch. Names come last: a malformed line leaves none behind.
  template <class Fields>
  void Finish(model::FunctionMinutes& function, const Fields& row, uint32_t line) {
    model::FunctionRows& rows = batch_.functions;
    function.counts = static_cast<uint32_t>(rows.counts.size()) - function.offset;
    function.first = layout_.first;
    function.end = layout_.first + layout_.minutes;
    function.day0 = layout_.day0;
    function.origin = {block_.index, line};
    function_tables::SetNames(layout_, row, context_.names, function);
    if (layout_.trigger != csv::kNoColumn)
      function.trigger = model::TriggerOf(row[layout_.trigger]);
    rows.minutes.push_back(function);
    if (rows.minutes.size() == kRows || rows.counts.size() >= kCounts) Flush();
  }

  [[gnu::noinline]] void Malformed(const csv::Row& row, uint32_t column, std::string_view name,
                                   std::string_view expected) {
    csv::CountMalformed(block_, context_, row, column, name, expected);
  }

  const Layout& layout_;
  const Block& block_;
  DecodeContext& context_;
  model::CallBatch batch_;
};

}  // namespace

void MinuteDecoder::Decode(const Block& block, DecodeContext& context) const {
  RowDecoder decoder(layout_, block, context);
  csv::RowReader reader(layout_.columns);
  std::string_view text = block.text;
  context.lines = block.first ? csv::SkipHeader(true, text) : 0;
  auto line = static_cast<uint32_t>(context.lines);
  FastRow fast(layout_);
  if (way_ == Way::kByField || !fast.usable()) {
    line += reader.Read(text, line, decoder, decoder);
    text = {};
  }
  while (!text.empty()) {
    size_t size = fast.Read(text);
    if (size != 0 && decoder.Take(fast, line)) {
      ++line;
    } else {
      // This line alone goes the other way.
      const size_t end = text.find('\n');
      size = end == std::string_view::npos ? text.size() : end + 1;
      line += reader.Read(text.substr(0, size), line, decoder, decoder);
    }
    text.remove_prefix(size);
  }
  context.lines = line;
  decoder.Flush();
}

}  // namespace plumbago::formats::function_minutes
