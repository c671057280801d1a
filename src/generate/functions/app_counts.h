// An application's invocations by minute, function by function, from its plan.
//
// Timers fire by their period. The rest of an application is one stream, so that its variation is
// that of the application and functions come together: rare streams are single invocations, renewal
// processes with log-normal gaps or bursts; busy ones are Poisson counts a minute, with pauses that
// give the wished variation. Either lives in the application's own time, which passes faster in
// its busy hours.
//
// Not thread-safe: holds buffers.
#pragma once

#include <cstdint>
#include <vector>

#include "generate/functions/app_planner.h"

namespace plumbago::generate::functions {

struct MinuteCount {
  uint32_t minute = 0;  // since minute 0
  uint32_t count = 0;   // above 0
};

class AppCounts {
 public:
  // All outlive it.
  AppCounts(const WorkloadShape& shape, const PlanOptions& options, const AppPlanner& planner);

  // The plan of an application; afterwards `of(f)` are the counts of its functions[f], by minute.
  const AppPlan& Make(uint32_t app);
  const std::vector<MinuteCount>& of(size_t function) const { return counts_[function]; }

 private:
  void MakeStream(const AppPlan& plan, Random& random);
  void MakePlanted(const AppPlan& plan, Random& random);
  void MakeFollower(const AppPlan& plan, Random& random);
  void AddTimer(const FunctionPlan& function, Random& random,
                std::vector<MinuteCount>& counts) const;
  // `rate` a minute, as evenly as whole numbers can be, until there are `total`.
  void AddEven(uint64_t total, double rate, uint32_t begin, uint32_t end,
               std::vector<MinuteCount>& counts) const;
  void MakePace(const AppPlan& plan);
  void MakeRareStream(const AppPlan& plan, Random& random);
  void MakeBusyStream(const AppPlan& plan, Random& random);
  void BusyFunction(uint64_t total, Random& random, std::vector<MinuteCount>& counts) const;

  const WorkloadShape& shape_;
  const PlanOptions options_;
  const AppPlanner& planner_;
  const uint32_t minutes_;
  AppPlan plan_;
  std::vector<std::vector<MinuteCount>> counts_;
  std::vector<double> pace_;     // by hour: how fast the application's time passes
  std::vector<double> times_;    // minutes
  std::vector<uint32_t> turns_;  // which function an invocation of the stream is of
  std::vector<std::pair<uint32_t, uint32_t>> on_;  // minutes [first, end) without a pause
};

}  // namespace plumbago::generate::functions
