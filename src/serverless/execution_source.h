// An application's executions one after the other, by start: of a log, or of counts by minute whose
// executions take their function's average of the day.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/minute_series.h"
#include "serverless/policy.h"
#include "serverless/workload.h"

namespace plumbago::serverless {

inline constexpr int64_t kSecondUs = 1'000'000, kMinuteUs = 60 * kSecondUs;

struct TimedExecution {
  int64_t start_us = 0;     // that it was invoked, since minute 0
  int64_t duration_us = 0;  // at work; a cold start's wait is not in it
};

class LogExecutions {
 public:
  explicit LogExecutions(std::span<const AppExecution> executions) : left_(executions) {}
  bool Next(TimedExecution& execution) {
    if (left_.empty()) return false;
    execution = {left_.front().start_us, left_.front().duration_us};
    left_ = left_.subspan(1);
    return true;
  }

 private:
  std::span<const AppExecution> left_;
};

// Of c invocations of an application in minute m the one with number i comes at 60 m + 60 i / c s
// (rounded down to microseconds), whichever function's it is: these take turns by their counts,
// smoothly. A function's execution takes its average of that day; of its other days, by their
// counts, where that day has none; no time where it has none at all.
class AverageExecutions {
 public:
  // `functions` stay where they are. A single function may have no durations.
  explicit AverageExecutions(const std::vector<FunctionLoad>& functions);
  // Counts of an application whose executions take no time.
  explicit AverageExecutions(const model::MinuteSeries& minutes);
  bool Next(TimedExecution& execution) {
    if (at_ == count_ && !NextMinute()) return false;
    execution.start_us = minute_ * kMinuteUs + Offset();
    execution.duration_us = active_.size() == 1 ? active_.front().duration_us : TakeTurn();
    ++at_;
    return true;
  }

 private:
  struct Function {
    model::MinuteSeries::Reader reader;
    const FunctionLoad* load;  // null: takes no time
    int64_t usual_us;          // over all its days
    bool more;
  };
  struct Active {
    int64_t duration_us;
    uint64_t count;
    int64_t credit;
  };
  int64_t Offset() const {
    return static_cast<int64_t>(static_cast<uint64_t>(kMinuteUs) * at_ / count_);
  }
  bool NextMinute();
  int64_t TakeTurn();

  std::vector<Function> functions_;
  std::vector<Active> active_;  // in the minute at hand
  int64_t minute_ = 0;
  uint64_t count_ = 0, at_ = 0;
};

// f(source) with what tells the executions of `app`.
template <class F>
auto WithExecutions(const AppArrivals& app, F&& f) {
  if (!app.executions.empty()) return f(LogExecutions(app.executions));
  if (app.averages != nullptr) return f(AverageExecutions(*app.averages));
  return f(AverageExecutions(*app.minutes));
}

// By what rule the executions of `apps` take time, in words: printed with every result.
std::string ExecutionRule(std::span<const AppArrivals> apps);

// What a log says that an instance's start takes: the median of those that waited; 0: none did.
int64_t KnownColdUs(std::span<const AppExecution> executions);

// Cold minus warm time of an application, in seconds, as FaasCache (ASPLOS'21) takes it: what the
// log says, else the longest execution minus the average of each function of which these are known,
// by their counts. Nothing: not known.
std::optional<double> ColdCostSeconds(const AppLoad& app);

}  // namespace plumbago::serverless
