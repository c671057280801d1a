// Moments and durations in cells: numbers in a unit, or dates as text, to whole nanoseconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "formats/csv/number.h"

namespace plumbago::formats {

// Largest magnitude that is read: 2096 as time since 1970.
inline constexpr int64_t kMostNs = csv::kMaxMilliseconds * 1'000'000;

// The powers of ten between a nanosecond and ns, us, ms, s; nothing for another word.
std::optional<uint8_t> TimeUnitPower(std::string_view unit);

// A decimal number, with or without a sign, fraction and exponent, times 10^power. What is below a
// nanosecond is rounded, half away from zero; numbers of up to 18 digits are exact. False: not a
// number, or beyond kMostNs.
bool ParseScaledSlowly(std::string_view text, uint8_t power, int64_t& ns);

// The same with a short cut for plain digits; 8 bytes behind `text` must be readable.
[[gnu::always_inline]] inline bool ParseScaled(std::string_view text, uint8_t power, int64_t& ns) {
  static constexpr int64_t kPowers[] = {1,       10,        100,        1'000,       10'000,
                                        100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};
  size_t left = text.size();
  if (left - 1 < 19) [[likely]] {
    const char* at = text.data();
    uint64_t value = 0;
    uint32_t part = 0;
    bool plain = true;
    for (; left > 8; left -= 8, at += 8) {
      plain = plain && csv::ParseDigits8(at, 8, part);
      value = value * 100'000'000 + part;
    }
    static constexpr uint32_t kTens[] = {1,       10,        100,        1'000,      10'000,
                                         100'000, 1'000'000, 10'000'000, 100'000'000};
    if (plain && csv::ParseDigits8(at, left, part)) {
      value = value * kTens[left] + part;
      if (value > static_cast<uint64_t>(kMostNs / kPowers[power])) return false;
      ns = static_cast<int64_t>(value) * kPowers[power];
      return true;
    }
  }
  return ParseScaledSlowly(text, power, ns);
}

// "2023-01-30 11:39:52.948", "2023-01-30T11:39:52Z", "2023-01-30 11:39:52 +0800": a date of the
// Gregorian calendar and a time of the day (RFC 3339; T may be a blank, the zone may stand after a
// blank and without its colon), in nanoseconds since 1970. A leap second is the first of the next
// minute. `zone_s`: seconds east of Greenwich for text that names no zone; nothing: it must. False:
// something else, or beyond kMostNs.
bool ParseDateTime(std::string_view text, std::optional<int32_t> zone_s, int64_t& ns);

// "UTC", "Z", "+08:00", "-0530" as seconds east of Greenwich.
std::optional<int32_t> ParseZone(std::string_view text);

}  // namespace plumbago::formats
