// Functions that are invoked by a clock: period, phase, and how much of them that explains.
#pragma once

#include "serverless/figures/figures.h"
#include "serverless/figures/found_period.h"

namespace plumbago::serverless {

struct PeriodicFunction {
  uint32_t app = 0, function = 0;  // indices of the workload
  FoundPeriod found;
};
// Of all functions that can be tested, those whose period counts at a false discovery rate of 1 %
// (Benjamini, Hochberg 1995), in the order of the workload. `tested`: how many could be.
std::vector<PeriodicFunction> PeriodicFunctions(const Workload& load, unsigned threads,
                                                uint64_t* tested);

bool Periods(const FigureContext& context, document::Section& section);

}  // namespace plumbago::serverless
