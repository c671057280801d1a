#include "engine/memory_plan.h"

#include <gtest/gtest.h>

#include "engine/partitions.h"

namespace plumbago::engine {
namespace {

constexpr uint64_t kM = 1u << 20;

TEST(ParseSize, TakesBytesAndPowersOf1024) {
  EXPECT_EQ(*ParseSize("64M"), 64 * kM);
  EXPECT_EQ(*ParseSize("64m"), 64 * kM);
  EXPECT_EQ(*ParseSize("64MB"), 64 * kM);
  EXPECT_EQ(*ParseSize("64MiB"), 64 * kM);
  EXPECT_EQ(*ParseSize("1.5G"), 1536 * kM);
  EXPECT_EQ(*ParseSize("2T"), 2 * kM * kM);
  EXPECT_EQ(*ParseSize("300000000"), 300'000'000u);
  EXPECT_EQ(*ParseSize("100000K"), 102'400'000u);
}

TEST(ParseSize, RefusesWhatIsNoSize) {
  for (const char* text : {"", "M", "64X", "64 M", "-64M", "64MM", "nan", "inf", "1e30", "64M64"}) {
    const auto size = ParseSize(text);
    ASSERT_FALSE(size) << text;
    EXPECT_EQ(size.error().kind, ErrorKind::kUsage);
  }
}

TEST(ParseSize, SaysHowLittleIsTooLittle) {
  for (const char* text : {"63M", "0", "64", "67108863"}) {
    const auto size = ParseSize(text);
    ASSERT_FALSE(size) << text;
    EXPECT_NE(size.error().message.find("at least 64M"), std::string::npos) << size.error().message;
  }
  EXPECT_TRUE(ParseSize("67108864"));
}

TEST(SizeText, ComesBack) {
  EXPECT_EQ(SizeText(64 * kM), "64M");
  EXPECT_EQ(SizeText(1536 * kM), "1.5G");
  EXPECT_EQ(*ParseSize(SizeText(128 * kM)), 128 * kM);
}

TEST(DefaultBudget, IsEnoughToWorkWith) { EXPECT_GE(DefaultBudget(), kLeastBudget); }

// Every part that is held at once, within the budget; the largest trace on top, within twice.
TEST(PlanMemory, SharesStayWithinTheBudget) {
  for (const uint64_t budget : {64 * kM, 100 * kM, 256 * kM, 4096 * kM, 100 * kM * 1024}) {
    for (const unsigned threads : {1u, 2u, 5u, 64u, 256u}) {
      const MemoryPlan plan = PlanMemory(budget, threads);
      SCOPED_TRACE(testing::Message() << budget << " bytes, " << threads << " threads");
      EXPECT_GE(plan.threads, 1u);
      EXPECT_LE(plan.threads, threads);
      const uint64_t groups = uint64_t{2} * plan.partition * plan.threads;
      EXPECT_LE(plan.resident_rows + plan.states + groups, budget);
      EXPECT_LE(plan.resident_rows + plan.states + groups + plan.largest_trace, budget * 7 / 4);
      const uint64_t reading = uint64_t{plan.block_bytes} * plan.threads + plan.ahead_bytes;
      EXPECT_LE(plan.resident_rows + reading, budget);
      // Chunks that are being filled leave room for full ones.
      EXPECT_LE(kPartitions * plan.chunk_bytes * plan.threads, plan.resident_rows / 2);
      EXPECT_GE(plan.chunk_bytes, 4096u);
      EXPECT_LE(plan.partition, uint64_t{UINT32_MAX});
    }
  }
}

TEST(PlanMemory, WhatIsInTheAnswerDoesNotDependOnThreads) {
  for (const uint64_t budget : {64 * kM, 1024 * kM}) {
    EXPECT_EQ(PlanMemory(budget, 1).largest_trace, PlanMemory(budget, 64).largest_trace);
  }
}

}  // namespace
}  // namespace plumbago::engine
