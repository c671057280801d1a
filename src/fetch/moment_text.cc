#include "fetch/moment_text.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <optional>

namespace plumbago::fetch {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

// Takes exactly `digits` digits and what stands behind them.
std::optional<int> Take(std::string_view& text, size_t digits, std::string_view behind) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  const char* const end = text.data() + digits;
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || text[0] == '-') return std::nullopt;
  text.remove_prefix(digits);
  if (!text.starts_with(behind)) return std::nullopt;
  text.remove_prefix(behind.size());
  return value;
}

std::optional<int64_t> Ago(std::string_view text) {
  constexpr std::pair<std::string_view, double> kUnits[] = {
      {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}, {"d", 86400e9}, {"w", 7 * 86400e9}};
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || !(value >= 0)) return std::nullopt;
  for (const auto& [unit, ns] : kUnits) {
    if (std::string_view(stop, static_cast<size_t>(end - stop)) == unit && value * ns < 9e18)
      return static_cast<int64_t>(value * ns);
  }
  return std::nullopt;
}

// Behind the date: "T10:00:00.25+01:00"; nanoseconds to add to midnight UTC.
std::optional<int64_t> TimeOfDay(std::string_view text) {
  if (text.empty()) return 0;
  if (text[0] != 'T' && text[0] != 't' && text[0] != ' ') return std::nullopt;
  text.remove_prefix(1);
  const auto hour = Take(text, 2, ":");
  const auto minute = Take(text, 2, "");
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  int64_t ns = (*hour * 3600 + *minute * 60) * kSecond;
  if (text.starts_with(':')) {
    text.remove_prefix(1);
    const auto second = Take(text, 2, "");
    if (!second || *second > 60) return std::nullopt;
    ns += *second * kSecond;
    if (text.starts_with('.')) {
      text.remove_prefix(1);
      int64_t unit = kSecond / 10;
      size_t digits = 0;
      for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
        ns += (text[digits] - '0') * unit;
        unit /= 10;
      }
      if (digits == 0) return std::nullopt;
      text.remove_prefix(digits);
    }
  }
  if (text.empty() || text == "Z" || text == "z") return ns;
  const char sign = text[0];
  if (sign != '+' && sign != '-') return std::nullopt;
  text.remove_prefix(1);
  const auto hours = Take(text, 2, ":");
  const auto minutes = Take(text, 2, "");
  if (!hours || !minutes || *hours > 23 || *minutes > 59 || !text.empty()) return std::nullopt;
  const int64_t offset = (*hours * 3600 + *minutes * 60) * kSecond;
  return sign == '+' ? ns - offset : ns + offset;
}

std::optional<int64_t> Moment(std::string_view text) {
  const auto year = Take(text, 4, "-");
  const auto month = Take(text, 2, "-");
  const auto day = Take(text, 2, "");
  if (!year || !month || !day || *year < 1970 || *year > 2261) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  const auto time = TimeOfDay(text);
  if (!time) return std::nullopt;
  const int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return days * 86400 * kSecond + *time;
}

}  // namespace

Result<int64_t> ParseMoment(std::string_view text, int64_t now_ns) {
  if (text == "now") return now_ns;
  std::optional<int64_t> ns;
  if (text.starts_with('-')) {
    ns = Ago(text.substr(1));
    if (ns) ns = now_ns - *ns;
  } else {
    ns = Moment(text);
  }
  if (ns && *ns >= 0) return *ns;
  return Fail(ErrorKind::kUsage,
              fmt::format("a moment is written 2026-11-23T10:00:00Z, 2026-11-23, now or -1h (an "
                          "hour ago), not '{}'",
                          text.substr(0, 60)));
}

std::string MomentText(int64_t ns) {
  int64_t seconds = ns / kSecond;
  int64_t rest = ns % kSecond;
  if (rest < 0) {
    rest += kSecond;
    --seconds;
  }
  const std::chrono::sys_seconds moment{std::chrono::seconds(seconds)};
  const auto days = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss time(moment - days);
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", int(date.year()),
                                 unsigned(date.month()), unsigned(date.day()), time.hours().count(),
                                 time.minutes().count(), time.seconds().count());
  if (rest != 0) {
    text += fmt::format(".{:09}", rest);
    while (text.back() == '0') text.pop_back();
  }
  return text + "Z";
}

}  // namespace plumbago::fetch
