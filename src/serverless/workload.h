// A workload of functions in memory: what policies and figures look at. The same whatever the order
// of files and the number of threads.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "model/function_rows.h"
#include "model/minute_series.h"

namespace plumbago::serverless {

// One day of a function's executions, as the platform's own statistics have it. Milliseconds;
// percentiles as model::FunctionDurations::kPercents, of averages over 30 s.
struct DurationDay {
  uint32_t day = 0;
  uint64_t count = 0;
  double average_ms = 0, minimum_ms = 0, maximum_ms = 0;
  std::array<double, 7> percentiles_ms{};
};

// One day of an application's memory, MB; percentiles as model::AppMemory::kPercents.
struct MemoryDay {
  uint32_t day = 0;
  uint64_t samples = 0;
  double average_mb = 0;
  std::array<double, 8> percentiles_mb{};
};

// One execution of an application, from a log. Microseconds since minute 0.
struct AppExecution {
  int64_t start_us = 0;
  int64_t duration_us = 0;  // 0 where the log does not say
  int64_t cold_us = -1;     // that it waited for its instance; below 0: not said
  uint32_t function = 0;    // of AppLoad::functions
};

struct FunctionLoad {
  std::string name;
  model::Trigger trigger = model::Trigger::kUnknown;
  model::MinuteSeries minutes;         // of logs: by start
  std::vector<DurationDay> durations;  // by day
};

struct AppLoad {
  std::string owner, name;
  uint64_t weight = 1;                   // of how many it stands
  std::vector<FunctionLoad> functions;   // by name
  model::MinuteSeries minutes;           // of all its functions
  std::vector<MemoryDay> memory;         // by day
  std::vector<AppExecution> executions;  // by start; empty where there are counts by minute only
  double memory_mb = 0;                  // of an instance, mean over what is known; 0: not known
};

// Starts of instances of one function, from a log of cold starts.
struct StartLog {
  std::string owner, app, function;
  double memory_mb = 0;  // of an instance; 0: not said
  struct Start {
    int64_t at_us = 0;  // since minute 0
    int64_t total_us = -1;
    std::array<int64_t, model::ColdStart::kParts> parts_us{};
  };
  std::vector<Start> starts;  // by time
};

// Functions and applications in one kind of table and not in another, duplicates, and what a table
// holds that cannot be. Rows that were left out are damage, too.
struct JoinCounts {
  uint64_t functions_without_durations = 0;  // invoked, where there is a table of durations
  uint64_t functions_in_durations_only = 0;
  uint64_t apps_without_memory = 0;  // invoked, where there is a table of memory
  uint64_t apps_in_memory_only = 0;
  uint64_t bad_durations = 0;  // rows whose average, minimum or maximum is not above 0; kept
  uint64_t bad_memory = 0;     // rows whose average is not above 0; kept
  // Of each kind of table: rows of a function (or application) and day that had one. Left out.
  uint64_t duplicate_minutes = 0, duplicate_durations = 0, duplicate_memory = 0;
};

// What logs of executions hold beside what is used.
struct LogCounts {
  uint64_t clipped = 0;           // began before minute 0: begin there
  uint64_t outside = 0;           // ended before minute 0, or lie beyond all times: left out
  uint64_t undated = 0;           // without a date where others have one: left out
  uint64_t in_tables = 0;         // of applications that tables by minute have: left out
  uint64_t without_duration = 0;  // taken as 0
  uint64_t cold = 0;              // of which the log says that they met no instance
};

struct Workload {
  std::vector<AppLoad> apps;  // by owner, then name
  // Applications, and functions of applications, that stand in a table of durations or memory only:
  // nothing says that they were invoked, so policies do not see them. By owner, then name. Where no
  // table has invocations at all they are `apps`, and this is empty.
  std::vector<AppLoad> uninvoked;
  std::vector<StartLog> start_logs;           // by owner, app, function
  uint32_t first_minute = 0, end_minute = 0;  // that the tables tell of
  std::vector<uint32_t> missing_days;         // within them
  uint64_t rows = 0;                          // functions, once for each table that has them
  uint64_t duration_rows = 0, memory_rows = 0, execution_rows = 0;
  uint64_t invocations = 0;  // weights not counted
  uint64_t duplicates = 0;   // rows of a function and day that had one: left out
  JoinCounts joins;
  LogCounts log;
  int32_t day0 = model::kNoDay;  // which day day 0 is: days since 1970 (UTC), if it is known

  // f(app): of all that any table has.
  template <class F>
  void ForEachApp(F&& f) const {
    for (const AppLoad& app : apps) f(app);
    for (const AppLoad& app : uninvoked) f(app);
  }
  bool has_durations() const { return duration_rows > 0; }
  bool has_memory() const { return memory_rows > 0; }
  bool has_executions() const { return execution_rows > 0; }
};

}  // namespace plumbago::serverless
