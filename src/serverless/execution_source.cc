#include "serverless/execution_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace plumbago::serverless {
namespace {

constexpr uint32_t kMinutesOfDay = 1440;

int64_t MicrosOf(double milliseconds) {
  return milliseconds > 0 ? std::llround(milliseconds * 1000) : 0;
}

int64_t UsualUs(const FunctionLoad& function) {
  double sum = 0, count = 0;
  for (const DurationDay& day : function.durations) {
    if (day.average_ms <= 0) continue;
    sum += day.average_ms * static_cast<double>(day.count);
    count += static_cast<double>(day.count);
  }
  return count > 0 ? MicrosOf(sum / count) : 0;
}

int64_t DurationUs(const FunctionLoad& function, uint32_t day, int64_t usual_us) {
  const auto at =
      std::lower_bound(function.durations.begin(), function.durations.end(), day,
                       [](const DurationDay& one, uint32_t other) { return one.day < other; });
  const bool known = at != function.durations.end() && at->day == day && at->average_ms > 0;
  return known ? MicrosOf(at->average_ms) : usual_us;
}

}  // namespace

AverageExecutions::AverageExecutions(const std::vector<FunctionLoad>& functions) {
  functions_.reserve(functions.size());
  for (const FunctionLoad& function : functions) {
    if (function.minutes.empty()) continue;
    functions_.push_back(
        {model::MinuteSeries::Reader(function.minutes), &function, UsualUs(function), false});
    functions_.back().more = functions_.back().reader.Next();
  }
}

AverageExecutions::AverageExecutions(const model::MinuteSeries& minutes) {
  functions_.push_back({model::MinuteSeries::Reader(minutes), nullptr, 0, false});
  functions_.back().more = functions_.back().reader.Next();
}

bool AverageExecutions::NextMinute() {
  uint32_t minute = UINT32_MAX;
  for (const Function& function : functions_) {
    if (function.more) minute = std::min(minute, function.reader.minute());
  }
  active_.clear();
  at_ = count_ = 0;
  for (Function& function : functions_) {
    if (!function.more || function.reader.minute() != minute) continue;
    const uint64_t count = function.reader.count();
    active_.push_back({function.load == nullptr
                           ? 0
                           : DurationUs(*function.load, minute / kMinutesOfDay, function.usual_us),
                       count, 0});
    count_ += count;
    function.more = function.reader.Next();
  }
  minute_ = minute;
  return count_ > 0;
}

// Smooth weighted round-robin (nginx): each gains its share, who has most takes the turn.
int64_t AverageExecutions::TakeTurn() {
  Active* next = &active_.front();
  for (Active& one : active_) {
    one.credit += static_cast<int64_t>(one.count);
    if (one.credit > next->credit) next = &one;
  }
  next->credit -= static_cast<int64_t>(count_);
  return next->duration_us;
}

std::string ExecutionRule(std::span<const AppArrivals> apps) {
  uint64_t logs = 0, averages = 0, counts = 0, wait = 0;
  for (const AppArrivals& app : apps) {
    ++(!app.executions.empty() ? logs : app.averages != nullptr ? averages : counts);
    if (app.cold_us > 0) ++wait;
  }
  if (logs + averages == 0)
    return "executions take no time and cold starts none: counts by minute tell neither";
  std::string rule;
  if (logs > 0) {
    rule += "of a log they take as long as it says, and ";
    rule += wait == 0 ? "cold starts no time: it does not say"
                      : fmt::format(
                            "cold ones begin later by the median that the log says of their "
                            "application ({} of {}; others at once)",
                            wait, logs);
    rule += "; which were cold is decided anew";
  }
  if (averages > 0) {
    rule += fmt::format(
        "{}of counts by minute they take their function's average of the day (of its other days "
        "where that has none, no time where there is none), and cold starts no time",
        logs > 0 ? "; " : "");
  }
  if (counts > 0) rule += "; of applications of which there are only counts they take no time";
  return rule +
         "; an invocation takes the loaded instance that became idle last, and needs another one "
         "where all are at work; idle is what is loaded and not at work";
}

int64_t KnownColdUs(std::span<const AppExecution> executions) {
  std::vector<int64_t> waits;
  for (const AppExecution& execution : executions) {
    if (execution.cold_us > 0) waits.push_back(execution.cold_us);
  }
  if (waits.empty()) return 0;
  const auto middle = waits.begin() + static_cast<std::ptrdiff_t>((waits.size() - 1) / 2);
  std::nth_element(waits.begin(), middle, waits.end());
  return *middle;
}

std::optional<double> ColdCostSeconds(const AppLoad& app) {
  if (const int64_t cold_us = KnownColdUs(app.executions); cold_us > 0)
    return static_cast<double>(cold_us) / kSecondUs;
  double sum = 0, count = 0;
  for (const FunctionLoad& function : app.functions) {
    for (const DurationDay& day : function.durations) {
      if (day.average_ms <= 0 || day.maximum_ms <= 0) continue;
      const auto times = static_cast<double>(day.count);
      sum += times * std::max(0.0, day.maximum_ms - day.average_ms) / 1000;
      count += times;
    }
  }
  if (count == 0) return std::nullopt;
  return sum / count;
}

}  // namespace plumbago::serverless
