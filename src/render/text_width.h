// Text on a terminal: how wide it is, and how to make it fit. All text that comes from data passes
// through Printable first, so that names can neither break the layout nor send escape sequences to
// the terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plumbago::render {

// The same text as valid UTF-8 without controls: each bad byte, control character, line separator
// and direction override becomes U+FFFD; tabs and newlines become a space.
std::string Printable(std::string_view text);

// Columns of printable text.
int TextWidth(std::string_view printable);

// At most `width` columns: the end is replaced by "…".
std::string CutEnd(std::string_view printable, int width);

// At most `width` columns: the middle is replaced by "…", for names that differ at both ends.
std::string CutMiddle(std::string_view printable, int width);

// A name for a screen: ids of 32 or more hex digits become their first 12 and "…"; others stay
// whole.
std::string ShortName(std::string_view printable);
// The same within a sentence or a path.
std::string ShortIds(std::string_view text);

// Lines of at most `width` columns, broken at spaces; a word that is too long is broken within.
// At least one line, which may be empty.
std::vector<std::string> Wrap(std::string_view printable, int width);

}  // namespace plumbago::render
