// Rows of ClickHouse's JSON to spans. Columns are known by their names, those of all three tables
// at once; what is not known is skipped. Resources are remembered by their text, for a block.
#pragma once

#include <array>
#include <string_view>

#include "formats/format.h"
#include "formats/json/shape.h"

namespace plumbago::store::clickhouse {

// FORMAT JSON has its rows there.
inline constexpr std::array<std::string_view, 1> kWrappers = {"data"};

// All of a block.
void ReadRows(const formats::Block& block, formats::DecodeContext& context,
              formats::json::Shape shape);

}  // namespace plumbago::store::clickhouse
