#include "formats/function_minutes/decoder.h"

#include <charconv>
#include <limits>
#include <string_view>

#include "base/strong_id.h"
#include "formats/csv/malformed.h"
#include "formats/csv/rows.h"

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
    function.counts = static_cast<uint32_t>(rows.counts.size()) - function.offset;
    function.first = layout_.first;
    function.end = layout_.first + layout_.minutes;
    function.origin = {block_.index, row.line};
    model::NameCaches& names = context_.names;
    if (layout_.owner != csv::kNoColumn)
      function.owner = Id<model::InstanceId>(names.instances.Intern(row[layout_.owner]));
    function.app = Id<model::ServiceId>(names.services.Intern(row[layout_.app]));
    function.function = Id<model::OperationId>(names.operations.Intern(row[layout_.function]));
    if (layout_.trigger != csv::kNoColumn)
      function.trigger = model::TriggerOf(row[layout_.trigger]);
    rows.minutes.push_back(function);
    if (rows.minutes.size() == kRows) Flush();
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
  static constexpr size_t kRows = 256;

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
  context.lines += reader.Read(text, static_cast<uint32_t>(context.lines), decoder, decoder);
  decoder.Flush();
}

}  // namespace plumbago::formats::function_minutes
