// Rows of a mapped table to calls, samples, judged pairs of siblings, or executions of functions.
#pragma once

#include <string_view>

#include "formats/csv_mapped/table_layout.h"
#include "formats/format.h"

namespace plumbago::formats {

// Each decodes one block of a file.
void DecodeCalls(const TableLayout& layout, const Block& block, DecodeContext& context);
void DecodeSamples(const TableLayout& layout, const Block& block, DecodeContext& context);
void DecodeSiblingPairs(const TableLayout& layout, const Block& block, DecodeContext& context);
void DecodeExecutions(const TableLayout& layout, const Block& block, DecodeContext& context);

// For messages: what a cell of this field should hold.
std::string_view ExpectedTime(const TimeField& field);

}  // namespace plumbago::formats
