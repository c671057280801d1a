#include "serverless/bounds.h"

#include <algorithm>
#include <map>

#include "serverless/idle_gaps.h"
#include "serverless/instance_bounds.h"

namespace plumbago::serverless {
namespace {

// A minute of idleness [60 age, 60 age + 60), over all gaps of an application.
struct AgeSum {
  uint64_t hits = 0;
  double hit_seconds = 0;  // from the beginning of the minute to the invocation
};

Outcome BestAges(const AppArrivals& app, double lambda) {
  Outcome outcome;
  outcome.invocations = app.minutes->total();
  outcome.cold = outcome.starts = 1;
  std::map<uint32_t, AgeSum> ages;
  uint64_t gaps = 0;
  const double last = ForEachGap(*app.minutes, [&](const IdleGap& gap) {
    AgeSum& at = ages[gap.minutes];
    at.hits += gap.times;
    at.hit_seconds += static_cast<double>(gap.times) * (gap.seconds - gap.minutes * kMinute);
    gaps += gap.times;
  });
  const double open = app.end - last;  // the last gap, which ends without an invocation
  uint32_t before = ~0u;               // the last age that is loaded
  uint64_t beyond = gaps;              // gaps that reach this age
  for (const auto& [age, sum] : ages) {
    beyond -= sum.hits;
    const double rest = std::clamp(open - age * kMinute, 0.0, kMinute);
    const double idle = sum.hit_seconds + static_cast<double>(beyond) * kMinute + rest;
    if (lambda * static_cast<double>(sum.hits) > idle) {
      outcome.idle_seconds += idle;
      if (age > 0 && before != age - 1) outcome.starts += sum.hits + beyond + (rest > 0 ? 1 : 0);
      before = age;
    } else {
      outcome.cold += sum.hits;
      outcome.starts += sum.hits;
    }
  }
  return outcome;
}

}  // namespace

const char* Bound::source() const {
  switch (kind_) {
    case BoundKind::kB0:
      return "clairvoyant, with pre-warming (statistics.md T13, B0)";
    case BoundKind::kB1:
      return "clairvoyant, keeps iff the gap is at most lambda (T13, B1; Karlin et al., 1994)";
    case BoundKind::kB2:
      return "best static set of ages in hindsight (T13, B2)";
  }
  return "";
}

Outcome Bound::ReplayApp(const AppArrivals& app) const {
  if (app.timed()) return BoundOnInstances(app, kind_, lambda_);
  Outcome outcome;
  outcome.invocations = app.minutes->total();
  if (outcome.invocations == 0) return outcome;
  if (kind_ == BoundKind::kB2) return BestAges(app, lambda_);
  outcome.cold = 1;
  ForEachGap(*app.minutes, [&](const IdleGap& gap) {
    if (kind_ == BoundKind::kB0) {
      outcome.starts += gap.times;  // loaded for the moment of each
    } else if (gap.seconds > lambda_) {
      outcome.cold += gap.times;
    } else {
      outcome.idle_seconds += static_cast<double>(gap.times) * gap.seconds;
    }
  });
  outcome.starts += outcome.cold;
  return outcome;
}

}  // namespace plumbago::serverless
