// What a map must give so that rows can be made of a table.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "formats/csv_mapped/column_map.h"

namespace plumbago::formats {

// The fields that rows of a kind have.
std::span<const std::string_view> FieldsOf(RowKind rows);

// What is missing or contradicts itself, to be put behind "expected "; "" for nothing.
std::string WhatLacks(const TableMap& table);

}  // namespace plumbago::formats
