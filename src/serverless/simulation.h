// Policies tried on a workload, and what they are held against: fixed:10m, and the best static set
// of ages in hindsight (bounds.h, B2).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "serverless/policy.h"
#include "serverless/summary.h"
#include "serverless/workload.h"

namespace plumbago::serverless {

// By what rules the numbers came about: printed with every result.
struct Rules {
  std::string replay, ties, execution;

  std::string Text() const;  // all of them, in sentences
};

struct Simulated {
  std::string name;
  const char* source;
  bool bound;  // in hindsight: nobody can do it
  Summary summary;
  double lambda;   // its own, or the usual one
  double b2_cost;  // at that lambda
  std::vector<ColdShare> cold_curve;
  double seconds;  // that the replay took

  double cost() const { return summary.cost(lambda); }
};

struct Simulation {
  Rules rules;
  std::vector<Simulated> policies;
  Summary usual;  // fixed:10m

  double WastePercent(const Summary& summary) const {
    return usual.idle_seconds > 0 ? 100 * summary.idle_seconds / usual.idle_seconds : 0;
  }
};

// How long executions of counts by minute take; those of a log as long as it says.
enum class ExecutionTime : uint8_t {
  kNone,     // no time
  kAverage,  // their function's average of the day, as the table of durations has it
};

// What policies see of each application, in order. `load` stays where it is.
std::vector<AppArrivals> ArrivalsOf(const Workload& load,
                                    ExecutionTime time = ExecutionTime::kNone);

// Stops between policies once Interrupted().
Simulation Simulate(const Workload& load, std::span<const std::unique_ptr<Policy>> policies,
                    unsigned threads, ExecutionTime time = ExecutionTime::kNone);

}  // namespace plumbago::serverless
