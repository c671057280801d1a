// Keep-alive as a cache (cache_rule.h): one server of finite memory, where instances stay until
// another needs their room. All applications share it, so they are replayed together, on one
// thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "serverless/cache_rule.h"
#include "serverless/policy.h"

namespace plumbago::serverless {

class MemoryCache final : public Policy {
 public:
  MemoryCache(std::string name, CacheRule rule, int64_t bytes)
      : Policy(std::move(name)), rule_(rule), bytes_(bytes) {}
  const char* source() const override;
  bool finite_memory() const override { return true; }
  std::vector<Outcome> Replay(const std::vector<AppArrivals>& apps,
                              unsigned threads) const override;

 private:
  const CacheRule rule_;
  const int64_t bytes_;
};

}  // namespace plumbago::serverless
