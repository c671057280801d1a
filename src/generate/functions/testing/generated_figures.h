// For tests: the figures of all applications of a generated workload.
#pragma once

#include <vector>

#include "base/worker_threads.h"
#include "generate/functions/app_figures.h"

namespace plumbago::generate::functions::testing {

inline std::vector<AppFigures> FiguresOf(const WorkloadShape& shape, uint32_t apps, uint64_t seed,
                                         std::vector<AppPlan>* plans = nullptr) {
  const PlanOptions options{apps, shape.days, seed};
  const AppPlanner planner(shape, options);
  std::vector<AppFigures> figures(apps);
  if (plans != nullptr) plans->resize(apps);
  constexpr unsigned kThreads = 2;
  const auto ran = RunFallibleOnThreads(kThreads, [&](unsigned thread) -> Result<void> {
    AppCounts counts(shape, options, planner);
    FigureMaker maker;
    for (uint32_t app = thread; app < apps; app += kThreads) {
      const AppPlan& plan = counts.Make(app);
      for (size_t f = 0; f < plan.functions.size(); ++f) {
        maker.Add(plan.functions[f].trigger, counts.of(f));
      }
      figures[app] = maker.End();
      if (plans != nullptr) (*plans)[app] = plan;
    }
    return {};
  });
  if (!ran) figures.clear();
  return figures;
}

}  // namespace plumbago::generate::functions::testing
