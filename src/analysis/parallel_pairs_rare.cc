#include "analysis/parallel_pairs_rare.h"

namespace plumbago::analysis {

OverlapClaim ParallelPairsRare(const Parallelism::State& state) {
  const Parallelism::Counts& all = state.groups[Parallelism::kSynchronous];
  return {.id = "parallel-pairs-rare",
          .subject = "Overlapping pairs",
          .whole = "of the pairs of calls of one caller",
          .verb = "overlap",
          .noun = "pairs",
          .count = all.pairs,
          .surely = all.pairs_surely,
          .written = all.pairs_written,
          .possibly = all.pairs_possibly,
          .low = state.pairs_surely,
          .high = state.pairs_possibly};
}

}  // namespace plumbago::analysis
