// Rows of readers to a workload: what the collectors of all threads hold is put together.
#pragma once

#include <vector>

#include "base/result.h"
#include "model/names.h"
#include "serverless/function_collector.h"
#include "serverless/workload.h"

namespace plumbago::serverless {

// Renumbers `names`; empties the collectors. The same whatever thread got which row. Errors:
// memory.
Result<Workload> BuildWorkload(std::vector<FunctionCollector>& collectors, model::Names& names);

}  // namespace plumbago::serverless
