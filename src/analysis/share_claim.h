// A finding of the form "more than this share of them is so": supported where the interval of the
// share lies above the border, contradicted where it lies at or below, else it cannot be said.
#pragma once

#include "document/document.h"
#include "statistics/resampling.h"

namespace plumbago::analysis {

struct ShareClaim {
  const char* id;
  const char* whole;      // "of the services of a call graph"
  const char* verb;       // "have one caller"
  const char* sentence;   // "Call graphs branch but seldom join"
  const char* otherwise;  // "Call graphs often join"
  double border;          // more than this share
  const char* source;
  const char* published;
};

// The interval resamples groups of traces.
document::Finding Decide(const ShareClaim& claim, const statistics::BucketedRatio& ratio);

}  // namespace plumbago::analysis
