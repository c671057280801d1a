// TOML 1.0 has letters beyond ASCII in one-line texts and comments only, or in texts over several
// lines, which no map needs. Elsewhere toml++ 3.3 runs into undefined behaviour on them
// (is_non_ascii_horizontal_whitespace; found by csv_map_fuzzer), so they are refused before.
#pragma once

#include <cstddef>
#include <string_view>

namespace plumbago::formats {

// Offset of the first byte beyond ASCII that stands elsewhere, a byte order mark at the begin
// excepted; npos: there is none. Linear.
size_t FirstOutsideAscii(std::string_view toml);

}  // namespace plumbago::formats
