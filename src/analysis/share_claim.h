// A finding of the form "more (or not more) than this share of them is so": supported where the
// interval of the share lies on that side of the border, contradicted where it lies on the other,
// else it cannot be said.
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
  double border;          // more than this share ...
  bool below = false;     // ... or, if set, not more
  const char* source;
  const char* published;
};

// The interval resamples groups of traces.
document::Finding Decide(const ShareClaim& claim, const statistics::BucketedRatio& ratio);

}  // namespace plumbago::analysis
