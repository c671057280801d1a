// What a keep-alive cache gives up first when memory is short: Fuerst and Sharma, "FaasCache",
// ASPLOS'21, section 4, after policies of caching.
//
// The least priority, then who was used longest ago. Priority is set at each use:
//   lru           used longest ago
//   lfu           uses since none of the application was loaded
//   size          the largest first
//   landlord      clock + cost / size (Young, 2002; GreedyDual-Size of Cao and Irani, 1997: rent
//                 is charged by a clock that rises, not to each)
//   greedy-dual   clock + frequency x cost / size: FaasCache's own
// Clock: the priority of what was evicted last. Frequency: uses of all instances of the application
// since the last time that none was left. Cost: cold minus warm time. Size: memory.
//
// FaasCache's published simulator differs from its text: LFU weighs by cost and SIZE by frequency,
// both add the clock; Landlord's credit is the warm time; a use raises all instances of a function;
// instances are evicted, too, for what then fits nowhere. Here it is as the text has it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "serverless/policy.h"

namespace plumbago::serverless {

enum class CacheRule : uint8_t { kLru, kLfu, kSize, kLandlord, kGreedyDual };

// An application as a cache sees it.
struct CachedApp {
  int64_t bytes = 0;     // of an instance; of an application of weight w, w times its memory
  double megabytes = 0;  // of one
  double worth = 0;      // cost / size
};

inline constexpr double kUsualMegabytes =
    170;  // ATC'20, fig. 8: half of the applications need less

// Memory that is not known: the median of the known; where none is, kUsualMegabytes. Cost that is
// not known: the median of the known; where none is, that of all is alike.
std::vector<CachedApp> CachedApps(std::span<const AppArrivals> apps);
// These rules, in words.
std::string CacheRuleText(std::span<const AppArrivals> apps);

inline double CachePriority(CacheRule rule, const CachedApp& app, double clock, uint64_t uses) {
  switch (rule) {
    case CacheRule::kLru:
      return 0;
    case CacheRule::kLfu:
      return static_cast<double>(uses);
    case CacheRule::kSize:
      return -app.megabytes;
    case CacheRule::kLandlord:
      return clock + app.worth;
    case CacheRule::kGreedyDual:
      return clock + static_cast<double>(uses) * app.worth;
  }
  return 0;
}

}  // namespace plumbago::serverless
