// The curve "share of the observations that are at least x".
#pragma once

#include "document/document.h"
#include "statistics/count_histogram.h"

namespace plumbago::analysis {

// A point at each x from `first` on that occurs; thinned to steps of 2 % where there are many.
document::Series AtLeast(const char* name, const statistics::CountHistogram& histogram,
                         uint64_t first);

}  // namespace plumbago::analysis
