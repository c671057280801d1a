// Ids of spans as 64 bits, which is what nearly all systems write.
#pragma once

#include <cstdint>
#include <string_view>

#include "formats/hex_digits.h"
#include "model/names.h"

namespace plumbago::formats {

// Up to 16 hex digits are their number, any other text is hashed. 0 for nothing and for zeros alone
// (which say "none" in every tracing system); never 0 for another text.
inline uint64_t ParseSpanId(std::string_view text) {
  uint64_t id = 0;
  if (text.size() <= 16 && ParseHex(text, id)) return id;
  const uint64_t hash = model::NameTable::HashText(text);
  return hash != 0 ? hash : 1;
}

}  // namespace plumbago::formats
