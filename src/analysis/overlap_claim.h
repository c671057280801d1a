// A finding of the form "calls of one caller seldom overlap" (statistics.md T2), asked of callers
// or of pairs of their calls. The answers may disagree, and each finding says when they do.
//
// What surely overlaps and what may bound the share: seldom (below Parallelism::kSeldom) needs the
// upper end of the interval of what may, not seldom the lower end of the interval of what surely
// does. What lies between cannot be said, and why is told: the clock is too coarse, or the traces
// are too few.
#pragma once

#include <cstdint>

#include "analysis/analysis.h"
#include "document/document.h"
#include "statistics/resampling.h"

namespace plumbago::analysis {

// Refers to the state that it was made of.
struct OverlapClaim {
  const char* id;
  const char* subject;  // "Parallel calls"
  const char* whole;    // "of the callers with two or more callees"
  const char* verb;     // "call two of them at the same time"
  const char* noun;     // "callers"
  uint64_t count, surely, written, possibly;
  const statistics::BucketedRatio& low;   // what surely overlaps
  const statistics::BucketedRatio& high;  // and what may
};

// `other`: the same question, asked of something else.
document::Finding Decide(const OverlapClaim& claim, const OverlapClaim& other, const Facts& facts);

}  // namespace plumbago::analysis
