#include "serverless/advice/platform.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plumbago::serverless {
namespace {

TEST(Platform, KnativeLifetimesAreWindowDelayAndRetention) {
  const uint32_t longest = PlatformOf(PlatformKind::kKnative).longest_keep;
  EXPECT_EQ(longest, 7260u);
  for (uint32_t keep = 60; keep <= longest; ++keep) {
    const KnativeKeep told = KnativeKeepOf(keep, KnativeOthersOf(keep));
    ASSERT_EQ(60 + told.retention + told.delay, keep);
    ASSERT_LE(told.retention, 3600u);  // both are refused above an hour
    ASSERT_LE(told.delay, 3600u);
    ASSERT_TRUE(told.delay == 0 || told.retention == 3600) << "the last pod alone first";
  }
  EXPECT_EQ(KnativeKeepOf(1'000'000, 1'000'000).delay, 3600u);
  EXPECT_EQ(KnativeKeepOf(1'000'000, 60).retention, 3600u);
  EXPECT_EQ(KnativeKeepOf(6, 6).retention, 0u);
  // The delay holds the last one, too.
  EXPECT_EQ(KnativeKeepOf(1260, 1260).delay, 1200u);
  EXPECT_EQ(KnativeKeepOf(1260, 1260).retention, 0u);
  EXPECT_EQ(KnativeKeepOf(1260, 660).retention, 600u);
}

TEST(Platform, CooldownsAreWholePollsAndKeepAtLeastAsLong) {
  for (uint32_t keep = 1; keep < 2000; ++keep) {
    const uint32_t cooldown = KedaCooldownOf(keep);
    ASSERT_EQ(cooldown % 30, 0u);
    ASSERT_GE(cooldown, keep);
    ASSERT_LT(cooldown, keep + 30);
  }
  EXPECT_LE(KedaCooldownOf(0x7FFF'FFFF), 0x7FFF'FFFFu);
}

TEST(Platform, UnknownOnesAreRefusedWithTheList) {
  const std::vector<std::string> known = {"keda", "knative", "keda"};
  const auto both = PlatformsOf(known);
  ASSERT_TRUE(both);
  EXPECT_EQ(*both, (std::vector{PlatformKind::kKeda, PlatformKind::kKnative}));
  const std::vector<std::string> unknown = {"openwhisk"};
  const auto refused = PlatformsOf(unknown);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("knative, keda"), std::string::npos);
}

}  // namespace
}  // namespace plumbago::serverless
