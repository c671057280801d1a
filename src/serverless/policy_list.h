// Policies by the names that users give them:
//
//   fixed:10m        keep for so long (s, m, h)
//   no-unload        keep for ever
//   hybrid:4h        ATC'20; behind the range any of cut=5-99, margin=10, cv=2, no-prewarm, and of
//                    what to do with gaps beyond the range: median (of the last five; the usual),
//                    arima (the paper's), no-arima (the standard window)
//   ours             learned ages; ours:lambda=600s
//   bounds           b0, b1, b2; bounds:lambda=600s
//   lru:16G          as a cache on a server of so much memory (K, M, G, T); lfu:16G, size:16G,
//                    landlord:16G, greedy-dual:16G alike (memory_cache.h)
//   all              the paper's fixed windows, no-unload, hybrid of 1 to 4 h, ours, bounds
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "serverless/policy.h"

namespace plumbago::serverless {

inline constexpr double kUsualLambda = 600;  // seconds of idle loaded time for a cold start

// Errors (kUsage): an unknown policy or option, a number out of range; says what is known.
Result<std::vector<std::unique_ptr<Policy>>> PoliciesOf(std::span<const std::string> names);

}  // namespace plumbago::serverless
