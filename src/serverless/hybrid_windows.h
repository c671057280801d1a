// What the hybrid histogram policy decides, of the idle times of one application: the window of
// idle ages in which it is to be loaded. Replays (by minute, by execution) feed it and ask it.
//
// After each execution, with the idle times seen so far:
//   - more beyond the range than within: by the forecast of the next gap (long_gap_forecast.h), if
//     there is one: loaded from 0.85 of it until 1.15 of it; else standard, loaded for the whole
//     range
//   - none at all, or the coefficient of variation of the bins' counts below `least_cv`: standard
//   - else unloaded at once until (1 - margin) head, loaded until (1 + margin) tail; head and tail
//     are the `low` and `high` percentile, rounded to bins outwards; head in the first bin: no
//     unloading
// What the paper leaves open is taken as the reference implementation of facts has it: the share
// beyond the range is 0.5, updated before it decides, the deviation is the population's.
#pragma once

#include <cstdint>

#include "serverless/idle_histogram.h"
#include "serverless/long_gap_forecast.h"

namespace plumbago::serverless {

// Loaded from idle age `from` until `to`, both in; seconds since the end of an execution. from > 0:
// unloaded at once and loaded again then.
struct IdleWindow {
  double from = 0, to = 0;
};

struct HybridOptions {
  uint32_t range = 240;         // minutes, one bin each
  uint32_t low = 5, high = 99;  // percentiles
  uint32_t margin = 10;         // percent
  uint32_t least_cv = 2;
  bool prewarm = true;
  LongGaps long_gaps = LongGaps::kStandard;  // what is done where most are beyond the range
};

class HybridWindows {
 public:
  // `counters`, which may be null, are those of its forecasts.
  explicit HybridWindows(const HybridOptions& options, ForecastCounters* counters = nullptr);

  // Idle times that have ended with an invocation: so many that are equal. `minutes`: whole minutes
  // of `seconds`, exact where doubles are not.
  void Saw(double seconds, uint32_t minutes, uint64_t times = 1);
  // Until the next invocation. Before the first idle time: standard.
  IdleWindow Decide();
  // Idle times of less than a minute change nothing any more: each window that follows them begins
  // at once, and holds them.
  bool holds_bursts() const;

 private:
  const HybridOptions options_;
  IdleHistogram idle_;
  LongGapForecast long_gaps_;
  IdleWindow window_;
};

}  // namespace plumbago::serverless
