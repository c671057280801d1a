#include "serverless/advice/schedule.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace plumbago::serverless {
namespace {

constexpr uint32_t kHour = 60, kDay = 1440, kWeek = 7 * kDay;

// When minute `at` of each period is: five fields.
std::string CronAt(uint32_t at, uint32_t period, uint32_t weekday) {
  at %= period;
  if (period < kHour) {
    std::vector<uint32_t> minutes;
    for (uint32_t minute = at; minute < kHour; minute += period) minutes.push_back(minute);
    return fmt::format("{} * * * *", fmt::join(minutes, ","));
  }
  if (period == kHour) return fmt::format("{} * * * *", at);
  if (period < kDay) {
    std::vector<uint32_t> hours;
    for (uint32_t minute = at; minute < kDay; minute += period) hours.push_back(minute / kHour);
    return fmt::format("{} {} * * *", at % kHour, fmt::join(hours, ","));
  }
  if (period == kDay) return fmt::format("{} {} * * *", at % kHour, at / kHour);
  return fmt::format("{} {} * * {}", at % kHour, at % kDay / kHour, (weekday + at / kDay) % 7);
}

std::string Time(uint32_t minutes) {
  if (minutes % kWeek == 0)
    return minutes == kWeek ? "week" : fmt::format("{} weeks", minutes / kWeek);
  if (minutes % kDay == 0) return minutes == kDay ? "day" : fmt::format("{} days", minutes / kDay);
  if (minutes % kHour == 0) return fmt::format("{} h", minutes / kHour);
  return fmt::format("{} min", minutes);
}

}  // namespace

std::optional<Schedule> ScheduleFor(uint32_t period, const std::vector<uint32_t>& phases) {
  if (phases.empty() || period <= Schedule::kLead + 1) return std::nullopt;
  Schedule schedule{period, {}};
  std::vector<Schedule::Window>& windows = schedule.windows;
  // Starts count from kLead before the period begins, so that none is below 0; moved at the end.
  for (const uint32_t phase : phases) {
    const Schedule::Window window{phase, phase + Schedule::kLead + 1};
    if (!windows.empty() && windows.back().end >= window.start) {
      windows.back().end = window.end;
    } else {
      windows.push_back(window);
    }
  }
  if (windows.size() > 1 && windows.back().end >= period + windows.front().start) {
    windows.back().end = period + windows.front().end;
    windows.erase(windows.begin());
  }
  uint32_t filled = 0;
  for (Schedule::Window& window : windows) {
    const uint32_t length = window.end - window.start;
    filled += length;
    window.start = (window.start + period - Schedule::kLead) % period;
    window.end = window.start + length;
  }
  if (filled >= period) return std::nullopt;
  std::sort(windows.begin(), windows.end(),
            [](const auto& a, const auto& b) { return a.start < b.start; });
  return schedule;
}

bool IsCron(uint32_t period, bool weekday_known) {
  if (period == 0) return false;
  if (period <= kHour) return kHour % period == 0;
  if (period <= kDay) return period % kHour == 0 && kDay % period == 0;
  return period == kWeek && weekday_known;
}

std::vector<CronWindow> CronOf(const Schedule& schedule, uint32_t weekday) {
  std::vector<CronWindow> windows;
  windows.reserve(schedule.windows.size());
  for (const Schedule::Window& window : schedule.windows) {
    windows.push_back({CronAt(window.start, schedule.period, weekday),
                       CronAt(window.end, schedule.period, weekday)});
  }
  return windows;
}

std::string TextOf(const Schedule& schedule) {
  std::vector<std::string> windows;
  for (const Schedule::Window& window : schedule.windows) {
    const uint32_t end = window.end % schedule.period;
    if (schedule.period < kHour || schedule.period == kHour) {
      windows.push_back(fmt::format("minute {}-{}", window.start, end));
    } else {
      const auto clock = [](uint32_t minute) {
        return fmt::format("{:02}:{:02}", minute % kDay / kHour, minute % kHour);
      };
      std::string day;  // of the period
      if (schedule.period > kDay) day = fmt::format("day {} ", window.start / kDay + 1);
      windows.push_back(fmt::format("{}{}-{}", day, clock(window.start), clock(end)));
    }
  }
  return fmt::format("every {} {}", Time(schedule.period), fmt::join(windows, ", "));
}

}  // namespace plumbago::serverless
