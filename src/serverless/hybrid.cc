#include "serverless/hybrid.h"

#include <fmt/format.h>

#include <algorithm>

#include "serverless/idle_gaps.h"
#include "serverless/instance_replay.h"

namespace plumbago::serverless {
namespace {

// All instances of an application under one histogram.
struct OnInstances {
  static constexpr bool kEqualWindows = false;
  HybridWindows windows;
  void Gap(int64_t us) {
    windows.Saw(static_cast<double>(us) / kSecondUs, static_cast<uint32_t>(us / kMinuteUs));
  }
  LoadedAges Decide() {
    const IdleWindow window = windows.Decide();
    return {MicrosOfSeconds(window.from), MicrosOfSeconds(window.to)};
  }
};

}  // namespace

Outcome Hybrid::ReplayApp(const AppArrivals& app) const {
  if (app.timed()) return ReplayOnInstances(app, OnInstances{HybridWindows(options_, &counters_)});
  Outcome outcome;
  outcome.invocations = app.minutes->total();
  if (outcome.invocations == 0) return outcome;
  outcome.cold = outcome.starts = 1;
  HybridWindows windows(options_, &counters_);
  IdleWindow window = windows.Decide();
  const auto pass = [&](double seconds, bool ends) {  // of one gap
    const bool warm = ends && seconds >= window.from && seconds <= window.to;
    outcome.idle_seconds += std::max(0.0, std::min(seconds, window.to) - window.from);
    const bool prewarmed = window.from > 0 && seconds >= window.from;
    if (ends && !warm) ++outcome.cold;
    outcome.starts += (ends && !warm ? 1 : 0) + (prewarmed ? 1 : 0);
  };
  const double last = ForEachGap(*app.minutes, [&](const IdleGap& gap) {
    uint64_t left = gap.times;
    while (left > 1 && !windows.holds_bursts()) {  // only gaps within a minute are many
      pass(gap.seconds, true);
      windows.Saw(gap.seconds, gap.minutes);
      window = windows.Decide();
      --left;
    }
    if (left > 1) {
      outcome.idle_seconds += static_cast<double>(left) * gap.seconds;
    } else {
      pass(gap.seconds, true);
    }
    windows.Saw(gap.seconds, gap.minutes, left);
    window = windows.Decide();
  });
  pass(app.end - last, false);
  return outcome;
}

const char* Hybrid::source() const {
  switch (options_.long_gaps) {
    case LongGaps::kArima:
      return "Shahrad et al., ATC'20, section 4";
    case LongGaps::kMedian:
      return "Shahrad et al., ATC'20, section 4, but long gaps by the median of the last five";
    case LongGaps::kStandard:
      break;
  }
  return "Shahrad et al., ATC'20, section 4, without ARIMA";
}

std::string Hybrid::note() const {
  if (options_.long_gaps != LongGaps::kArima) return {};
  const uint64_t searches = counters_.searches, refits = counters_.refits;
  if (searches == 0) return "ARIMA: nothing to forecast";
  return fmt::format(
      "ARIMA: {} applications, {} searches for an order, {} refits, {:.2f} s of processor time",
      counters_.apps.load(), searches, refits,
      static_cast<double>(counters_.nanoseconds.load()) * 1e-9);
}

}  // namespace plumbago::serverless
