// A table of a map, bound to the columns of one file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "formats/csv_mapped/column_map.h"

namespace plumbago::formats {

struct TableLayout {
  TableMap table;        // fields know their columns; those that are not there are csv::kNoColumn
  uint32_t columns = 0;  // fields of a row
  std::string header;    // the header line; empty: the file has none
  std::vector<std::string> names;  // of the columns, as the file writes them

  // The text of a field in a row (csv::Row or the like); "" where it has none.
  template <class Row>
  std::string_view Text(const Row& row, const FieldSource& field) const {
    if (field.bound()) return row[field.column];
    return field.constant ? std::string_view(*field.constant) : std::string_view();
  }
  bool IsMissing(std::string_view text) const {
    if (text.empty()) return true;
    for (const std::string& mark : table.missing) {
      if (text == mark) return true;
    }
    return false;
  }
};

// The first table of `map` that fits a file with this head and path; nullptr: none does.
const TableMap* FindTable(const ColumnMap& map, std::string_view head, std::string_view path);
// Binds the table that FindTable finds. Errors (kBadInput): none; says what the nearest one lacks.
Result<TableLayout> BindTable(const ColumnMap& map, std::string_view head, std::string_view path);

// True if `glob` (* anything but /, ? one sign) is `path` or the last parts of it, parts beginning
// after / and : (a member of an archive).
bool MatchesPath(std::string_view glob, std::string_view path);

}  // namespace plumbago::formats
