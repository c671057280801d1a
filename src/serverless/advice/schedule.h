// Instances held by the clock: windows that come back every so many minutes, as KEDA's cron scaler
// takes them (start, end: five-field cron expressions; the timezone by name).
//
// The replica is up from `start` to `end`, and after `end` for the cooldown, since the cron trigger
// is a trigger like others. A window begins kLead before the phase that it is for: a poll (30 s)
// and the start of a pod must fit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace plumbago::serverless {

struct Schedule {
  static constexpr uint32_t kLead = 2;  // minutes
  // Minutes of the period; `end` is above `start` and may lie in the next period. They do not
  // overlap.
  struct Window {
    uint32_t start = 0, end = 0;
    friend bool operator==(const Window&, const Window&) = default;
  };
  uint32_t period = 0;  // minutes, counted from minute 0 of the data; 0: no schedule
  std::vector<Window> windows;

  bool empty() const { return windows.empty(); }
  friend bool operator==(const Schedule&, const Schedule&) = default;
};

// The windows that meet invocations in these minutes of the period (each below it, ascending,
// distinct). Those that touch are one. Nothing, if they would fill the period.
std::optional<Schedule> ScheduleFor(uint32_t period, const std::vector<uint32_t>& phases);

// Whether five-field cron can say it: the period divides an hour, a day, or is a week whose days
// are known.
bool IsCron(uint32_t period, bool weekday_known);

struct CronWindow {
  std::string start, end;  // "58 0,6,12,18 * * *"
};
// One for each window. `weekday`: of day 0, Sunday is 0; only weeks look at it. IsCron must hold.
std::vector<CronWindow> CronOf(const Schedule& schedule, uint32_t weekday);

// "every 6 h at 00:30": for people.
std::string TextOf(const Schedule& schedule);

// f(begin, end) in seconds since minute 0, ascending, of all windows that end after `from` and
// begin at or before `to`. Ends are later by `after`; windows that thereby touch are not joined.
template <class F>
void ForEachWindow(const Schedule& schedule, double from, double to, double after, F&& f) {
  if (schedule.empty()) return;
  const double period = schedule.period * 60.0;
  const double back = schedule.windows.back().end * 60.0 + after;
  const double begin = from > back ? from - back : 0;
  for (auto k = static_cast<uint64_t>(begin / period);; ++k) {
    const double base = static_cast<double>(k) * period;
    if (base > to) break;
    for (const Schedule::Window& window : schedule.windows) {
      const double opens = base + window.start * 60.0;
      const double closes = base + window.end * 60.0 + after;
      if (closes > from && opens <= to) f(opens, closes);
    }
  }
}

}  // namespace plumbago::serverless
