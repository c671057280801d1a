// How often the timers of an application fire, and when first.
#pragma once

#include <vector>

#include "generate/functions/app_plan.h"
#include "generate/functions/workload_shape.h"
#include "generate/random.h"

namespace plumbago::generate::functions {

class TimerPlanner {
 public:
  // `span`: minutes that are generated.
  TimerPlanner(const std::vector<TimerPeriod>& timers, double span)
      : timers_(timers), span_(span) {}

  // Plans the timers among `plan.functions` and leaves the rest of `plan.total` to the stream.
  // `may_lead`: where there are other triggers, too, a timer may make most of the invocations.
  void Plan(AppPlan& plan, bool may_lead, Random& random) const;

 private:
  double DrawPeriod(double least, bool first, Random& random) const;
  double LongestPeriod(double total, double life, Random& random) const;
  void PlaceTimer(double start, double life, FunctionPlan& function, Random& random) const;
  void PlanJitter(FunctionPlan& function, Random& random) const;

  std::vector<TimerPeriod> timers_;  // by period
  double span_;
};

}  // namespace plumbago::generate::functions
