// What a policy did to a workload, in the numbers that policies are compared by (statistics.md
// T12): by application and by invocation, since they rank policies differently.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "serverless/outcome.h"
#include "serverless/workload.h"

namespace plumbago::serverless {

// Applications count by their weight.
struct Summary {
  uint64_t cold = 0, invocations = 0, starts = 0;
  double idle_seconds = 0;
  // Cold starts in percent of an application's invocations: the least that at least so many of the
  // applications do not exceed.
  double p50 = 0, p75 = 0, p90 = 0;
  double always_cold_percent = 0;  // of applications

  double cost(double lambda) const { return lambda * static_cast<double>(cold) + idle_seconds; }
};

// Applications without an invocation are left out.
Summary Summarise(std::span<const Outcome> outcomes, const Workload& load);

}  // namespace plumbago::serverless
