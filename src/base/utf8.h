// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace plumbago {

// Bytes of the valid character at the start of `text` (not empty), 0 if there is none.
size_t CharacterBytes(std::string_view text);

}  // namespace plumbago
