// The id of a trace in 128 bits, with how it was written, so that its text comes back exactly.
//
// Trace ids are as many as traces: they never enter a dictionary. So the text is encoded into the
// id where a known form allows it, losslessly:
//
//   form        text                              hi                                lo
//   kHex        1..30 lower-case hex digits       n << 56 | upper digits            lower 16 digits
//   kHex32      32 lower-case hex digits          digits 0..15                      digits 16..31
//   kPrefixed   "T_" + decimal without zeros      0xF0 << 56                        the number
//               in front, below 2^64
//   kHashed     any other text                    XXH3-128; the text is kept in OddTraceIds
//
// Two ids are equal if form, hi and lo are. Alibaba's 2021 ids (30 hex digits) also tell their
// birth (statistics.md T4): digits 0..7 are the IPv4 address of the host that made the id, the 13
// characters from digit 8 are decimal epoch milliseconds.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plumbago::model {

enum class TraceForm : uint8_t { kHex, kHex32, kPrefixed, kHashed };

struct TraceId {
  uint64_t hi = 0;
  uint64_t lo = 0;
  TraceForm form = TraceForm::kHex;

  friend bool operator==(const TraceId&, const TraceId&) = default;
  friend auto operator<=>(const TraceId&, const TraceId&) = default;

  // Encodes `text`; any text is accepted. A kHashed one is remembered in OddTraceIds (thread-safe).
  static TraceId Parse(std::string_view text) {
    TraceId id;
    Parse(text, id);
    return id;
  }
  // The same straight into `id`: a loop over rows spares the copy, whose wide load waits for the
  // narrow stores before it (3 ns a row by the profile).
  static void Parse(std::string_view text, TraceId& id);
  // The text that was parsed.
  std::string Text() const;
  // Nanoseconds since 1970 at which the id was made, where its text tells (29..31 hex digits with
  // 13 plausible decimal digits from the ninth; years 2001 to 2100).
  std::optional<int64_t> BirthNs() const;
  // A well mixed hash of the content: the same on every run and machine. Seeds samples and
  // partitions.
  uint64_t Hash() const {
    uint64_t h = (hi ^ (static_cast<uint64_t>(form) << 60)) * 0x9E3779B97F4A7C15ull;
    h ^= h >> 32;
    h = (h + lo) * 0xD6E8FEB86659FD93ull;
    h ^= h >> 32;
    h *= 0xD6E8FEB86659FD93ull;
    return h ^ (h >> 32);
  }
};

}  // namespace plumbago::model
