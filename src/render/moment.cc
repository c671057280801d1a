#include "render/moment.h"

#include <fmt/format.h>

#include <chrono>

namespace plumbago::render {

std::string Moment(int64_t ns) {
  using std::chrono::days;
  using std::chrono::nanoseconds;
  const std::chrono::sys_time<nanoseconds> time{nanoseconds(ns)};
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::string text =
      fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  const auto part = clock.subseconds().count();
  if (part % 1'000'000'000 != 0) {
    std::string digits = fmt::format("{:09}", part);
    while (digits.ends_with("000")) digits.resize(digits.size() - 3);
    text += "." + digits;
  }
  return text + " UTC";
}

}  // namespace plumbago::render
