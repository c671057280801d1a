// Laws of policies that hold for any log: bounds hold for their kinds, more memory than needed is
// no bound, and nothing is counted twice.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "serverless/bounds.h"
#include "serverless/fixed_window.h"
#include "serverless/hybrid.h"
#include "serverless/learned_ages.h"
#include "serverless/memory_cache.h"
#include "serverless/testing/random_logs.h"

namespace plumbago::serverless {
namespace {

testing::Logs AnyLogs() {
  const auto seed = *rc::gen::arbitrary<uint32_t>();
  return testing::RandomLogs(seed, *rc::gen::inRange(1u, 12u), *rc::gen::inRange<size_t>(1, 8));
}

double Cost(const Outcome& outcome, double lambda) {
  return lambda * static_cast<double>(outcome.cold) + outcome.idle_seconds;
}

using Policies = std::vector<std::unique_ptr<Policy>>;

// `whole`: of whole minutes, one moment less.
void AddWindows(Policies& policies) {
  for (const double minutes : {1.0, 5.0, 20.0, 120.0})
    policies.push_back(std::make_unique<FixedWindow>("f", minutes * 60 - 1e-6));
}

Policies WithoutPrewarming() {
  Policies policies;
  AddWindows(policies);
  policies.push_back(std::make_unique<FixedWindow>("n", FixedWindow::kEndless));
  HybridOptions options;
  options.prewarm = false;
  policies.push_back(std::make_unique<Hybrid>("h", options));
  for (const CacheRule rule : {CacheRule::kLru, CacheRule::kGreedyDual})
    policies.push_back(std::make_unique<MemoryCache>("c", rule, int64_t{1} << 50));
  return policies;
}

TEST(Properties, B0IsUnderAll) {
  EXPECT_TRUE(rc::check([] {
    const testing::Logs logs = AnyLogs();
    const double lambda = *rc::gen::inRange(30, 5000);
    const auto b0 = Bound("b0", BoundKind::kB0, lambda).Replay(logs.apps, 1);
    Policies policies = WithoutPrewarming();
    policies.push_back(std::make_unique<Hybrid>("h", HybridOptions{}));
    policies.push_back(std::make_unique<LearnedAges>("o", lambda));
    for (const auto& policy : policies) {
      const auto outcomes = policy->Replay(logs.apps, 1);
      for (size_t i = 0; i < b0.size(); ++i)
        RC_ASSERT(Cost(outcomes[i], lambda) >= Cost(b0[i], lambda));
    }
  }));
}

// With what cold executions wait: these hold their instances longer.
TEST(Properties, B1IsUnderPoliciesWithoutPrewarming) {
  EXPECT_TRUE(rc::check([] {
    const testing::Logs logs = AnyLogs();
    const double lambda = *rc::gen::inRange(30, 5000);
    const auto b1 = Bound("b1", BoundKind::kB1, lambda).Replay(logs.apps, 1);
    for (const auto& policy : WithoutPrewarming()) {
      const auto outcomes = policy->Replay(logs.apps, 1);
      for (size_t i = 0; i < b1.size(); ++i) {
        RC_ASSERT(Cost(outcomes[i], lambda) + outcomes[i].wait_seconds >=
                  Cost(b1[i], lambda) - 1e-3);
      }
    }
  }));
}

TEST(Properties, B2IsUnderWindowsOfWholeMinutes) {
  EXPECT_TRUE(rc::check([] {
    testing::Logs logs = AnyLogs();
    for (AppArrivals& app : logs.apps) app.cold_us = 0;
    const double lambda = *rc::gen::inRange(30, 5000);
    const auto b2 = Bound("b2", BoundKind::kB2, lambda).Replay(logs.apps, 1);
    Policies windows;
    AddWindows(windows);
    for (const auto& policy : windows) {
      const auto outcomes = policy->Replay(logs.apps, 1);
      for (size_t i = 0; i < b2.size(); ++i) {
        RC_ASSERT(Cost(outcomes[i], lambda) >= Cost(b2[i], lambda) - 1e-2);
      }
    }
  }));
}

TEST(Properties, EveryInvocationIsOnceColdWarmOrDropped) {
  EXPECT_TRUE(rc::check([] {
    const testing::Logs logs = AnyLogs();
    const auto megabytes = *rc::gen::inRange<int64_t>(30, 3000);
    Policies policies = WithoutPrewarming();
    policies.push_back(std::make_unique<LearnedAges>("o", 600));
    policies.push_back(std::make_unique<MemoryCache>("c", CacheRule::kGreedyDual, megabytes << 20));
    for (const auto& policy : policies) {
      const auto outcomes = policy->Replay(logs.apps, 1);
      for (size_t i = 0; i < outcomes.size(); ++i) {
        const Outcome& one = outcomes[i];
        RC_ASSERT(one.invocations == logs.executions[i].size());
        RC_ASSERT(one.cold + one.dropped <= one.invocations);
        RC_ASSERT(one.cold + one.dropped > 0);
        RC_ASSERT(one.starts >= one.cold);
        RC_ASSERT(one.most_at_once <= one.invocations);
        RC_ASSERT(one.idle_seconds >= 0);
        // No place is idle for longer than the data last.
        RC_ASSERT(one.idle_seconds <=
                  static_cast<double>(one.invocations) * logs.apps[i].end + 1e-6);
        RC_ASSERT(one.wait_seconds ==
                  static_cast<double>(one.cold) * static_cast<double>(logs.apps[i].cold_us) / 1e6);
      }
    }
  }));
}

// Of instances of one size LRU holds a part of what it would hold with more memory, as long as none
// is at work.
TEST(Properties, LruWithMoreMemoryIsNeverColder) {
  EXPECT_TRUE(rc::check([] {
    testing::Logs logs = testing::LogsOfMinutes(*rc::gen::arbitrary<uint32_t>(), 6, 12, 5);
    for (AppArrivals& app : logs.apps) {
      app.executions = {};
      app.memory_mb = 100;
    }
    std::vector<uint64_t> before;
    for (int64_t instances = 1; instances <= 12; ++instances) {
      std::vector<uint64_t> cold;
      for (const Outcome& one :
           MemoryCache("c", CacheRule::kLru, instances * 100 << 20).Replay(logs.apps, 1))
        cold.push_back(one.cold);
      for (size_t i = 0; i < before.size(); ++i) RC_ASSERT(cold[i] <= before[i]);
      before = cold;
    }
  }));
}

}  // namespace
}  // namespace plumbago::serverless
