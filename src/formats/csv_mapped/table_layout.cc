#include "formats/csv_mapped/table_layout.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "formats/csv/header.h"
#include "formats/csv/rows.h"

namespace plumbago::formats {
namespace {

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

uint32_t Find(const csv::Header& header, const std::vector<std::string>& columns) {
  for (const std::string& column : columns) {
    const std::string name = Lower(column);
    const std::string_view alias = name;
    const uint32_t found = header.Find(std::span(&alias, 1));
    if (found != csv::kNoColumn) return found;
  }
  return csv::kNoColumn;
}

// The names of the columns of a file, for this table.
csv::Header HeaderOf(const TableMap& table, const csv::Header& first_line) {
  if (table.header.empty()) return first_line;
  csv::Header header;
  if (table.header.size() != first_line.columns()) return header;
  for (const std::string& name : table.header) header.names.push_back(Lower(name));
  return header;
}

// Needed columns that the header lacks.
std::vector<std::string> Lacking(const TableMap& table, const csv::Header& header) {
  std::vector<std::string> lacking;
  for (const std::string& column : table.needs) {
    if (Find(header, {column}) == csv::kNoColumn) lacking.push_back(column);
  }
  TableMap::ForEachField(table, [&](const char*, const FieldSource& field) {
    if (field.constant || field.optional) return;
    if (Find(header, field.columns) == csv::kNoColumn) lacking.push_back(field.columns.front());
  });
  // Both may be optional, but one must be there.
  const bool calls = table.rows == RowKind::kCalls || table.rows == RowKind::kSiblingPairs;
  if (table.rows == RowKind::kExecutions && lacking.empty() &&
      Find(header, table.start.columns) == csv::kNoColumn &&
      Find(header, table.end.columns) == csv::kNoColumn) {
    lacking.emplace_back("a column of the field 'start' or 'end'");
  }
  if (calls && Find(header, table.span.columns) == csv::kNoColumn &&
      Find(header, table.path_id.columns) == csv::kNoColumn && lacking.empty()) {
    lacking.emplace_back("a column of the field 'span' or 'path'");
  }
  return lacking;
}

bool GlobMatches(std::string_view glob, std::string_view text) {
  size_t star = std::string_view::npos, from = 0, g = 0, t = 0;
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      from = t;
    } else if (g < glob.size() && (glob[g] == text[t] || (glob[g] == '?' && text[t] != '/'))) {
      ++g, ++t;
    } else if (star != std::string_view::npos && text[from] != '/') {
      g = star + 1;
      t = ++from;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

}  // namespace

bool MatchesPath(std::string_view glob, std::string_view path) {
  for (size_t begin = 0;; ++begin) {
    if (GlobMatches(glob, path.substr(begin))) return true;
    begin = path.find_first_of("/:", begin);
    if (begin == std::string_view::npos) return false;
  }
}

const TableMap* FindTable(const ColumnMap& map, std::string_view head, std::string_view path) {
  const csv::Header first_line = csv::Header::Parse(head);
  if (first_line.columns() == 0) return nullptr;
  for (const TableMap& table : map.tables) {
    if (!table.path.empty() && !MatchesPath(table.path, path)) continue;
    const csv::Header header = HeaderOf(table, first_line);
    if (header.columns() > 0 && Lacking(table, header).empty()) return &table;
  }
  return nullptr;
}

Result<TableLayout> BindTable(const ColumnMap& map, std::string_view head, std::string_view path) {
  const csv::Header first_line = csv::Header::Parse(head);
  const TableMap* found = FindTable(map, head, path);
  if (found == nullptr) {
    std::string message = "no table of the map fits";
    for (const TableMap& table : map.tables) {
      if (!table.path.empty() && !MatchesPath(table.path, path)) {
        message += fmt::format("; '{}' is for files called {}", table.name, table.path);
      } else {
        message += fmt::format("; '{}' lacks {}", table.name,
                               fmt::join(Lacking(table, HeaderOf(table, first_line)), ", "));
      }
      if (message.size() > 600) break;
    }
    message += fmt::format("; seen: {}", csv::FirstLine(head).substr(0, 200));
    return Fail(ErrorKind::kBadInput, std::move(message), {.file = std::string(path), .line = 1});
  }
  TableLayout layout;
  layout.table = *found;
  const csv::Header header = HeaderOf(*found, first_line);
  layout.columns = header.columns();
  layout.names = header.names;
  if (found->header.empty()) layout.header = csv::FirstLine(head);
  TableMap::ForEachField(layout.table, [&](const char*, FieldSource& field) {
    if (!field.constant) field.column = Find(header, field.columns);
    // Messages name a column as the map writes it.
    for (const std::string& column : field.columns) {
      if (field.bound() && Lower(column) == header.names[field.column])
        layout.names[field.column] = column;
    }
  });
  return layout;
}

}  // namespace plumbago::formats
