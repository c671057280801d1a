// How much longer do calls take that go far than calls that stay near, among like calls? Calls of
// one caller, callee, operation and hour form a stratum; only strata seen both ways count
// (statistics.md T6: far and near calls as a whole are different interfaces).
//
// Shift: median of the far less median of the near ones of a stratum, averaged over strata with the
// weights m n / (m + n), those of the difference of two means. Medians are those of grouped data: a
// written time stands for all times that round to it, spread evenly (so 1 ms clocks tell parts of a
// millisecond). Interval: 499 bootstrap draws of 64 groups of traces. Test: van Elteren
// (statistics/van_elteren.h). Of the calls of one trace in one stratum one counts, the one
// with the smallest hash: the others depend on it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "statistics/resampling.h"
#include "statistics/van_elteren.h"

namespace plumbago::analysis {

// One call to compare; strata are numbered from 0.
struct MatchedCall {
  uint32_t stratum = 0;
  bool far = false;
  uint64_t trace = 0;  // TraceId::Hash()
  uint64_t hash = 0;   // of the call
  int64_t latency_ns = 0;
};

struct MatchedShift {
  uint64_t strata_all = 0;             // with a call
  uint64_t strata = 0;                 // seen both ways
  uint64_t near = 0, far = 0;          // calls of these strata, one a trace and stratum
  uint64_t near_all = 0, far_all = 0;  // calls
  std::optional<double> shift_ns;
  std::optional<statistics::Bounds> interval;
  std::optional<double> near_ns;   // median of the near ones, averaged with the same weights
  std::optional<double> naive_ns;  // median of all far less median of all near: confounded
  std::optional<statistics::VanElteren::Result> test;

  // Without `with_interval`: the interval is left out.
  MatchedShift(std::vector<MatchedCall> calls, int64_t tick_ns, bool with_interval);
};

}  // namespace plumbago::analysis
