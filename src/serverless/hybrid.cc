#include "serverless/hybrid.h"

#include <algorithm>

#include "serverless/idle_gaps.h"
#include "serverless/idle_histogram.h"

namespace plumbago::serverless {
namespace {

struct Window {
  double from = 0, to = 0;  // idle ages, seconds
};

Window Decide(const IdleHistogram& idle, const Hybrid::Options& options) {
  const Window standard{0, options.range * kMinute};
  if (idle.within() == 0 || idle.beyond() > idle.within() || !idle.Varies(options.least_cv))
    return standard;
  // Whole seconds for whole percents of 60 s: no rounding decides.
  const double from = (100.0 - options.margin) * 60 * idle.head() / 100;
  const double to = (100.0 + options.margin) * 60 * (idle.tail() + 1) / 100;
  return {options.prewarm ? from : 0, to};
}

}  // namespace

Outcome Hybrid::ReplayApp(const AppArrivals& app) const {
  Outcome outcome;
  outcome.invocations = app.minutes->total();
  if (outcome.invocations == 0) return outcome;
  outcome.cold = outcome.starts = 1;
  IdleHistogram idle(options_.range, options_.low, options_.high);
  Window window{0, options_.range * kMinute};
  const auto pass = [&](double seconds, bool ends) {  // of one gap
    const bool warm = ends && seconds >= window.from && seconds <= window.to;
    outcome.idle_seconds += std::max(0.0, std::min(seconds, window.to) - window.from);
    const bool prewarmed = window.from > 0 && seconds >= window.from;
    if (ends && !warm) ++outcome.cold;
    outcome.starts += (ends && !warm ? 1 : 0) + (prewarmed ? 1 : 0);
  };
  const double last = ForEachGap(*app.minutes, [&](const IdleGap& gap) {
    uint64_t left = gap.times;
    // Within a minute; once the head lies in the first bin no more of these gaps can move it, and
    // each window begins at once and holds them.
    while (left > 1 &&
           !(window.from == 0 && (!options_.prewarm || (idle.within() > 0 && idle.head() == 0)))) {
      pass(gap.seconds, true);
      idle.Add(gap.minutes, 1);
      window = Decide(idle, options_);
      --left;
    }
    if (left > 1) {
      outcome.idle_seconds += static_cast<double>(left) * gap.seconds;
    } else {
      pass(gap.seconds, true);
    }
    idle.Add(gap.minutes, left);
    window = Decide(idle, options_);
  });
  pass(app.end - last, false);
  return outcome;
}

}  // namespace plumbago::serverless
