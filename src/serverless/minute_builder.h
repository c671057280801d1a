// Rows of minutes to applications and functions.
#pragma once

#include <vector>

#include "base/result.h"
#include "model/names.h"
#include "serverless/function_collector.h"
#include "serverless/workload.h"

namespace plumbago::serverless {

// Fills `apps`, `rows`, `invocations`, minutes and days of an empty workload. A function that comes
// twice for the same minutes keeps the row that stands first in the input: the release holds such
// (InVitro keeps the first, too). Ids are ranks of texts. As many threads as there are collectors,
// which it leaves without rows of minutes. Errors: memory.
Result<void> BuildMinutes(std::vector<FunctionCollector>& collectors, const model::Names& names,
                          Workload& load);

}  // namespace plumbago::serverless
