// Rows of memory to the applications that they are of.
#pragma once

#include <span>
#include <vector>

#include "model/names.h"
#include "serverless/app_join.h"
#include "serverless/function_collector.h"
#include "serverless/workload.h"

namespace plumbago::serverless {

// Fills `memory` and `memory_mb` of applications. Of an application and day the row that stands
// first in the input is kept. Samples by function (InVitro) have the application's numbers divided
// by its functions: they are put together again (WholeOfShares). Ids are ranks of texts. Leaves the
// collectors without such rows.
void BuildMemory(std::vector<FunctionCollector>& collectors, const model::Names& names,
                 AppJoin& join, Workload& load);

// An application's day from its functions' shares. The release has whole MB, each share is those by
// the number of functions, of which a sample may lack some: the smallest number of functions, from
// those at hand on, with which all numbers come out whole. Where none does, the shares' sum.
MemoryDay WholeOfShares(std::span<const model::AppMemory* const> shares);

}  // namespace plumbago::serverless
