#include "graph/link_evidence.h"

#include <algorithm>
#include <cmath>

namespace plumbago::graph {
namespace {

double Ms(int64_t ns) { return static_cast<double>(ns) * 1e-6; }

bool Measured(const DraftCall& call) { return call.timed() && call.duration_ns > 0; }

}  // namespace

double TimeEvidence(const DraftCall& caller, const DraftCall& callee) {
  if (caller.start_ns == model::kNoTime || callee.start_ns == model::kNoTime) return 0;
  double evidence = 0;
  const double early = Ms(caller.start_ns - callee.start_ns);
  if (early > 3) evidence -= std::min(1.0 + 0.3 * (early - 3), 8.0);
  if (!Measured(caller)) return evidence;
  const bool asynchronous = model::IsAsynchronous(callee.kind);
  const double lasted = callee.timed() ? Ms(callee.duration_ns) : 0;
  // A message is sent while its caller works; when it is through is another matter, and the queue
  // may have held it.
  const double until = Ms(callee.start_ns - caller.start_ns) + (asynchronous ? 0 : lasted);
  const double late = until - Ms(caller.duration_ns);
  if (late > 4) evidence -= std::min(0.5 + 0.3 * (late - 4), asynchronous ? 4.0 : 8.0);
  if (asynchronous) return evidence;
  const double longer = lasted - Ms(caller.duration_ns);
  if (longer > 2) {
    evidence -= std::min(2.0 + 0.2 * longer, 5.0);
  } else if (longer > 0) {
    evidence -= 0.7;
  }
  return evidence;
}

bool DurationEvidence(const DraftCall& caller, const DraftCall& callee, double& evidence) {
  if (!Measured(caller) || !callee.timed()) return false;
  constexpr double kWaits = 0.2;
  constexpr double kTickMs = 2;
  const double whole = Ms(caller.duration_ns);
  const double part = Ms(callee.duration_ns);
  const double about_equal = std::abs(whole - part) <= kTickMs ? kWaits / 5 : 0;
  evidence = kWeights.density * std::log(about_equal + (1 - kWaits) / (whole + 5));
  return true;
}

}  // namespace plumbago::graph
