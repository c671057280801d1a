#include "formats/csv/delimiter_scan.h"

#include <bit>
#include <cstring>

#include "base/check.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define PLUMBAGO_AVX2 1
#endif

namespace plumbago::formats::csv {
namespace {

static_assert(std::endian::native == std::endian::little, "the bit order of masks relies on it");

// Entries that may be written beyond the last one.
constexpr size_t kSlack = 64;

struct Output {
  uint32_t* at;
  uint32_t* line_ends;
  uint32_t count = 0;
  uint32_t lines = 0;
  bool quotes = false;
};

// Appends the positions of one 64-byte piece. Four are always written: most pieces have no more,
// and a branch that fails is dearer than a store that is overwritten.
[[gnu::always_inline]] inline void Append(uint64_t delimiters, uint64_t newlines, uint32_t base,
                                          Output& out) {
  while (newlines != 0) {
    const uint64_t before = (newlines & (~newlines + 1)) - 1;
    out.line_ends[out.lines++] =
        out.count + static_cast<uint32_t>(std::popcount(delimiters & before));
    newlines &= newlines - 1;
  }
  const uint32_t found = static_cast<uint32_t>(std::popcount(delimiters));
  uint32_t* at = out.at + out.count;
  out.count += found;
  const auto next = [&] {
    *at++ = base + static_cast<uint32_t>(std::countr_zero(delimiters));
    delimiters &= delimiters - 1;
  };
  next(), next(), next(), next();
  if (found > 4) [[unlikely]] {
    next(), next(), next(), next();
    while (delimiters != 0) next();
  }
}

uint64_t TailMask(size_t bytes) { return bytes >= 64 ? ~uint64_t{0} : (uint64_t{1} << bytes) - 1; }

// One bit for each of eight bytes that equals `byte`.
[[gnu::always_inline]] inline uint64_t EqualBits(uint64_t word, uint8_t byte) {
  constexpr uint64_t kLow = 0x7F7F7F7F7F7F7F7Full;
  const uint64_t difference = word ^ (0x0101010101010101ull * byte);
  const uint64_t zero = ~(((difference & kLow) + kLow) | difference | kLow);
  return ((zero >> 7) * 0x0102040810204080ull) >> 56;
}

void ScanWords(const char* text, size_t size, Output& out) {
  for (size_t begin = 0; begin < size; begin += 64) {
    uint64_t commas = 0;
    uint64_t newlines = 0;
    for (size_t k = 0; k < 8; ++k) {
      uint64_t word;
      std::memcpy(&word, text + begin + 8 * k, 8);
      commas |= EqualBits(word, ',') << (8 * k);
      newlines |= EqualBits(word, '\n') << (8 * k);
    }
    const uint64_t mask = TailMask(size - begin);
    newlines &= mask;
    Append((commas & mask) | newlines, newlines, static_cast<uint32_t>(begin), out);
  }
}

#ifdef PLUMBAGO_AVX2
#define PLUMBAGO_TARGET_AVX2 __attribute__((target("avx2,bmi,popcnt")))

PLUMBAGO_TARGET_AVX2 void ScanAvx2(const char* text, size_t size, Output& out) {
  const __m256i comma = _mm256_set1_epi8(',');
  const __m256i newline = _mm256_set1_epi8('\n');
  const __m256i quote = _mm256_set1_epi8('"');
  __m256i quotes = _mm256_setzero_si256();
  Output local = out;
  for (size_t begin = 0; begin < size; begin += 64) {
    const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + begin));
    const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + begin + 32));
    const auto join = [](__m256i a, __m256i b) PLUMBAGO_TARGET_AVX2 {
      return static_cast<uint64_t>(static_cast<uint32_t>(_mm256_movemask_epi8(a))) |
             static_cast<uint64_t>(static_cast<uint32_t>(_mm256_movemask_epi8(b))) << 32;
    };
    uint64_t commas = join(_mm256_cmpeq_epi8(low, comma), _mm256_cmpeq_epi8(high, comma));
    uint64_t newlines = join(_mm256_cmpeq_epi8(low, newline), _mm256_cmpeq_epi8(high, newline));
    const __m256i quoted =
        _mm256_or_si256(_mm256_cmpeq_epi8(low, quote), _mm256_cmpeq_epi8(high, quote));
    if (size - begin < 64) {
      const uint64_t mask = TailMask(size - begin);
      commas &= mask;
      newlines &= mask;
      local.quotes = std::memchr(text + begin, '"', size - begin) != nullptr;
    } else {
      quotes = _mm256_or_si256(quotes, quoted);
    }
    Append(commas | newlines, newlines, static_cast<uint32_t>(begin), local);
  }
  local.quotes |= _mm256_testz_si256(quotes, quotes) == 0;
  out = local;
}

PLUMBAGO_TARGET_AVX2 bool NeedsQuotesAvx2(const char* text, size_t size) {
  const __m256i comma = _mm256_set1_epi8(',');
  const __m256i newline = _mm256_set1_epi8('\n');
  const __m256i quote = _mm256_set1_epi8('"');
  const __m256i carriage_return = _mm256_set1_epi8('\r');
  __m256i found = _mm256_setzero_si256();
  for (size_t begin = 0;;) {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + begin));
    found = _mm256_or_si256(
        found, _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(bytes, comma),
                                               _mm256_cmpeq_epi8(bytes, newline)),
                               _mm256_or_si256(_mm256_cmpeq_epi8(bytes, quote),
                                               _mm256_cmpeq_epi8(bytes, carriage_return))));
    if (begin + 32 >= size) break;
    begin = begin + 64 <= size ? begin + 32 : size - 32;
  }
  return _mm256_testz_si256(found, found) == 0;
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

Delimiters::Delimiters(size_t capacity)
    : capacity_(capacity),
      at_(std::make_unique_for_overwrite<uint32_t[]>(capacity + 1 + kSlack)),
      line_ends_(std::make_unique_for_overwrite<uint32_t[]>(capacity + kSlack)) {
  CHECK(capacity < (size_t{1} << 31));
  at_[0] = ~uint32_t{0};  // one before 0, in arithmetic modulo 2^32
}

void Delimiters::Scan(std::string_view text) {
#ifdef PLUMBAGO_AVX2
  if (HasAvx2()) {
    CHECK(text.size() <= capacity_);
    Output out{at(), line_ends_.get()};
    ScanAvx2(text.data(), text.size(), out);
    size_ = out.count;
    lines_ = out.lines;
    quotes_ = out.quotes;
    return;
  }
#endif
  ScanPortably(text);
}

void Delimiters::ScanPortably(std::string_view text) {
  CHECK(text.size() <= capacity_);
  Output out{at(), line_ends_.get()};
  ScanWords(text.data(), text.size(), out);
  size_ = out.count;
  lines_ = out.lines;
  quotes_ = std::memchr(text.data(), '"', text.size()) != nullptr;
}

bool NeedsQuotes(std::string_view text) {
#ifdef PLUMBAGO_AVX2
  if (text.size() >= 32 && HasAvx2()) return NeedsQuotesAvx2(text.data(), text.size());
#endif
  for (const char c : text) {
    if (c == ',' || c == '"' || c == '\n' || c == '\r') return true;
  }
  return false;
}

}  // namespace plumbago::formats::csv
