// Lines of CSV that are no rows, counted; the message is made only where it will be shown.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "formats/csv/rows.h"
#include "formats/format.h"

namespace plumbago::formats::csv {

// `text` for a message: at most so many bytes, and nothing that a terminal would obey.
std::string Shown(std::string_view text, size_t most = 48);

// `column` is the field that is wrong and `name` what the format calls it: "rt is 'soon', expected
// milliseconds".
void CountMalformed(const Block& block, DecodeContext& context, const Row& row, uint32_t column,
                    std::string_view name, std::string_view expected);
// `columns`: as many as the header has.
void CountMalformed(const Block& block, DecodeContext& context, const BadLine& bad,
                    uint32_t columns);

}  // namespace plumbago::formats::csv
