#include "formats/json/bracket_scan.h"

#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#define PLUMBAGO_AVX2 1
#endif

namespace plumbago::formats::json {
namespace {

#ifdef PLUMBAGO_AVX2
#define PLUMBAGO_TARGET_AVX2 __attribute__((target("avx2,bmi,popcnt")))

struct Masks {
  uint64_t quotes = 0, backslashes = 0, opened = 0, closed = 0;
};

PLUMBAGO_TARGET_AVX2 inline Masks MasksOf(const char* at) {
  const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
  const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + 32));
  const auto equal = [&](__m256i a, __m256i b, char c) PLUMBAGO_TARGET_AVX2 {
    const __m256i wanted = _mm256_set1_epi8(c);
    return static_cast<uint64_t>(
               static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, wanted)))) |
           static_cast<uint64_t>(
               static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(b, wanted))))
               << 32;
  };
  // '[' | 0x20 is '{', ']' | 0x20 is '}'; no other bytes become them.
  const __m256i bit = _mm256_set1_epi8(0x20);
  const __m256i low_folded = _mm256_or_si256(low, bit);
  const __m256i high_folded = _mm256_or_si256(high, bit);
  return {equal(low, high, '"'), equal(low, high, '\\'), equal(low_folded, high_folded, '{'),
          equal(low_folded, high_folded, '}')};
}

// Bits of characters behind an odd number of backslashes, after simdjson (find_escaped_branchless).
PLUMBAGO_TARGET_AVX2 inline uint64_t Escaped(uint64_t backslashes, uint64_t& carry) {
  if (backslashes == 0) {
    const uint64_t escaped = carry;
    carry = 0;
    return escaped;
  }
  constexpr uint64_t kEven = 0x5555555555555555ull;
  backslashes &= ~carry;
  const uint64_t follows = backslashes << 1 | carry;
  const uint64_t odd_starts = backslashes & ~kEven & ~follows;
  unsigned long long sum = 0;
  carry = __builtin_uaddll_overflow(odd_starts, backslashes, &sum) ? 1 : 0;
  return (kEven ^ (sum << 1)) & follows;
}

PLUMBAGO_TARGET_AVX2 size_t EndAvx2(std::string_view text, size_t at) {
  uint64_t carry = 0;    // the first byte is escaped
  uint64_t in_text = 0;  // all ones if the piece begins within a text
  int64_t depth = 0;
  for (; at < text.size(); at += 64) {
    char last[64];
    const char* piece = text.data() + at;
    if (text.size() - at < 64) {
      std::memset(last, ' ', sizeof last);
      std::memcpy(last, piece, text.size() - at);
      piece = last;
    }
    const Masks masks = MasksOf(piece);
    uint64_t inside = masks.quotes & ~Escaped(masks.backslashes, carry);
    for (int shift = 1; shift < 64; shift *= 2) inside ^= inside << shift;
    inside ^= in_text;
    in_text = static_cast<uint64_t>(static_cast<int64_t>(inside) >> 63);
    const uint64_t opened = masks.opened & ~inside;
    uint64_t closed = masks.closed & ~inside;
    const int closing = std::popcount(closed);
    if (depth <= closing) {
      // The n-th closing bracket ends it where as many were opened before.
      for (int n = 1; closed != 0; ++n, closed &= closed - 1) {
        const int bit = std::countr_zero(closed);
        const int before = std::popcount(opened & ((uint64_t{1} << bit) - 1));
        if (depth + before - n == 0) return at + static_cast<size_t>(bit) + 1;
      }
    }
    depth += std::popcount(opened) - closing;
  }
  return std::string_view::npos;
}
#endif

bool HasAvx2() {
#ifdef PLUMBAGO_AVX2
  static const bool has = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                          __builtin_cpu_supports("popcnt");
  return has;
#else
  return false;
#endif
}

}  // namespace

size_t EndOfText(std::string_view text, size_t at) {
  for (size_t from = at + 1;;) {
    const size_t quote = text.find('"', from);
    if (quote == text.npos) return text.npos;
    size_t slashes = 0;
    while (quote - slashes > at + 1 && text[quote - slashes - 1] == '\\') ++slashes;
    if (slashes % 2 == 0) return quote + 1;
    from = quote + 1;
  }
}

size_t EndOfBracketsPortably(std::string_view text, size_t at) {
  int64_t depth = 0;
  while (at < text.size()) {
    switch (text[at]) {
      case '"':
        at = EndOfText(text, at);
        if (at == text.npos) return at;
        continue;
      case '{':
      case '[':
        ++depth;
        break;
      case '}':
      case ']':
        if (--depth == 0) return at + 1;
        break;
      default:
        break;
    }
    ++at;
  }
  return text.npos;
}

size_t EndOfBrackets(std::string_view text, size_t at) {
#ifdef PLUMBAGO_AVX2
  if (HasAvx2()) return EndAvx2(text, at);
#endif
  return EndOfBracketsPortably(text, at);
}

}  // namespace plumbago::formats::json
