// Tables with a column a minute: which columns a file has, by its header.
//
// Two are known (docs/formats/azure-functions.md): the invocations of the Azure release of 2019
// (HashOwner,HashApp,HashFunction,Trigger,1..1440) and its samples as vectors (vec,weight,1..1440).
// Column 1 is the first minute of the day; a table may hold a part of the day (480..959).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "formats/csv/header.h"
#include "formats/format.h"

namespace plumbago::formats::function_minutes {

inline constexpr uint32_t kMinutesOfDay = 1440;

enum class TableKind : uint8_t { kAzure2019, kVectors };

// Column numbers; csv::kNoColumn where the file has none.
struct Layout {
  uint32_t columns = 0;
  std::string header;
  uint32_t owner = csv::kNoColumn, app = csv::kNoColumn, function = csv::kNoColumn;
  uint32_t trigger = csv::kNoColumn, weight = csv::kNoColumn;
  uint32_t first_column = 0;  // of the minutes, which stand side by side, to the end
  uint32_t first = 0;         // the minute that it is, since the beginning of day 0
  uint32_t minutes = 0;
  int32_t day0 = model::kNoDay;  // which day day 0 is, if the name tells
};

Match SniffTable(TableKind kind, std::string_view head);
// `path` tells the day: "...anon.d05.csv" is day 4; without one the day is 0 (azure_name.h).
// Errors: a needed column is missing; minutes do not follow each other.
Result<Layout> ReadLayout(TableKind kind, std::string_view head, std::string_view path);

}  // namespace plumbago::formats::function_minutes
