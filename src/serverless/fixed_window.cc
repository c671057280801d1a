#include "serverless/fixed_window.h"

#include <algorithm>

#include "serverless/idle_gaps.h"
#include "serverless/instance_replay.h"

namespace plumbago::serverless {

Outcome FixedWindow::ReplayApp(const AppArrivals& app) const {
  if (app.timed()) return ReplayOnInstances(app, OneWindow{MicrosOfSeconds(seconds_)});
  Outcome outcome;
  outcome.invocations = app.minutes->total();
  if (outcome.invocations == 0) return outcome;
  outcome.cold = 1;
  const double last = ForEachGap(*app.minutes, [&](const IdleGap& gap) {
    const auto times = static_cast<double>(gap.times);
    if (gap.seconds > seconds_) {
      outcome.cold += gap.times;
      outcome.idle_seconds += times * seconds_;
    } else {
      outcome.idle_seconds += times * gap.seconds;
    }
  });
  outcome.idle_seconds += std::min(seconds_, app.end - last);
  outcome.starts = outcome.cold;
  return outcome;
}

}  // namespace plumbago::serverless
