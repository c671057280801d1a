// Rows of cold starts to logs of starts.
#pragma once

#include <vector>

#include "model/names.h"
#include "serverless/function_collector.h"
#include "serverless/workload.h"

namespace plumbago::serverless {

// Takes `cold_starts()` of the collectors, and leaves them empty. Ids are ranks of texts. Times of
// the workload span them, where nothing else does. The same whatever the order of rows.
void BuildStartLogs(std::vector<FunctionCollector>& collectors, const model::Names& names,
                    Workload& load);

}  // namespace plumbago::serverless
