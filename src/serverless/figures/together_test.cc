#include "serverless/figures/together.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

#include "statistics/random.h"

namespace plumbago::serverless {
namespace {

using statistics::Random;

constexpr uint32_t kSpan = 7 * 1440;

AppLoad App(const std::string& owner, const std::string& name,
            const std::map<uint32_t, uint64_t>& counts) {
  AppLoad app;
  app.owner = owner;
  app.name = name;
  for (const auto& [minute, count] : counts) app.minutes.Append(minute, count);
  return app;
}

std::map<uint32_t, uint64_t> Bursts(Random& random, double every) {
  std::map<uint32_t, uint64_t> counts;
  for (double at = 0; at < kSpan; at -= every * std::log(random.Unit())) {
    // By day only, and a few minutes long.
    if (std::fmod(at, 1440) < 500) continue;
    for (double in = at; in < at + 8 * random.Unit() && in < kSpan; ++in)
      ++counts[static_cast<uint32_t>(in)];
  }
  return counts;
}

// 40 owners of four applications; in every fourth owner the second follows the first.
TEST(Together, FindsFollowersAndNothingElse) {
  Random random(9);
  Workload load;
  load.end_minute = kSpan;
  for (int owner = 0; owner < 40; ++owner) {
    const std::string name = std::to_string(100 + owner);
    const auto leader = Bursts(random, 60);
    std::map<uint32_t, uint64_t> follower;
    for (const auto& [minute, count] : leader) {
      if (minute + 1 < kSpan) follower[minute + 1] = count;
    }
    load.apps.push_back(App(name, "a", leader));
    load.apps.push_back(App(name, "b", owner % 4 == 0 ? follower : Bursts(random, 60)));
    load.apps.push_back(App(name, "c", Bursts(random, 60)));
    load.apps.push_back(App(name, "d", Bursts(random, 30)));
  }
  const TogetherCounts counts = FindTogether(load, 2);
  EXPECT_EQ(counts.owners, 40u);
  EXPECT_EQ(counts.tested, 240u);
  EXPECT_EQ(counts.owners_cut, 0u);
  ASSERT_GE(counts.pairs.size(), 10u);
  EXPECT_LE(counts.pairs.size(), 11u);
  for (size_t i = 0; i < 10; ++i) {
    const TogetherPair& pair = counts.pairs[i];
    EXPECT_EQ(pair.a % 16, 0u);
    EXPECT_EQ(pair.b, pair.a + 1);
    EXPECT_GT(pair.lift(), 3);
  }
}

TEST(Together, LooksAtSomeOfABigOwnersApplications) {
  Random random(1);
  Workload load;
  load.end_minute = kSpan;
  for (int i = 0; i < 80; ++i)
    load.apps.push_back(App("o", std::to_string(i), Bursts(random, 200)));
  const TogetherCounts counts = FindTogether(load, 1);
  EXPECT_EQ(counts.owners_cut, 1u);
  EXPECT_EQ(counts.tested, 64u * 63 / 2);
}

TEST(PoissonTail, IsTheSum) {
  for (const double mean : {0.2, 3.0, 40.0}) {
    double below = 0;
    for (uint64_t k = 0; k < 60; ++k) {
      EXPECT_NEAR(PoissonTail(k, mean), 1 - below, 1e-11) << k << " " << mean;
      below += std::exp(static_cast<double>(k) * std::log(mean) - mean -
                        std::lgamma(static_cast<double>(k) + 1));
    }
  }
  EXPECT_NEAR(PoissonTail(30, 3), 4.2770477e-20, 1e-26);
}

}  // namespace
}  // namespace plumbago::serverless
