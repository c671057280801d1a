// The pairs of services that are worth telling, out of the state of `coupling`: candidates for
// merging and for batching, with how sure that is.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/coupling.h"
#include "statistics/resampling.h"

namespace plumbago::analysis {

struct CoupledPair {
  Coupling::Pair pair;
  double probability = 0;             // that an invocation of the caller calls the callee
  statistics::Bounds probable;        // its interval
  double calls_each = 0;              // of an invocation that calls it
  double many = 0;                    // share of those that call it kMany times or more
  std::optional<int64_t> network_ns;  // of the calls with both sides known
};

struct CoupledPairs {
  uint64_t pairs = 0;
  uint64_t judged = 0;   // whose caller was invoked in enough traces to be called sure
  uint64_t coupled = 0;  // of them: surely called nearly always
  std::array<uint64_t, 10> by_probability{};  // of those judged: 0 to 10 %, ... 90 to 100 %
  uint64_t calls = 0, called = 0;
  std::vector<CoupledPair> to_merge;  // what would save most first, then most calls
  std::vector<CoupledPair> to_batch;  // most calls beyond the first first

  explicit CoupledPairs(const Coupling::State& state);
};

}  // namespace plumbago::analysis
