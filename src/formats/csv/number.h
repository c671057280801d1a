// Decimal numbers of CSV fields as integers, without a detour over floating point in the common
// case.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace plumbago::formats::csv {

// Largest magnitude of a time that is read, in milliseconds: year 2096 as time since 1970. What is
// beyond is no number of milliseconds but something else.
inline constexpr int64_t kMaxMilliseconds = 4'000'000'000'000;

// Parses `text` as milliseconds, with or without a sign, fraction and exponent ("12", "-3", "2.0",
// "1e3"), into nanoseconds. False: not a number, or beyond kMaxMilliseconds. Any text; the slow one
// of the two.
bool ParseMillisecondsSlowly(std::string_view text, int64_t& nanoseconds);

// The value of 1 to 8 decimal digits at `digits`; 8 bytes must be readable there. False: another
// character is among them.
[[gnu::always_inline]] inline bool ParseDigits8(const char* digits, size_t size, uint32_t& value) {
  static_assert(std::endian::native == std::endian::little);
  uint64_t word;
  std::memcpy(&word, digits, 8);
  // Digits move to the end of the word; zeros come before them.
  const unsigned free_bits = static_cast<unsigned>(8 * (8 - size));
  const uint64_t zeros = 0x3030303030303030ull;
  if (free_bits != 0) word = word << free_bits | zeros >> (64 - free_bits);
  if ((((word + 0x4646464646464646ull) | (word - zeros)) & 0x8080808080808080ull) != 0)
    return false;
  word -= zeros;
  word = word * 10 + (word >> 8);
  value =
      static_cast<uint32_t>((((word & 0x000000FF000000FFull) * 0x000F424000000064ull) +
                             (((word >> 16) & 0x000000FF000000FFull) * 0x0000271000000001ull)) >>
                            32);
  return true;
}

// ParseMillisecondsSlowly with short cuts for "123", "-123" and "123.4"; 8 bytes behind `text` must
// be readable.
[[gnu::always_inline]] inline bool ParseMilliseconds(std::string_view text, int64_t& nanoseconds) {
  const bool negative = !text.empty() && text[0] == '-';
  const char* digits = text.data() + negative;
  const size_t size = text.size() - negative;
  uint32_t whole = 0;
  if (size - 1 < 8 && ParseDigits8(digits, size, whole)) [[likely]] {
    const int64_t value = static_cast<int64_t>(whole) * 1'000'000;
    nanoseconds = negative ? -value : value;
    return true;
  }
  if (size - 3 < 8 && digits[size - 2] == '.') {
    const unsigned tenth = static_cast<unsigned char>(digits[size - 1]) - '0';
    if (tenth <= 9 && ParseDigits8(digits, size - 2, whole)) {
      const int64_t value = static_cast<int64_t>(whole) * 1'000'000 + tenth * 100'000;
      nanoseconds = negative ? -value : value;
      return true;
    }
  }
  return ParseMillisecondsSlowly(text, nanoseconds);
}

}  // namespace plumbago::formats::csv
