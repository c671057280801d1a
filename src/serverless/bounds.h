// What no policy of a kind can beat, in hindsight (statistics.md T13). `lambda`: seconds of idle
// loaded time that a cold start is worth; cost = lambda x cold starts + idle seconds.
//
//   B0  sees the future and pre-warms: one cold start an application, no idle time. For all.
//   B1  sees the future and keeps iff the gap is at most lambda: cost of sum min(gap, lambda). For
//       policies that do not pre-warm.
//   B2  the best static set of idle ages of each application, fitted to its own gaps: be loaded in
//       a minute of idleness iff what it saves is worth more than it costs. For static sets of
//       whole minutes; adaptive policies may be under it. Reloads are free.
#pragma once

#include "serverless/policy.h"

namespace plumbago::serverless {

enum class BoundKind : uint8_t { kB0, kB1, kB2 };

class Bound final : public PolicyByApp {
 public:
  Bound(std::string name, BoundKind kind, double lambda)
      : PolicyByApp(std::move(name)), kind_(kind), lambda_(lambda) {}
  const char* source() const override;
  double lambda() const override { return lambda_; }
  bool sees_future() const override { return true; }
  Outcome ReplayApp(const AppArrivals& app) const override;

 private:
  const BoundKind kind_;
  const double lambda_;  // seconds
};

}  // namespace plumbago::serverless
