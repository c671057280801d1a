#include "formats/function_minutes/fast_row.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace plumbago::formats::function_minutes {
namespace {

static_assert(std::endian::native == std::endian::little, "the order of bytes in words");

// Of eight bytes, the first the lowest.
constexpr uint64_t kZeros = 0x302C302C302C302Cull;  // ",0,0,0,0"
constexpr uint64_t kCommas = 0x00FF00FF00FF00FFull;
constexpr uint64_t kEach = 0x0101010101010101ull;

[[gnu::always_inline]] inline uint64_t Load(const char* at) {
  uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// Bytes of `digits` (text with '0' taken off) that are no digits, as their top bits.
[[gnu::always_inline]] inline uint64_t NoDigits(uint64_t digits) {
  return (((digits & (kEach * 0x7F)) + kEach * 0x76) | digits) & (kEach * 0x80);
}

// Of 64 bytes that are 32 fields of one digit each: which digits are not 0, a bit a byte. False:
// they are something else, or the last field may have a second digit.
[[gnu::always_inline]] inline bool AreDigits(const char* at, uint64_t& others) {
  if (static_cast<unsigned char>(at[64] - '0') <= 9) return false;
  others = 0;
#if defined(__SSE2__)
  const __m128i zeros = _mm_set1_epi16(0x302C), most = _mm_set1_epi16(0x0900);
  __m128i within = _mm_set1_epi8(-1);
  for (unsigned i = 0; i < 4; ++i) {
    const __m128i bytes =
        _mm_xor_si128(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at) + i), zeros);
    within = _mm_and_si128(within, _mm_cmpeq_epi8(_mm_max_epu8(bytes, most), most));
    const __m128i none = _mm_cmpeq_epi8(bytes, _mm_setzero_si128());
    others |= static_cast<uint64_t>(~_mm_movemask_epi8(none) & 0xFFFF) << (16 * i);
  }
  return _mm_movemask_epi8(within) == 0xFFFF;
#else
  constexpr uint64_t kLow = kEach * 0x7F;
  for (unsigned i = 0; i < 8; ++i) {
    const uint64_t word = Load(at + 8 * i) ^ kZeros;
    if ((word & kCommas) != 0 || NoDigits(word) != 0) return false;
    const uint64_t found = ((word + kLow) >> 7) & kEach;  // a 1 for each byte that is not 0
    others |= ((found * 0x0102040810204080ull) >> 56) << (8 * i);
  }
  return true;
#endif
}

// The number that eight digits are, the first the lowest byte.
[[gnu::always_inline]] inline uint32_t Number(uint64_t digits) {
  digits = digits * 10 + (digits >> 8);
  return static_cast<uint32_t>(
      (((digits & 0x000000FF000000FFull) * 0x000F424000000064ull) +
       (((digits >> 16) & 0x000000FF000000FFull) * 0x0000271000000001ull)) >>
      32);
}

}  // namespace

size_t FastRow::Read(std::string_view text) {
  // A longer line is no row.
  text = text.substr(0, csv::kMaxLineBytes);
  const char* const end = text.data() + text.size();
  const char* at = ReadNames(text);
  if (at == nullptr) return 0;
  at = ReadCounts(at, end);
  if (at == nullptr || at >= end) return 0;
  const auto raw = static_cast<size_t>(at - text.data());
  if (*at == '\r') ++at;
  if (at >= end || *at != '\n') return 0;
  if (raw == layout_.header.size() && text.substr(0, raw) == layout_.header) return 0;
  return static_cast<size_t>(at - text.data()) + 1;
}

const char* FastRow::ReadNames(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  for (uint32_t column = 0; column < layout_.first_column; ++column) {
    const auto* comma =
        static_cast<const char*>(std::memchr(at, ',', static_cast<size_t>(end - at)));
    if (comma == nullptr) return nullptr;
    names_[column] = {at, static_cast<size_t>(comma - at)};
    at = comma + 1;
  }
  const auto size = static_cast<size_t>(at - text.data());
  if (std::memchr(text.data(), '\n', size) != nullptr ||
      std::memchr(text.data(), '"', size) != nullptr) {
    return nullptr;
  }
  return at - 1;
}

const char* FastRow::ReadCounts(const char* at, const char* end) {
  const uint32_t minutes = layout_.minutes, first = layout_.first;
  Count* out = counts_.data();
  uint32_t i = 0;  // minutes that were read
  while (i < minutes) {
    while (i + 32 <= minutes && at + 65 <= end) {
      uint64_t others = 0;
      if (!AreDigits(at, others)) break;
      for (; others != 0; others &= others - 1) {
        const auto byte = static_cast<unsigned>(std::countr_zero(others));
        *out++ = {first + i + byte / 2, static_cast<uint32_t>(at[byte] - '0')};
      }
      at += 64;
      i += 32;
    }
    // Then so many before it is worth to look for as many of one digit again.
    const uint32_t stop = std::min(i + 32, minutes);
    while (i < stop) {
      if (at >= end) return nullptr;
      const uint64_t word = Load(at) ^ kZeros;
      if (i + 4 <= minutes && (word & kCommas) == 0 && NoDigits(word) == 0) [[likely]] {
        if (word == 0) {
          at += 8;
          i += 4;
          continue;
        }
        // The last may be the first digit of a longer one, which comes next then.
        const uint32_t whole = static_cast<unsigned char>(at[8] - '0') <= 9 ? 3 : 4;
        for (uint32_t k = 0; k < whole; ++k) {
          const auto count = static_cast<uint32_t>(word >> (16 * k + 8)) & 0xFF;
          *out = {first + i + k, count};
          out += count != 0 ? 1 : 0;
        }
        at += whole * 2;
        i += whole;
        continue;
      }
      if (*at != ',') return nullptr;
      const uint64_t digits = Load(at + 1) ^ (kEach * '0');
      const uint64_t others = NoDigits(digits);
      uint32_t count = 0;
      if (others != 0) [[likely]] {
        const auto bits = static_cast<unsigned>(std::countr_zero(others)) & ~7u;
        if (bits == 0) return nullptr;
        count = Number(digits << (64 - bits));
        at += 1 + bits / 8;
      } else {
        const auto [behind, error] = std::from_chars(at + 1, end, count);
        if (error != std::errc()) return nullptr;
        at = behind;
      }
      *out = {first + i, count};
      out += count != 0 ? 1 : 0;
      ++i;
    }
  }
  size_ = static_cast<size_t>(out - counts_.data());
  return at;
}

}  // namespace plumbago::formats::function_minutes
