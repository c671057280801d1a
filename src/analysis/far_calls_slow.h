// The findings of `placement`: do calls across clusters, or across hosts, take longer?
#pragma once

#include "analysis/analysis.h"
#include "analysis/matched_shift.h"

namespace plumbago::analysis {

struct FarClaim {
  const char* id;         // "cross-cluster-latency"
  const char* place;      // "cluster"
  const char* no_place;   // why no place is known
  bool instances_known;   // of a call, at both ends
  bool places_known;      // of an instance
  uint32_t sample_level;  // one of 2^level calls was looked at
};

document::Finding Decide(const FarClaim& claim, const MatchedShift& shift);

}  // namespace plumbago::analysis
