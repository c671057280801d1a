// A workload of functions in memory: what policies and figures look at. The same whatever the order
// of files and the number of threads.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/function_rows.h"
#include "model/minute_series.h"

namespace plumbago::serverless {

struct FunctionLoad {
  std::string name;
  model::Trigger trigger = model::Trigger::kUnknown;
  model::MinuteSeries minutes;
};

struct AppLoad {
  std::string owner, name;
  uint64_t weight = 1;                  // of how many it stands
  std::vector<FunctionLoad> functions;  // by name
  model::MinuteSeries minutes;          // of all its functions
};

struct Workload {
  std::vector<AppLoad> apps;                  // by owner, then name
  uint32_t first_minute = 0, end_minute = 0;  // that the tables tell of
  std::vector<uint32_t> missing_days;         // within them
  uint64_t rows = 0;                          // functions, once for each table that has them
  uint64_t invocations = 0;                   // weights not counted
  uint64_t duplicates = 0;                    // rows of a function and day that had one: left out
};

}  // namespace plumbago::serverless
