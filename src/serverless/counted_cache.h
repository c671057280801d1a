// A keep-alive cache over counts by minute whose executions take no time: each application has at
// most one instance.
//
// A minute is gone through by its misses only. While these fit into what is free, order does not
// matter; what all others did until a moment follows from their counts, and is looked up when an
// eviction needs it: an instance's priority only rises while it is loaded, so the least of what was
// known once is a bound. At equal times the application first in order comes first.
#pragma once

#include <cstdint>
#include <vector>

#include "serverless/cache_rule.h"
#include "serverless/policy.h"

namespace plumbago::serverless {

std::vector<Outcome> ReplayCountedCache(const std::vector<AppArrivals>& apps, CacheRule rule,
                                        int64_t bytes);

}  // namespace plumbago::serverless
