// The header line of a CSV file, and columns bound by name: files of one release come with other
// column orders, other spellings, an unnamed index column in front, and columns of somebody else's.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace plumbago::formats::csv {

inline constexpr uint32_t kNoColumn = ~uint32_t{0};

// Names of the columns as lower-case text without blanks around; "" for one without a name.
struct Header {
  std::vector<std::string> names;

  // Parses the first line of `head` (a byte order mark is skipped). A quote that does not close
  // leaves it empty.
  static Header Parse(std::string_view head);
  // Column of the first of `aliases` (lower case) that is there, or kNoColumn.
  uint32_t Find(std::span<const std::string_view> aliases) const;
  bool Has(std::string_view name) const { return Find(std::span(&name, 1)) != kNoColumn; }
  uint32_t columns() const { return static_cast<uint32_t>(names.size()); }
};

// A column that a format knows.
struct ColumnSpec {
  std::initializer_list<std::string_view>
      names;  // the release's own first, then aliases; lower case
  bool needed;
};

// For each spec the column that it is bound to (kNoColumn: not there, not needed). The error says
// which columns are missing and which were seen; `format` names who wants them.
Result<std::vector<uint32_t>> Bind(const Header& header, std::span<const ColumnSpec> specs,
                                   std::string_view format);

// Why no header can be read from `head`, to be put behind "unknown format": ": its lines end with
// CR alone" or so; "" where nothing is known.
std::string_view HeaderFault(std::string_view head);

// The first line of `head` that is not blank, without its line end and byte order mark.
std::string_view FirstLine(std::string_view head);
// A line of JSON, which is no row: formats of tables need not take apart what a thousand files of
// spans begin with.
bool BeginsLikeJson(std::string_view line);

}  // namespace plumbago::formats::csv
