// Findings "parallel-calls-rare" and "parallel-pairs-rare": do callers seldom call in parallel?
// (statistics.md T2)
//
// Asked of callers and of pairs of their calls: the answers may disagree, and each finding says
// when they do. What surely overlaps and what may bound the share; seldom (below
// Parallelism::kSeldom) needs the upper end of the interval of what may, not seldom the lower end
// of the interval of what surely does. What lies between cannot be said, and why is told: the
// clock is too coarse, or the traces are too few.
#pragma once

#include <vector>

#include "analysis/parallelism.h"
#include "document/document.h"

namespace plumbago::analysis {

// Of synchronous siblings: the finding about callers, then the one about pairs.
std::vector<document::Finding> ParallelCallsRare(const Parallelism::State& state,
                                                 const Facts& facts);

}  // namespace plumbago::analysis
