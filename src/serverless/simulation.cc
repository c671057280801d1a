#include "serverless/simulation.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "base/interrupt.h"
#include "base/progress.h"
#include "serverless/bounds.h"
#include "serverless/cache_rule.h"
#include "serverless/execution_source.h"
#include "serverless/fixed_window.h"
#include "serverless/policy_list.h"

namespace plumbago::serverless {
namespace {

constexpr size_t kCurve = 200;  // points of a curve

}  // namespace

std::string Rules::Text() const {
  return fmt::format("Replay: {}. Ties: {}. Executions: {}.", replay, ties, execution);
}

std::vector<AppArrivals> ArrivalsOf(const Workload& load, ExecutionTime time) {
  std::vector<AppArrivals> apps;
  apps.reserve(load.apps.size());
  for (const AppLoad& app : load.apps) {
    AppArrivals& arrivals = apps.emplace_back();
    arrivals.minutes = &app.minutes;
    arrivals.end = load.end_minute * 60.0;
    arrivals.executions = app.executions;
    arrivals.memory_mb = app.memory_mb;
    arrivals.cold_us = KnownColdUs(app.executions);
    arrivals.cold_cost_seconds = ColdCostSeconds(app).value_or(0);
    arrivals.weight = app.weight;
    if (time == ExecutionTime::kAverage && app.executions.empty())
      arrivals.averages = &app.functions;
  }
  return apps;
}

Simulation Simulate(const Workload& load, std::span<const std::unique_ptr<Policy>> policies,
                    unsigned threads, ExecutionTime time) {
  const std::vector<AppArrivals> apps = ArrivalsOf(load, time);
  // What policies are held against is among them, mostly: done once.
  struct Done {
    Summary summary;
    std::vector<ColdShare> curve;
    double seconds = 0;
  };
  std::map<std::pair<std::string, double>, Done> done;
  const auto replay = [&](const Policy& policy) -> const Done& {
    const auto [at, fresh] = done.try_emplace({policy.name(), policy.lambda()});
    if (fresh) {
      const auto began = std::chrono::steady_clock::now();
      const std::vector<Outcome> outcomes = policy.Replay(apps, threads);
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
      at->second = {Summarise(outcomes, load), ColdCurve(outcomes, load, kCurve), took.count()};
    }
    return at->second;
  };
  Simulation simulation;
  simulation.rules = {
      "c invocations in minute m come at 60 m + 60 i / c s (i from 0 to c - 1); an application's "
      "functions together",
      "warm at the very end of a window, cold before the pre-warm; the first invocation is cold; "
      "windows close when the data ends",
      ExecutionRule(apps)};
  if (std::any_of(policies.begin(), policies.end(),
                  [](const auto& policy) { return policy->finite_memory(); }))
    simulation.rules.execution += ". Memory: " + CacheRuleText(apps);
  simulation.usual = replay(FixedWindow("fixed:10m", 600)).summary;
  Progress progress("trying policies", policies.size(), true, Progress::Unit::kItems);
  for (const auto& policy : policies) {
    progress.Update(simulation.policies.size());
    if (Interrupted()) break;
    const double lambda = policy->lambda() > 0 ? policy->lambda() : kUsualLambda;
    const Done& one = replay(*policy);
    if (Interrupted() && policy->finite_memory()) break;  // it is cut short
    const Bound b2("b2", BoundKind::kB2, lambda);
    simulation.policies.push_back({policy->name(), policy->source(), policy->sees_future(),
                                   one.summary, lambda, replay(b2).summary.cost(lambda), one.curve,
                                   one.seconds});
  }
  return simulation;
}

}  // namespace plumbago::serverless
