// Finding "parallel-calls-rare": do callers seldom call two callees at the same time?
// (statistics.md T2)
#pragma once

#include "analysis/overlap_claim.h"
#include "analysis/parallelism.h"

namespace plumbago::analysis {

// Of synchronous siblings.
OverlapClaim ParallelCallsRare(const Parallelism::State& state);

}  // namespace plumbago::analysis
