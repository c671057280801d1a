// A keep-alive cache where executions take time and may overlap: event by event over all
// applications.
//
// An invocation takes the idle instance of its application that became idle last. If there is none
// a new one is started, for which idle instances are evicted while there is no room; what would not
// fit even without them is dropped, and nothing is evicted for it. Instances at work stay. What
// starts take: instance_replay.h.
#pragma once

#include <cstdint>
#include <vector>

#include "serverless/cache_rule.h"
#include "serverless/policy.h"

namespace plumbago::serverless {

std::vector<Outcome> ReplayTimedCache(const std::vector<AppArrivals>& apps, CacheRule rule,
                                      int64_t bytes);

}  // namespace plumbago::serverless
