// Rows of durations to the functions that they are of.
#pragma once

#include <vector>

#include "model/names.h"
#include "serverless/app_join.h"
#include "serverless/function_collector.h"
#include "serverless/workload.h"

namespace plumbago::serverless {

// Of a function and day the row that stands first in the input is kept. Rows whose numbers cannot
// be (an average below 0) are kept as they are and counted: who uses them must look. Ids are ranks
// of texts. Leaves the collectors without such rows.
void BuildDurations(std::vector<FunctionCollector>& collectors, const model::Names& names,
                    AppJoin& join, Workload& load);

}  // namespace plumbago::serverless
