// What a policy did to a workload, in the numbers that policies are compared by (statistics.md
// T12): by application and by invocation, since they rank policies differently.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

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
  // Idle loaded time times memory (1 GB = 1,024 MB), over applications whose memory is known;
  // nothing: of none it is.
  std::optional<double> gb_seconds = {};
  uint64_t apps = 0, memory_apps = 0;  // with an invocation; of these, whose memory is known
  uint64_t dropped = 0;                // of `invocations`: fitted nowhere
  double wait_seconds = 0;             // for starts, where the data says what they take
  uint64_t most_at_once = 0;           // executions of one application; 0: they take no time

  double cold_percent() const {  // of invocations
    return invocations == 0 ? 0
                            : 100 * static_cast<double>(cold) / static_cast<double>(invocations);
  }
  double cost(double lambda) const { return lambda * static_cast<double>(cold) + idle_seconds; }
};

// Applications that have at most so many cold starts.
struct ColdShare {
  double percent = 0;  // of an application's invocations
  double apps = 0;     // 0..1
};
// From none to all, `most` points at most; applications without an invocation are left out.
std::vector<ColdShare> ColdCurve(std::span<const Outcome> outcomes, const Workload& load,
                                 size_t most);

// Applications without an invocation are left out.
Summary Summarise(std::span<const Outcome> outcomes, const Workload& load);

}  // namespace plumbago::serverless
