#include "formats/function_tables/statistics_decoder.h"

#include <charconv>
#include <cmath>
#include <string_view>

#include "formats/csv/malformed.h"
#include "formats/csv/number.h"
#include "formats/csv/rows.h"
#include "formats/function_tables/row_names.h"

namespace plumbago::formats::function_tables {
namespace {

// A finite decimal number, and nothing else. 8 bytes behind `text` must be readable.
bool ParseNumber(std::string_view text, double& number) {
  uint32_t digits = 0;
  if (text.size() - 1 < 8 && csv::ParseDigits8(text.data(), text.size(), digits)) {
    number = digits;
    return true;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(number);
}

// A whole number from 0 on; "12.0" is one, too: tables that went through data frames have such.
bool ParseCount(std::string_view text, uint64_t& count) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error == std::errc() && end == text.data() + text.size()) return true;
  double number = 0;
  constexpr double kMost = 9e15;  // whole numbers up to here are exact
  if (!ParseNumber(text, number) || !(number >= 0 && number <= kMost)) return false;
  count = static_cast<uint64_t>(number);
  return static_cast<double>(count) == number;
}

class RowDecoder {
 public:
  RowDecoder(const StatisticsLayout& layout, const Block& block, DecodeContext& context)
      : layout_(layout), block_(block), context_(context) {}

  void operator()(const csv::Row& row) {
    // Files put together, each with its header.
    if (row.raw == layout_.header) [[unlikely]]
      return;
    if (layout_.kind == StatisticsKind::kDurations) {
      Durations(row);
    } else {
      Memory(row);
    }
    if (batch_.functions.durations.size() + batch_.functions.memory.size() == kRows) Flush();
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

  void Durations(const csv::Row& row) {
    model::FunctionDurations read;
    if (row[layout_.function].empty())
      return Malformed(row, layout_.function, "function", "a name");
    if (!Common(row, read.count, read.average_ms, "milliseconds")) return;
    if (!Number(row, layout_.minimum, "minimum", "milliseconds", read.minimum_ms) ||
        !Number(row, layout_.maximum, "maximum", "milliseconds", read.maximum_ms)) {
      return;
    }
    for (size_t i = 0; i < read.percentiles_ms.size(); ++i) {
      if (!Number(row, layout_.percentiles[i], "percentile", "milliseconds",
                  read.percentiles_ms[i]))
        return;
    }
    Finish(row, read, batch_.functions.durations);
  }

  void Memory(const csv::Row& row) {
    model::AppMemory read;
    if (!Common(row, read.samples, read.average_mb, "MB")) return;
    for (size_t i = 0; i < read.percentiles_mb.size(); ++i) {
      if (!Number(row, layout_.percentiles[i], "percentile", "MB", read.percentiles_mb[i])) return;
    }
    Finish(row, read, batch_.functions.memory);
  }

  bool Common(const csv::Row& row, uint64_t& count, double& average, std::string_view unit) {
    if (row[layout_.app].empty()) {
      Malformed(row, layout_.app, "application", "a name");
      return false;
    }
    if (!ParseCount(row[layout_.count], count)) {
      Malformed(row, layout_.count, "count", "a whole number");
      return false;
    }
    return Number(row, layout_.average, "average", unit, average);
  }

  bool Number(const csv::Row& row, uint32_t column, std::string_view name, std::string_view unit,
              double& number) {
    if (ParseNumber(row[column], number)) [[likely]]
      return true;
    Malformed(row, column, name, unit);
    return false;
  }

  // Names come last: a malformed line leaves none behind.
  template <class Row>
  void Finish(const csv::Row& row, Row& read, std::vector<Row>& rows) {
    SetNames(layout_, row, context_.names, read);
    read.day = layout_.day;
    read.origin = {block_.index, row.line};
    rows.push_back(read);
  }

  [[gnu::noinline]] void Malformed(const csv::Row& row, uint32_t column, std::string_view name,
                                   std::string_view expected) {
    csv::CountMalformed(block_, context_, row, column, name, expected);
  }

  const StatisticsLayout& layout_;
  const Block& block_;
  DecodeContext& context_;
  model::CallBatch batch_;
};

}  // namespace

void StatisticsDecoder::Decode(const Block& block, DecodeContext& context) const {
  RowDecoder decoder(layout_, block, context);
  csv::RowReader reader(layout_.columns);
  std::string_view text = block.text;
  context.lines = block.first ? csv::SkipHeader(true, text) : 0;
  context.lines += reader.Read(text, static_cast<uint32_t>(context.lines), decoder, decoder);
  decoder.Flush();
}

}  // namespace plumbago::formats::function_tables
