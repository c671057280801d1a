// What the plans of planted applications say is what their counts do, found the slow way.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "generate/functions/app_counts.h"

namespace plumbago::generate::functions {
namespace {

TEST(PlantedPeriods, AreInTheCounts) {
  const WorkloadShape shape = PublishedShape();
  const PlanOptions options{4000, 14, 9};
  const AppPlanner planner(shape, options);
  AppCounts counts(shape, options, planner);
  std::map<Planted, int> found;
  for (uint32_t app = 0; app < options.apps; ++app) {
    const AppPlan plan = counts.Make(app);
    if (plan.planted == Planted::kNone) continue;
    ++found[plan.planted];
    if (plan.planted == Planted::kFollower) continue;
    ASSERT_EQ(plan.functions.size(), 1u);
    double wanted = plan.phase, gap = plan.period;
    for (const MinuteCount& here : counts.of(0)) {
      EXPECT_EQ(here.count, 1u);
      EXPECT_GE(here.minute, std::floor(wanted));
      EXPECT_LE(here.minute, std::floor(wanted + plan.jitter));
      wanted += gap;
      gap *= plan.drift;
    }
    EXPECT_GE(wanted, 14 * 1440) << PlantedName(plan.planted);
    if (plan.planted == Planted::kFiveHours) {
      EXPECT_EQ(plan.period, 300);
    }
    if (plan.planted == Planted::kDrifting) {
      EXPECT_GT(std::abs(gap / plan.period - 1), 0.05);
    } else {
      EXPECT_EQ(plan.drift, 1);
    }
  }
  for (const Planted planted :
       {Planted::kFiveHours, Planted::kDaily, Planted::kWeekly, Planted::kDrifting}) {
    EXPECT_EQ(found[planted], 20) << PlantedName(planted);
  }
  EXPECT_GT(found[Planted::kFollower], 5);
}

TEST(PlantedPeriods, FollowersFollow) {
  const WorkloadShape shape = PublishedShape();
  const PlanOptions options{3000, 14, 4};
  const AppPlanner planner(shape, options);
  AppCounts counts(shape, options, planner), leaders(shape, options, planner);
  int followers = 0;
  for (uint32_t app = 0; app < options.apps; ++app) {
    const AppPlan plan = counts.Make(app);
    if (plan.planted != Planted::kFollower) continue;
    ++followers;
    const AppPlan leader = leaders.Make(plan.leader);
    EXPECT_EQ(leader.owner, plan.owner);
    std::map<uint32_t, uint64_t> led;
    uint64_t total = 0, followed = 0;
    for (size_t f = 0; f < leader.functions.size(); ++f) {
      for (const MinuteCount& here : leaders.of(f)) {
        led[here.minute] += here.count;
        total += here.count;
      }
    }
    for (const MinuteCount& here : counts.of(0)) {
      ASSERT_GE(here.minute, plan.lag);
      EXPECT_LE(here.count, led[here.minute - plan.lag]);
      followed += here.count;
    }
    const auto n = static_cast<double>(total);
    EXPECT_NEAR(static_cast<double>(followed) / n, plan.follow_share, 3 / std::sqrt(n));
  }
  EXPECT_GT(followers, 3);
}

// Applications without a plant have none by the same name: a daily timer may be there by chance,
// but nothing is planted in a shape that asks for nothing.
TEST(PlantedPeriods, NoneWhereNoneAreAskedFor) {
  WorkloadShape shape = PublishedShape();
  shape.planted_share = shape.follower_share = 0;
  const PlanOptions options{500, 14, 1};
  const AppPlanner planner(shape, options);
  for (uint32_t app = 0; app < options.apps; ++app) {
    EXPECT_EQ(planner.Plan(app).planted, Planted::kNone);
  }
}

}  // namespace
}  // namespace plumbago::generate::functions
