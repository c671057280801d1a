#include "store/clickhouse/words.h"

#include <charconv>

namespace plumbago::store::clickhouse {
namespace {

using formats::spans::SpanKind;
using model::Status;

bool IsWord(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c) != lower[i]) return false;
  }
  return true;
}

// Takes exactly `digits` digits off the front.
bool TakeDigits(std::string_view& text, size_t digits, int64_t& number) {
  if (text.size() < digits) return false;
  number = 0;
  for (size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return true;
}
bool Take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}
// ".935625000", or nothing, as ns; digits beyond nine are dropped.
bool TakeFraction(std::string_view& text, int64_t& ns) {
  ns = 0;
  if (!Take(text, '.')) return true;
  int64_t unit = 100'000'000;
  size_t digits = 0;
  for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1), ++digits) {
    ns += (text[0] - '0') * unit;
    unit /= 10;
  }
  return digits > 0;
}

// Days from 1970-01-01 (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
int64_t Days(int64_t year, int64_t month, int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const int64_t era = year / 400;
  const int64_t of_era = year - era * 400;
  const int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

bool TakeZone(std::string_view& text, int64_t& seconds) {
  seconds = 0;
  if (Take(text, 'Z') || IsWord(text, " utc")) return true;
  const bool west = text.starts_with('-');
  if (!west && !text.starts_with('+')) return false;
  text.remove_prefix(1);
  int64_t hours = 0;
  int64_t minutes = 0;
  if (!TakeDigits(text, 2, hours)) return false;
  Take(text, ':');
  if (!text.empty() && !TakeDigits(text, 2, minutes)) return false;
  seconds = (hours * 60 + minutes) * (west ? -60 : 60);
  return true;
}

bool ParseSeconds(std::string_view text, int64_t& ns) {
  const bool negative = Take(text, '-');
  size_t digits = 0;
  int64_t seconds = 0;
  for (; !text.empty() && text[0] >= '0' && text[0] <= '9' && digits < 11; ++digits) {
    seconds = seconds * 10 + (text[0] - '0');
    text.remove_prefix(1);
  }
  int64_t fraction = 0;
  if (digits == 0 || seconds > 9'000'000'000 || !TakeFraction(text, fraction) || !text.empty())
    return false;
  ns = seconds * 1'000'000'000 + fraction;
  if (negative) ns = -ns;
  return true;
}

}  // namespace

SpanKind KindOf(std::string_view word) {
  constexpr std::string_view kPrefix = "span_kind_";
  if (word.size() > kPrefix.size() && IsWord(word.substr(0, kPrefix.size()), kPrefix))
    word.remove_prefix(kPrefix.size());
  if (IsWord(word, "server")) return SpanKind::kServer;
  if (IsWord(word, "client")) return SpanKind::kClient;
  if (IsWord(word, "internal")) return SpanKind::kInternal;
  if (IsWord(word, "producer")) return SpanKind::kProducer;
  if (IsWord(word, "consumer")) return SpanKind::kConsumer;
  return SpanKind::kUnspecified;
}

Status StatusOf(std::string_view word) {
  constexpr std::string_view kPrefix = "status_code_";
  if (word.size() > kPrefix.size() && IsWord(word.substr(0, kPrefix.size()), kPrefix))
    word.remove_prefix(kPrefix.size());
  if (IsWord(word, "error")) return Status::kError;
  if (IsWord(word, "ok")) return Status::kOk;
  return Status::kUnset;
}

bool ParseMoment(std::string_view text, Moment& moment) {
  moment.zone = true;
  if (ParseSeconds(text, moment.ns)) return true;
  int64_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, fraction = 0, offset = 0;
  if (!TakeDigits(text, 4, year) || !Take(text, '-') || !TakeDigits(text, 2, month) ||
      !Take(text, '-') || !TakeDigits(text, 2, day) || month < 1 || month > 12 || day < 1 ||
      day > 31 || year < 1700 || year > 2250) {
    return false;
  }
  if (!Take(text, ' ') && !Take(text, 'T')) return false;
  if (!TakeDigits(text, 2, hour) || !Take(text, ':') || !TakeDigits(text, 2, minute) ||
      !Take(text, ':') || !TakeDigits(text, 2, second) || !TakeFraction(text, fraction)) {
    return false;
  }
  moment.zone = !text.empty();
  if (moment.zone && !TakeZone(text, offset)) return false;
  const int64_t seconds =
      Days(year, month, day) * 86'400 + hour * 3'600 + minute * 60 + second - offset;
  moment.ns = seconds * 1'000'000'000 + fraction;
  return true;
}

}  // namespace plumbago::store::clickhouse
