#include "formats/csv_mapped/cell_time.h"

#include <array>
#include <charconv>
#include <cmath>

#include "base/int128.h"

namespace plumbago::formats {
namespace {

// `size` digits at the begin of `text`, which are taken away.
bool TakeDigits(std::string_view& text, size_t size, int32_t& number) {
  if (text.size() < size) return false;
  number = 0;
  for (size_t i = 0; i < size; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(size);
  return true;
}

bool TakeSign(std::string_view& text, std::string_view signs) {
  if (text.empty() || signs.find(text[0]) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

bool IsLeap(int32_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int32_t DaysOf(int32_t year, int32_t month) {
  static constexpr std::array<int32_t, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return kDays[static_cast<size_t>(month - 1)] + (month == 2 && IsLeap(year));
}

// Days since 1970-01-01 (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms",
// days_from_civil).
int64_t DaysSince1970(int64_t year, int64_t month, int64_t day) {
  year -= month <= 2;
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t of_era = year - era * 400;
  const int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

}  // namespace

std::optional<uint8_t> TimeUnitPower(std::string_view unit) {
  if (unit == "ns") return 0;
  if (unit == "us") return 3;
  if (unit == "ms") return 6;
  if (unit == "s") return 9;
  return std::nullopt;
}

bool ParseScaledSlowly(std::string_view text, uint8_t power, int64_t& ns) {
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.empty()) return false;
  UInt128 value = 0;
  size_t digits = 0, fraction = 0;
  bool point = false, plain = true;
  for (const char c : text) {
    if (c == '.' && !point) {
      point = true;
    } else if (c >= '0' && c <= '9' && digits < 27) {
      digits += value != 0 || c != '0';  // zeros in front cost nothing
      value = value * 10 + static_cast<unsigned>(c - '0');
      fraction += point;
    } else {
      plain = false;
      break;
    }
  }
  if (plain && (text.size() > 1 || !point)) {
    for (; fraction < power; ++fraction) {
      value *= 10;
      if (value > static_cast<UInt128>(kMostNs)) return false;
    }
    UInt128 unit = 1;
    for (; fraction > power && unit < value * 20; --fraction) unit *= 10;
    if (fraction > power) value = 0;
    value = (value + unit / 2) / unit;
    if (value > static_cast<UInt128>(kMostNs)) return false;
    ns = static_cast<int64_t>(value);
    if (negative) ns = -ns;
    return true;
  }
  const char first = text[0];
  if (first != '.' && (first < '0' || first > '9')) return false;  // no "inf", "nan", "--1"
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return false;
  number *= std::pow(10.0, power);
  if (!(number <= static_cast<double>(kMostNs))) return false;
  ns = std::llround(number);
  if (negative) ns = -ns;
  return true;
}

std::optional<int32_t> ParseZone(std::string_view text) {
  if (text == "UTC" || text == "Z" || text == "z") return 0;
  const bool west = text.starts_with('-');
  int32_t hours = 0, minutes = 0;
  if (!TakeSign(text, "+-") || !TakeDigits(text, 2, hours)) return std::nullopt;
  TakeSign(text, ":");
  if (!TakeDigits(text, 2, minutes) || !text.empty() || hours > 23 || minutes > 59)
    return std::nullopt;
  const int32_t seconds = hours * 3600 + minutes * 60;
  return west ? -seconds : seconds;
}

bool ParseDateTime(std::string_view text, std::optional<int32_t> zone_s, int64_t& ns) {
  int32_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!TakeDigits(text, 4, year) || !TakeSign(text, "-") || !TakeDigits(text, 2, month) ||
      !TakeSign(text, "-") || !TakeDigits(text, 2, day) || !TakeSign(text, "Tt ") ||
      !TakeDigits(text, 2, hour) || !TakeSign(text, ":") || !TakeDigits(text, 2, minute) ||
      !TakeSign(text, ":") || !TakeDigits(text, 2, second)) {
    return false;
  }
  if (month < 1 || month > 12 || day < 1 || day > DaysOf(year, month) || hour > 23 || minute > 59 ||
      second > 60) {
    return false;
  }
  int64_t fraction = 0;
  if (TakeSign(text, ".,")) {
    size_t digits = 0;
    for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1), ++digits) {
      if (digits < 9) fraction = fraction * 10 + (text[0] - '0');
    }
    if (digits == 0) return false;
    for (; digits < 9; ++digits) fraction *= 10;
  }
  if (!text.empty()) {
    TakeSign(text, " ");
    zone_s = ParseZone(text);
  }
  if (!zone_s) return false;
  const int64_t seconds =
      DaysSince1970(year, month, day) * 86'400 + hour * 3'600 + minute * 60 + second - *zone_s;
  if (seconds > kMostNs / 1'000'000'000 - 1 || seconds < -(kMostNs / 1'000'000'000 - 1))
    return false;
  ns = seconds * 1'000'000'000 + fraction;
  return true;
}

}  // namespace plumbago::formats
