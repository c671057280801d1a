// A map as a TOML file (docs/formats/csv-map.md).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "formats/csv_mapped/column_map.h"

namespace plumbago::formats {

// Files of maps are at most so long.
inline constexpr size_t kMostMapBytes = 1u << 20;

// Errors (kBadInput) say the file, line and column of the mistake, what was expected there, and the
// nearest known key. `file` is for messages.
Result<ColumnMap> ParseMap(std::string_view text, const std::string& file);
// The same of a file that is read. Errors: it cannot be read.
Result<ColumnMap> ReadMap(const std::string& file);

}  // namespace plumbago::formats
