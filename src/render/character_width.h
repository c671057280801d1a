// Columns that one character takes on a terminal: 0, 1 or 2. A table made from Unicode 14, not
// wcwidth(): that depends on the locale, and a report must not. Binary search; free of state.
#pragma once

namespace plumbago::render {

// `c` is printable: controls are replaced before they come here (text_width.h).
int CharacterWidth(char32_t c);

}  // namespace plumbago::render
