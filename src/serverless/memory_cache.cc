#include "serverless/memory_cache.h"

#include <algorithm>

#include "serverless/counted_cache.h"
#include "serverless/timed_cache.h"

namespace plumbago::serverless {

const char* MemoryCache::source() const {
  switch (rule_) {
    case CacheRule::kLru:
      return "least recently used; Fuerst and Sharma, FaasCache, ASPLOS'21";
    case CacheRule::kLfu:
      return "least frequently used; Fuerst and Sharma, FaasCache, ASPLOS'21";
    case CacheRule::kSize:
      return "largest first; Fuerst and Sharma, FaasCache, ASPLOS'21";
    case CacheRule::kLandlord:
      return "Landlord (Young, Algorithmica 2002); Fuerst and Sharma, FaasCache, ASPLOS'21";
    case CacheRule::kGreedyDual:
      return "GreedyDual-Size-Frequency; Fuerst and Sharma, FaasCache, ASPLOS'21";
  }
  return "";
}

std::vector<Outcome> MemoryCache::Replay(const std::vector<AppArrivals>& apps,
                                         unsigned /*threads*/) const {
  const bool timed =
      std::any_of(apps.begin(), apps.end(), [](const AppArrivals& app) { return app.timed(); });
  return timed ? ReplayTimedCache(apps, rule_, bytes_) : ReplayCountedCache(apps, rule_, bytes_);
}

}  // namespace plumbago::serverless
