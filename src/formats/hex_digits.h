// Hex digits of either case, as numbers.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace plumbago::formats {

// 0 to 15; kNoHexDigit for any other character.
inline constexpr uint8_t kNoHexDigit = 0x80;
inline constexpr std::array<uint8_t, 256> kHexDigits = [] {
  std::array<uint8_t, 256> of{};
  for (unsigned c = 0; c < 256; ++c) {
    of[c] = static_cast<uint8_t>(c >= '0' && c <= '9'   ? c - '0'
                                 : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                 : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                        : kNoHexDigit);
  }
  return of;
}();

// The number that up to 16 digits write; 0 for none. False: another character is among them.
inline bool ParseHex(std::string_view digits, uint64_t& number) {
  uint64_t value = 0;
  uint8_t wrong = 0;
  for (const char c : digits) {
    const uint8_t digit = kHexDigits[static_cast<unsigned char>(c)];
    wrong |= digit;
    value = value << 4 | (digit & 15u);
  }
  number = value;
  return (wrong & kNoHexDigit) == 0;
}

}  // namespace plumbago::formats
