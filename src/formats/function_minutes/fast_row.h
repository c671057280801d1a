// One line of a table with a column a minute, read in words of eight bytes: nearly all of such a
// table is ",0". Lines that have anything unusual are left to who goes field by field, so that
// what is said of them does not depend on the short cut.
//
// Cost: function_minutes_benchmark.cc.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "formats/csv/rows.h"
#include "formats/function_minutes/minute_table.h"
#include "model/function_rows.h"

namespace plumbago::formats::function_minutes {

// Holds what was read last. One a thread.
class FastRow {
 public:
  using Count = model::FunctionRows::MinuteCount;

  // `layout` must outlive it.
  explicit FastRow(const Layout& layout) : layout_(layout) {}
  // False: this short cut is for none of the table's rows.
  bool usable() const { return layout_.first_column >= 1 && layout_.first_column <= kMostNames; }

  // Reads the line that `text` begins with; csv::kPadding bytes behind `text` must be readable.
  // Returns its bytes, the line end among them; 0: it is unusual. Usual is: as many fields as the
  // header has, none quoted, counts of digits that fit, an end of line, not the header again.
  size_t Read(std::string_view text);

  // A field before the minutes.
  std::string_view operator[](uint32_t column) const { return names_[column]; }
  // Those above 0. Valid until the next Read.
  std::span<const Count> counts() const { return {counts_.data(), size_}; }

 private:
  static constexpr uint32_t kMostNames = 16;

  // The fields before the minutes; returns the comma before the first minute, or nullptr.
  const char* ReadNames(std::string_view text);
  // From that comma; returns where the minutes end, or nullptr.
  const char* ReadCounts(const char* at, const char* end);

  const Layout& layout_;
  std::array<std::string_view, kMostNames> names_;
  // Four are written at a time.
  std::array<Count, kMinutesOfDay + 4> counts_;
  size_t size_ = 0;
};

}  // namespace plumbago::formats::function_minutes
