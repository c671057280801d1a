// Time in slices, so that applications learn from each other whatever the threads: what holds in
// one slice was learnt in those before (HazardPrior::SliceEnd).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "serverless/each_index.h"
#include "serverless/hazard_prior.h"

namespace plumbago::serverless {

// pass(index, begin, until, prior, counts) for each application below `apps` in each slice of the
// minutes [0, end); `counts` are the thread's.
template <class Pass>
void LearnInSlices(uint32_t end, size_t apps, unsigned threads, Pass&& pass) {
  HazardPrior prior;
  std::vector<HazardPrior::Counts> counts(std::max(1u, threads));
  prior.Learn(counts[0]);
  for (uint32_t begin = 0, until = 1; begin < end; begin = until) {
    until = std::min(end, HazardPrior::SliceEnd(begin));
    ForEachIndex(apps, threads,
                 [&](size_t i, unsigned thread) { pass(i, begin, until, prior, counts[thread]); });
    for (size_t i = 1; i < counts.size(); ++i) {
      for (uint32_t kind = 0; kind < HazardPrior::kKinds; ++kind) {
        counts[0][kind].hits += counts[i][kind].hits;
        counts[0][kind].minutes += counts[i][kind].minutes;
      }
      counts[i] = {};
    }
    prior.Learn(counts[0]);
    counts[0] = {};
  }
}

}  // namespace plumbago::serverless
