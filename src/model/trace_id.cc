#include "model/trace_id.h"

#include <fmt/format.h>

#include <cstring>
#include <mutex>
#include <unordered_map>

#include "base/int128.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace plumbago::model {
namespace {

constexpr uint64_t kPrefixedMark = 0xF0ull << 56;
constexpr size_t kMaxHex = 30;  // 31 digits would not leave a byte for their number

// Texts of ids in no known form, by their hash. Grows with the number of such ids; the known forms
// of all real sources stay out of it.
struct OddTraceIds {
  std::mutex mutex;
  std::unordered_map<uint64_t, std::string> texts;
};
OddTraceIds& Odd() {
  static OddTraceIds odd;
  return odd;
}

// The value of eight lower-case hex digits, the first one in the lowest byte of `digits`. False:
// others are among them.
bool ParseHex8(uint64_t digits, uint64_t& value) {
  constexpr uint64_t kOnes = 0x0101010101010101ull;
  const uint64_t letters = (digits >> 6) & kOnes;  // 'a'..'f' have this bit, '0'..'9' do not
  uint64_t nibbles = (digits & 0x0F * kOnes) + 9 * letters;
  // Back to text: what was no hex digit does not come back, or needs more than four bits.
  const uint64_t large = ((nibbles + 6 * kOnes) >> 4) & kOnes;
  if (nibbles + '0' * kOnes + ('a' - '0' - 10) * large != digits || (nibbles & 0xF0 * kOnes) != 0)
    return false;
  nibbles = __builtin_bswap64(nibbles);
  nibbles = (nibbles | nibbles >> 4) & 0x00FF00FF00FF00FFull;
  nibbles = (nibbles | nibbles >> 8) & 0x0000FFFF0000FFFFull;
  value = (nibbles | nibbles >> 16) & 0xFFFFFFFF;
  return true;
}

#ifdef __SSE2__
// The value of sixteen lower-case hex digits. False: others are among them.
bool ParseHex16(const char* digits, uint64_t& value) {
  const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(digits));
  const __m128i number = _mm_sub_epi8(text, _mm_set1_epi8('0'));
  const __m128i letter = _mm_sub_epi8(text, _mm_set1_epi8('a'));
  const __m128i is_number = _mm_cmpeq_epi8(_mm_min_epu8(number, _mm_set1_epi8(9)), number);
  const __m128i is_letter = _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(5)), letter);
  if (_mm_movemask_epi8(_mm_or_si128(is_number, is_letter)) != 0xFFFF) return false;
  const __m128i nibbles =
      _mm_or_si128(_mm_and_si128(is_number, number),
                   _mm_and_si128(is_letter, _mm_add_epi8(letter, _mm_set1_epi8(10))));
  // Two neighbours make a byte, the first one its upper half.
  const __m128i bytes = _mm_and_si128(
      _mm_or_si128(_mm_slli_epi16(nibbles, 4), _mm_srli_epi16(nibbles, 8)), _mm_set1_epi16(0xFF));
  value =
      __builtin_bswap64(static_cast<uint64_t>(_mm_cvtsi128_si64(_mm_packus_epi16(bytes, bytes))));
  return true;
}
#endif

// Ids are parsed once a row: sixteen digits at a time where the processor can (12 ns instead of 26
// for the 30 of 2021), else eight.
bool ParseHex(std::string_view text, uint64_t& hi, uint64_t& lo) {
#ifdef __SSE2__
  if (text.size() >= 16) {  // the first sixteen and the last sixteen, which may overlap
    uint64_t first = 0;
    // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): reads sixteen bytes
    if (!ParseHex16(text.data(), first) || !ParseHex16(text.data() + text.size() - 16, lo))
      return false;
    hi = text.size() == 16 ? 0 : first >> (4 * (32 - text.size()));
    return true;
  }
#endif
  hi = lo = 0;
  const size_t odd = text.size() % 8;
  uint64_t value = 0;
  if (odd != 0) {
    uint64_t word = 0;
    std::memcpy(&word, text.data(), odd);
    const auto free_bits = 8 * (8 - odd);
    if (!ParseHex8(word << free_bits | 0x3030303030303030ull >> (64 - free_bits), lo)) return false;
  }
  for (size_t i = odd; i < text.size(); i += 8) {
    uint64_t word = 0;
    std::memcpy(&word, text.data() + i, 8);
    if (!ParseHex8(word, value)) return false;
    hi = hi << 32 | lo >> 32;
    lo = lo << 32 | value;
  }
  return true;
}

bool ParsePrefixed(std::string_view text, uint64_t& value) {
  if (text.size() < 3 || text.size() > 21 || text[0] != 'T' || text[1] != '_') return false;
  if (text[2] == '0' && text.size() > 3) return false;
  value = 0;
  for (const char c : text.substr(2)) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + static_cast<uint64_t>(c - '0');
  }
  return true;
}

}  // namespace

void TraceId::Parse(std::string_view text, TraceId& id) {
  const bool hex_size = text.size() == 32 || (!text.empty() && text.size() <= kMaxHex);
  if (hex_size && ParseHex(text, id.hi, id.lo)) {
    id.form = text.size() == 32 ? TraceForm::kHex32 : TraceForm::kHex;
    if (id.form == TraceForm::kHex) id.hi |= static_cast<uint64_t>(text.size()) << 56;
    return;
  }
  uint64_t number = 0;
  if (ParsePrefixed(text, number)) {
    id.hi = kPrefixedMark;
    id.lo = number;
    id.form = TraceForm::kPrefixed;
    return;
  }
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  id.hi = hash.high64;
  id.lo = hash.low64;
  id.form = TraceForm::kHashed;
  OddTraceIds& odd = Odd();
  const std::lock_guard lock(odd.mutex);
  odd.texts.try_emplace(id.lo, text);
}

std::string TraceId::Text() const {
  switch (form) {
    case TraceForm::kHex32:
      return fmt::format("{:016x}{:016x}", hi, lo);
    case TraceForm::kHex: {
      const size_t digits = hi >> 56;
      const std::string all = fmt::format("{:016x}{:016x}", hi & 0x00FFFFFFFFFFFFFFull, lo);
      return all.substr(all.size() - digits);
    }
    case TraceForm::kPrefixed:
      return fmt::format("T_{}", lo);
    case TraceForm::kHashed: {
      OddTraceIds& odd = Odd();
      const std::lock_guard lock(odd.mutex);
      const auto found = odd.texts.find(lo);
      return found == odd.texts.end() ? fmt::format("{:016x}{:016x}", hi, lo) : found->second;
    }
  }
  return {};
}

std::optional<int64_t> TraceId::BirthNs() const {
  if (form != TraceForm::kHex) return std::nullopt;
  const size_t digits = hi >> 56;
  if (digits < 29 || digits > 30) return std::nullopt;
  const UInt128 value = static_cast<UInt128>(hi & 0x00FFFFFFFFFFFFFFull) << 64 | lo;
  int64_t ms = 0;
  for (size_t i = 8; i < 21; ++i) {
    const auto digit = static_cast<int>(value >> (4 * (digits - 1 - i)) & 0xF);
    if (digit > 9) return std::nullopt;
    ms = ms * 10 + digit;
  }
  constexpr int64_t kYear2001 = 978'307'200'000;
  constexpr int64_t kYear2100 = 4'102'444'800'000;
  if (ms < kYear2001 || ms > kYear2100) return std::nullopt;
  return ms * 1'000'000;
}

}  // namespace plumbago::model
