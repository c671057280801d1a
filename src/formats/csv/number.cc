#include "formats/csv/number.h"

#include <charconv>
#include <cmath>

namespace plumbago::formats::csv {

bool ParseMillisecondsSlowly(std::string_view text, int64_t& nanoseconds) {
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.empty()) return false;
  // Digits with an optional fraction of up to six: exact.
  int64_t value = 0;
  size_t digits = 0;
  size_t fraction = 0;
  bool point = false;
  bool plain = true;
  for (const char c : text) {
    if (c == '.' && !point) {
      point = true;
    } else if (c >= '0' && c <= '9') {
      if (++digits > 18 || (point && ++fraction > 6)) {
        plain = false;
        break;
      }
      value = value * 10 + (c - '0');
    } else {
      plain = false;
      break;
    }
  }
  if (plain && digits != 0) {
    for (size_t i = fraction; i < 6; ++i) {
      if (value > kMaxMilliseconds * 100'000) return false;
      value *= 10;
    }
    if (value > kMaxMilliseconds * 1'000'000) return false;
    nanoseconds = negative ? -value : value;
    return true;
  }
  const char first = text[0];
  if (first != '.' && (first < '0' || first > '9')) return false;  // no "inf", "nan", "--1"
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return false;
  if (!(number <= static_cast<double>(kMaxMilliseconds))) return false;
  value = std::llround(number * 1e6);
  nanoseconds = negative ? -value : value;
  return true;
}

}  // namespace plumbago::formats::csv
