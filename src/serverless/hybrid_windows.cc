#include "serverless/hybrid_windows.h"

#include <optional>

namespace plumbago::serverless {

HybridWindows::HybridWindows(const HybridOptions& options, ForecastCounters* counters)
    : options_(options),
      idle_(options.range, options.low, options.high),
      long_gaps_(options.long_gaps, options.range * 60.0, counters),
      window_{0, options.range * 60.0} {}

void HybridWindows::Saw(double seconds, uint32_t minutes, uint64_t times) {
  idle_.Add(minutes, times);
  if (minutes < options_.range) return;
  for (uint64_t i = 0; i < times; ++i) long_gaps_.Saw(seconds);
}

IdleWindow HybridWindows::Decide() {
  window_ = {0, options_.range * 60.0};
  if (idle_.beyond() > idle_.within()) {
    const std::optional<double> next = long_gaps_.Next();
    if (next) window_ = {options_.prewarm ? 0.85 * *next : 0, 1.15 * *next};
    return window_;
  }
  if (idle_.within() == 0 || !idle_.Varies(options_.least_cv)) return window_;
  // Whole seconds for whole percents of 60 s: no rounding decides.
  const double from = (100.0 - options_.margin) * 60 * idle_.head() / 100;
  const double to = (100.0 + options_.margin) * 60 * (idle_.tail() + 1) / 100;
  window_ = {options_.prewarm ? from : 0, to};
  return window_;
}

bool HybridWindows::holds_bursts() const {
  return window_.from == 0 && (!options_.prewarm || (idle_.within() > 0 && idle_.head() == 0));
}

}  // namespace plumbago::serverless
