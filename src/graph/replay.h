// A trace played again with less own time in some spans: what would it gain to make this service
// faster?
//
// The rule (siblings.h): a child begins as long after the new end of what it waited for as it did
// after the old one, of which gap the parent's part is shortened as the parent's own time is;
// children that ran side by side keep their offsets; a span ends that long after the last of its
// children. Own time is all time of a span in which the next child waits for nothing else, also
// beside other children that still run. So nothing removed changes nothing, everything removed
// leaves zero, and no trace gets longer.
//
// What it assumes: work is not shared out anew (no lock, queue or core is freed for others), and
// who waits for whom stays as it was. Asynchronous spans begin traces of their own.
//
// Sources: Curtsinger, Berger, "Coz", SOSP'15 (the question); CRISP's ComputeAllSeriesTimeSaved and
// Google's calligator, retimer.py (the rule); docs/design/0015 for differences.
//
// Cost: that of Siblings, about 40 ns a span (critical_path_benchmark.cc). No recursion.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/siblings.h"
#include "graph/span_windows.h"

namespace plumbago::graph {

class Replay {
 public:
  // `left`: by span, how much of its own time is left, in ten-thousandths (kAll: all).
  void Run(const SpanWindows& windows, std::span<const uint32_t> left);

  // How long a span takes now; of spans with a window.
  int64_t duration_ns(uint32_t span) const { return durations_[span]; }
  // When it is at work now. Roots and asynchronous spans begin when they did.
  const SpanWindow& window(uint32_t span) const { return windows_[span]; }

 private:
  Siblings siblings_;
  std::vector<int64_t> durations_, offsets_;
  std::vector<SpanWindow> windows_;
};

}  // namespace plumbago::graph
