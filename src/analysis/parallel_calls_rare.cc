#include "analysis/parallel_calls_rare.h"

namespace plumbago::analysis {

OverlapClaim ParallelCallsRare(const Parallelism::State& state) {
  const Parallelism::Counts& all = state.groups[Parallelism::kSynchronous];
  return {.id = "parallel-calls-rare",
          .subject = "Parallel calls",
          .whole = "of the callers with two or more callees",
          .verb = "call two of them at the same time",
          .noun = "callers",
          .count = all.callers,
          .surely = all.callers_surely,
          .written = all.callers_written,
          .possibly = all.callers_possibly,
          .low = state.callers_surely,
          .high = state.callers_possibly};
}

}  // namespace plumbago::analysis
