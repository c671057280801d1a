// The hybrid histogram policy of "Serverless in the Wild" (Shahrad et al., ATC'20, section 4), by
// application: a histogram of idle times in minutes says when the next invocation is likely; until
// then the application is unloaded, and loaded again before. What it decides: hybrid_windows.h.
#pragma once

#include <string>
#include <utility>

#include "serverless/hybrid_windows.h"
#include "serverless/policy.h"

namespace plumbago::serverless {

class Hybrid final : public PolicyByApp {
 public:
  using Options = HybridOptions;
  Hybrid(std::string name, const Options& options)
      : PolicyByApp(std::move(name)), options_(options) {}
  const char* source() const override;
  Outcome ReplayApp(const AppArrivals& app) const override;
  // Of all replays together: how many forecasts, and what time they took.
  std::string note() const override;

 private:
  const Options options_;
  mutable ForecastCounters counters_;
};

}  // namespace plumbago::serverless
