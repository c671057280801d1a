#include "serverless/simulation.h"

#include <map>
#include <utility>

#include "base/interrupt.h"
#include "serverless/bounds.h"
#include "serverless/fixed_window.h"
#include "serverless/policy_list.h"

namespace plumbago::serverless {
namespace {

constexpr size_t kCurve = 200;  // points of a curve

}  // namespace

std::vector<AppArrivals> ArrivalsOf(const Workload& load) {
  std::vector<AppArrivals> apps;
  apps.reserve(load.apps.size());
  for (const AppLoad& app : load.apps)
    apps.push_back({&app.minutes, load.end_minute * 60.0, app.executions, app.memory_mb});
  return apps;
}

Simulation Simulate(const Workload& load, std::span<const std::unique_ptr<Policy>> policies,
                    unsigned threads) {
  const std::vector<AppArrivals> apps = ArrivalsOf(load);
  // What policies are held against is among them, mostly: done once.
  struct Done {
    Summary summary;
    std::vector<ColdShare> curve;
  };
  std::map<std::pair<std::string, double>, Done> done;
  const auto replay = [&](const Policy& policy) -> const Done& {
    const auto [at, fresh] = done.try_emplace({policy.name(), policy.lambda()});
    if (fresh) {
      const std::vector<Outcome> outcomes = policy.Replay(apps, threads);
      at->second = {Summarise(outcomes, load), ColdCurve(outcomes, load, kCurve)};
    }
    return at->second;
  };
  Simulation simulation;
  simulation.rules = {
      "c invocations in minute m come at 60 m + 60 i / c s (i from 0 to c - 1); an application's "
      "functions together",
      "warm at the very end of a window, cold before the pre-warm; the first invocation is cold; "
      "windows close when the data ends",
      "executions take no time and cold starts none: these tables tell neither"};
  simulation.usual = replay(FixedWindow("fixed:10m", 600)).summary;
  for (const auto& policy : policies) {
    if (Interrupted()) break;
    const double lambda = policy->lambda() > 0 ? policy->lambda() : kUsualLambda;
    const Done& one = replay(*policy);
    const Bound b2("b2", BoundKind::kB2, lambda);
    simulation.policies.push_back({policy->name(), policy->source(), policy->sees_future(),
                                   one.summary, lambda, replay(b2).summary.cost(lambda),
                                   one.curve});
  }
  return simulation;
}

}  // namespace plumbago::serverless
