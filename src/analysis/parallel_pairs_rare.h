// Finding "parallel-pairs-rare": do the calls of one caller, in pairs, seldom overlap?
// (statistics.md T2)
#pragma once

#include "analysis/overlap_claim.h"
#include "analysis/parallelism.h"

namespace plumbago::analysis {

// Of synchronous siblings.
OverlapClaim ParallelPairsRare(const Parallelism::State& state);

}  // namespace plumbago::analysis
