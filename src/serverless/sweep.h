// Policies over their whole range of parameters, and what comes of it: cold starts against idle
// loaded time, which settings nothing beats, where the curve bends, and which applications gain and
// lose by the setting there.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "serverless/outcome.h"
#include "serverless/simulation.h"
#include "serverless/summary.h"
#include "serverless/workload.h"

namespace plumbago::serverless {

struct SweepPoint {
  std::string family;  // "fixed", "hybrid", "ours", "b1", "b2": a curve
  std::string name;    // as --policy takes it: "fixed:20m"; of bounds "b2:lambda=20m"
  bool bound = false;  // what nobody can do: not on the front
  Summary summary;
};

// One application under what is usual (fixed:10m) and under the knee.
struct AppChange {
  size_t app = 0;  // of Workload::apps
  Outcome before, after;
  double saves = 0;  // seconds: lambda times cold starts fewer, and idle seconds fewer; weighted
};

struct Sweep {
  std::vector<SweepPoint> points;  // by family, then by rising parameter
  std::vector<size_t> front;       // of `points`, by rising idle time
  std::optional<size_t> knee;
  Summary usual;  // fixed:10m
  // Of the knee against fixed:10m at lambda = kUsualLambda: all that change, the most saved first.
  std::vector<AppChange> changes;
};

// Fixed windows of 1 minute to 7 days and no unloading, the hybrid histogram of 1 to 8 hours with
// and without pre-warming, ours for lambda of 2 minutes to 24 hours, B1 and B2 for as many. Windows
// in one pass over the data, ours in one. Stops between families once Interrupted().
Sweep SweepPolicies(const Workload& load, unsigned threads, ExecutionTime time);

}  // namespace plumbago::serverless
