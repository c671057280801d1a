// What policies came to, as sections of a report.
#pragma once

#include "document/document.h"
#include "serverless/simulation.h"
#include "serverless/sweep.h"
#include "serverless/workload.h"

namespace plumbago::serverless {

// "policies": a table of them, and of some the curve of applications by cold starts.
document::Section PoliciesSection(const Simulation& simulation);
// "front": cold starts against waste, the front, the knee, applications that gain and lose by it.
// `rows`: applications listed, at most, of either kind.
document::Section SweepSection(const Sweep& sweep, const Workload& load, const Rules& rules,
                               size_t rows);

}  // namespace plumbago::serverless
