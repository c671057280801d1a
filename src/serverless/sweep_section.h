// What a sweep over policies came to, as a section of a report.
#pragma once

#include "document/document.h"
#include "serverless/simulation.h"
#include "serverless/sweep.h"
#include "serverless/workload.h"

namespace plumbago::serverless {

// "front": cold starts against waste, the front, the knee, applications that gain and lose by it.
// `rows`: applications listed, at most, of either kind.
document::Section SweepSection(const Sweep& sweep, const Workload& load, const Rules& rules,
                               size_t rows);

}  // namespace plumbago::serverless
