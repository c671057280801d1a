// Executions and cold starts of logs to a workload.
//
// Minute 0 is midnight (UTC) of the first day of what has dates, so that hours are those of clocks;
// else it is the data's own zero. Rows that are equal in all that they say are all kept: a log
// whose clock ticks in milliseconds has such.
#pragma once

#include <vector>

#include "model/names.h"
#include "serverless/function_collector.h"
#include "serverless/workload.h"

namespace plumbago::serverless {

// Takes `executions()` and `cold_starts()` of the collectors, and leaves them empty. Ids are ranks
// of texts by now: comparing ids compares names. `load` may have applications of tables already:
// executions of those are left out. The same whatever the order of rows.
void BuildExecutions(std::vector<FunctionCollector>& collectors, const model::Names& names,
                     Workload& load);

}  // namespace plumbago::serverless
