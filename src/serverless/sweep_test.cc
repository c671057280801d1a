#include "serverless/sweep.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "serverless/pareto_front.h"
#include "serverless/policy_list.h"
#include "serverless/simulation_section.h"
#include "serverless/sweep_section.h"

namespace plumbago::serverless {
namespace {

// Timers, strays and one that is always busy, over two days; every third stands for two.
Workload Small() {
  std::mt19937 engine(7);
  Workload load;
  for (uint32_t a = 0; a < 40; ++a) {
    AppLoad& app = load.apps.emplace_back();
    app.name = "app" + std::to_string(a);
    app.weight = a % 3 == 0 ? 2 : 1;
    for (uint32_t m = static_cast<uint32_t>(engine()) % 50; m < 2880;) {
      app.minutes.Append(m, 1 + engine() % 3);
      m += a == 0 ? 1 : a % 2 == 0 ? 5 * a : 1 + static_cast<uint32_t>(engine()) % (20 * a);
    }
    load.invocations += app.minutes.total();
  }
  load.end_minute = 2880;
  return load;
}

TEST(Sweep, EachPointIsItsPolicyAlone) {
  const Workload load = Small();
  const Sweep sweep = SweepPolicies(load, 2, ExecutionTime::kNone);
  EXPECT_GT(sweep.points.size(), 60u);
  for (const SweepPoint& point : sweep.points) {
    const std::string name = point.bound ? "bounds" + point.name.substr(2) : point.name;
    const auto policies = PoliciesOf(std::span(&name, 1));
    ASSERT_TRUE(policies) << point.name;
    const auto own = std::find_if(policies->begin(), policies->end(), [&](const auto& policy) {
      return policy->name() == (point.bound ? point.family : point.name);
    });
    ASSERT_NE(own, policies->end()) << point.name;
    const Summary alone = Summarise((*own)->Replay(ArrivalsOf(load), 1), load);
    EXPECT_EQ(alone.cold, point.summary.cold) << point.name;
    EXPECT_EQ(alone.starts, point.summary.starts) << point.name;
    EXPECT_NEAR(alone.idle_seconds, point.summary.idle_seconds, 1e-6 * alone.idle_seconds + 1e-6)
        << point.name;
  }
}

TEST(Sweep, NothingThatCanBeDoneBeatsTheFront) {
  const Sweep sweep = SweepPolicies(Small(), 2, ExecutionTime::kNone);
  const std::set<size_t> front(sweep.front.begin(), sweep.front.end());
  ASSERT_TRUE(sweep.knee);
  EXPECT_TRUE(front.contains(*sweep.knee));
  for (const size_t i : sweep.front) {
    const Summary& on = sweep.points[i].summary;
    EXPECT_FALSE(sweep.points[i].bound);
    for (const SweepPoint& other : sweep.points) {
      if (other.bound) continue;
      EXPECT_FALSE(other.summary.cold < on.cold && other.summary.idle_seconds < on.idle_seconds)
          << other.name << " beats " << sweep.points[i].name;
    }
  }
}

TEST(Sweep, ChangesAddUpToWhatTheKneeSaves) {
  const Workload load = Small();
  const Sweep sweep = SweepPolicies(load, 2, ExecutionTime::kNone);
  ASSERT_TRUE(sweep.knee);
  double saves = 0;
  for (const AppChange& change : sweep.changes) saves += change.saves;
  const Summary& knee = sweep.points[*sweep.knee].summary;
  EXPECT_NEAR(saves, sweep.usual.cost(kUsualLambda) - knee.cost(kUsualLambda), 1);
  EXPECT_TRUE(
      std::is_sorted(sweep.changes.begin(), sweep.changes.end(),
                     [](const AppChange& a, const AppChange& b) { return a.saves > b.saves; }));
}

TEST(Sweep, SectionsSayWhatWasTried) {
  const Workload load = Small();
  const Sweep sweep = SweepPolicies(load, 2, ExecutionTime::kNone);
  const document::Section section = SweepSection(sweep, load, {"r", "t", "e"}, 5);
  EXPECT_EQ(section.tables[0].rows.size(), sweep.front.size());
  EXPECT_LE(section.tables[1].rows.size(), 5u);
  EXPECT_EQ(section.tables[1].rows_total() + section.tables[2].rows_total(), sweep.changes.size());
  EXPECT_EQ(section.tables[3].rows.size(), sweep.points.size());
  EXPECT_NE(section.computed.find(sweep.points[*sweep.knee].name), std::string::npos);
  EXPECT_EQ(section.findings[0].verdict, document::Verdict::kSupported);
  // By hand: no window that was tried is cheaper than the one that is named.
  double least = sweep.usual.cost(kUsualLambda);
  for (const SweepPoint& point : sweep.points) {
    if (point.family == "fixed") least = std::min(least, point.summary.cost(kUsualLambda));
  }
  EXPECT_DOUBLE_EQ(*section.findings[1].effect.value, 1 - least / sweep.usual.cost(kUsualLambda));
}

TEST(Sweep, WithoutIdleTimeItCannotSay) {
  const document::Section section = SweepSection({}, {}, {}, 5);
  EXPECT_NE(section.computed.find("Cannot say"), std::string::npos);
  for (const document::Finding& finding : section.findings)
    EXPECT_EQ(finding.verdict, document::Verdict::kCannotSay);
}

}  // namespace
}  // namespace plumbago::serverless
