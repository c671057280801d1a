// What each application of a generated workload is: how many functions, which triggers, how often
// invoked, how regular. A plan is a function of the seed and the application's number alone.
//
// Ranks are a permutation of the applications; the application of rank r is invoked as often as the
// (r + 1/2)/N quantile says, so that totals hardly depend on the seed, though a few applications
// make up most of them. Functions per application and sets of triggers are drawn given the rate so
// that their own distributions come out (ShareTable). The 64 most invoked applications take turns
// in what makes the shares by trigger and by size come out.
#pragma once

#include <cstdint>
#include <vector>

#include "generate/functions/app_plan.h"
#include "generate/functions/share_table.h"
#include "generate/functions/timer_planner.h"
#include "generate/functions/workload_shape.h"
#include "generate/random.h"

namespace plumbago::generate::functions {

class AppPlanner {
 public:
  AppPlanner(const WorkloadShape& shape, const PlanOptions& options);

  AppPlan Plan(uint32_t app) const;
  uint32_t RankOf(uint32_t app) const;
  // Invocations a day of the application of a rank.
  double DailyRate(uint32_t rank) const;
  uint32_t owners() const { return owners_; }
  uint32_t OwnerOf(uint32_t app) const { return owner_of_[app]; }

 private:
  struct TopChoice {
    uint32_t functions = 1;
    uint8_t trigger = 0;
  };
  Planted PlantedAt(uint32_t rank) const;
  void PlanRanks();
  void PlantPeriod(AppPlan& plan, Random& random) const;
  bool PlantFollower(AppPlan& plan, Random& random) const;
  void ChooseTop();
  void DrawTriggers(AppPlan& plan, uint32_t count, uint8_t set, Random& random) const;
  void SplitStream(AppPlan& plan, Random& random) const;
  void PlanLife(AppPlan& plan, Random& random) const;

  const WorkloadShape shape_;
  const PlanOptions options_;
  const double span_;  // minutes
  std::vector<uint32_t> owner_of_;
  uint32_t owners_ = 0;
  struct RankRange {
    Planted planted = Planted::kNone;
    uint32_t from = 0, to = 0;
  };
  const TimerPlanner timers_;
  std::vector<RankRange> planted_ranks_;
  std::vector<TopChoice> top_;    // by rank from the top
  ShareTable functions_by_rate_;  // rows: strata of rank
  ShareTable sets_by_cell_;       // rows: functions x rate
};

}  // namespace plumbago::generate::functions
