// Ids of spans as 64 bits, which is what nearly all systems write.
#pragma once

#include <cstdint>
#include <string_view>

#include "model/names.h"

namespace plumbago::formats {

// Up to 16 hex digits are their number, any other text is hashed. 0 for nothing and for zeros alone
// (which say "none" in every tracing system); never 0 for another text.
inline uint64_t ParseSpanId(std::string_view text) {
  static constexpr auto kDigits = [] {
    struct Table {
      uint8_t of[256];
    } table{};
    for (int c = 0; c < 256; ++c) {
      table.of[c] = static_cast<uint8_t>(c >= '0' && c <= '9'   ? c - '0'
                                         : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                                : 0x80);
    }
    return table;
  }();
  uint64_t id = 0;
  uint8_t wrong = text.size() > 16 ? 0x80 : 0;
  if (wrong == 0) {
    for (const char c : text) {
      const uint8_t digit = kDigits.of[static_cast<unsigned char>(c)];
      wrong |= digit;
      id = id << 4 | digit;
    }
  }
  if ((wrong & 0x80) == 0) return id;
  const uint64_t hash = model::NameTable::HashText(text);
  return hash != 0 ? hash : 1;
}

}  // namespace plumbago::formats
