#include "formats/csv_mapped/map_flags.h"

#include <fmt/format.h>

#include <algorithm>

#include "formats/csv_mapped/map_check.h"
#include "formats/csv_mapped/map_file.h"
#include "formats/csv_mapped/map_words.h"

namespace plumbago::formats {
namespace {

// As a TOML text.
std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

// The flags are written as a map and read as one: so both know the same fields, units and rules.
Result<ColumnMap> MapFromFlags(std::span<const std::string> columns) {
  // An application makes it a log of executions.
  const bool executions = std::any_of(columns.begin(), columns.end(), [](const std::string& one) {
    return one.starts_with("app=");
  });
  const std::span<const std::string_view> fields =
      FieldsOf(executions ? RowKind::kExecutions : RowKind::kCalls);
  std::string map =
      fmt::format("[[table]]\nname = \"--map-column\"\nrows = \"{}\"\n[table.columns]\n",
                  executions ? "executions" : "calls");
  std::vector<std::string> seen;
  for (const std::string& one : columns) {
    const size_t equals = one.find('=');
    if (equals == std::string::npos || equals + 1 == one.size()) {
      return Fail(ErrorKind::kUsage,
                  fmt::format("--map-column is written FIELD=COLUMN,..., not '{}'", one));
    }
    const std::string field = one.substr(0, equals);
    if (std::find(fields.begin(), fields.end(), field) == fields.end())
      return Fail(ErrorKind::kUsage, "--map-column: " + NotAmong(field, fields));
    if (std::find(seen.begin(), seen.end(), field) != seen.end())
      return Fail(ErrorKind::kUsage, fmt::format("--map-column: '{}' is given twice", field));
    seen.push_back(field);
    std::string column = one.substr(equals + 1), more;
    const size_t colon = column.rfind(':');
    if (colon != std::string::npos) {
      more = column.substr(colon + 1);
      column.resize(colon);
    }
    const bool time = field == "start" || field == "end" || field == "duration" ||
                      field == "cold_latency" || field == "wait";
    const bool unit = time || field == "memory";
    if (field == "memory" && more.empty()) {
      return Fail(
          ErrorKind::kUsage,
          fmt::format("--map-column: '{}' needs a unit: {}:MB (or bytes, GB, any)", one, one));
    }
    if (time && more.empty()) {
      return Fail(
          ErrorKind::kUsage,
          fmt::format("--map-column: '{}' needs a unit: {}:ms (or ns, us, s, rfc3339)", one, one));
    }
    std::string key = more == "rfc3339" || (unit && more == "any") ? "format"
                      : unit                                       ? "unit"
                                                                   : "rule";
    map += fmt::format("{} = {{ column = {}{} }}\n", field, Quoted(column),
                       more.empty() ? "" : fmt::format(", {} = {}", key, Quoted(more)));
  }
  Result<ColumnMap> read = ParseMap(map, "--map-column");
  if (read) return read;
  return Fail(ErrorKind::kUsage, "--map-column: " + read.error().message);
}

}  // namespace plumbago::formats
