#include "analysis/interference.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "analysis/cpu_over_memory.h"
#include "analysis/load_response.h"
#include "statistics/normal.h"
#include "statistics/random.h"

namespace plumbago::analysis {
namespace {

using document::Verdict;
using model::Flow;
using model::InstanceId;
using model::Measure;
using model::Sample;
using statistics::NormalQuantile;

constexpr int64_t kMinute = 60'000'000'000;

void AddLoad(Interference::State& state, Measure measure, uint32_t instance, uint32_t host,
             int64_t minute, double value, Flow flow = Flow::kNone) {
  Sample sample;
  sample.measure = measure;
  sample.instance = Id<InstanceId>(instance);
  sample.host = Id<InstanceId>(host);
  sample.time_ns = minute * kMinute;
  sample.value = value;
  sample.flow = flow;
  Interference::Observe(state, sample, {});
}

void AddCall(Interference::State& state, uint32_t instance, uint32_t operation, int64_t time_ns,
             int64_t self_ns, const Facts& facts = {}) {
  graph::TraceCall call;
  call.callee_instance = Id<InstanceId>(instance);
  call.operation = Id<model::OperationId>(operation);
  call.server = {time_ns, self_ns};
  call.self_ns = self_ns;
  graph::CallGraph graph;
  graph.calls = std::span(&call, 1);
  Interference::Observe(state, graph, facts);
}

struct Plan {
  double cpu = 0.8;  // relative change of own time for all of the host's CPU
  double memory = 0;
  double memory_deviation = 0.03;
  uint32_t hosts = 16;
};

// Hosts whose load differs, instances on busier ones that are faster by far (so that pooling says
// the opposite), a call rate that moves with the load and costs time itself.
Interference::State Planted(uint64_t seed, const Plan& plan) {
  statistics::Random random(seed);
  const auto gauss = [&] { return NormalQuantile(random.Unit()); };
  Interference::State state;
  for (uint32_t host = 1; host <= plan.hosts; ++host) {
    const double level = 0.2 + 0.5 * random.Unit();
    std::vector<double> bases;
    for (int i = 0; i < 4; ++i) bases.push_back(1e7 * std::exp(-2 * level + 0.2 * gauss()));
    for (int64_t minute = 0; minute < 120; ++minute) {
      const double cpu = std::clamp(level + 0.06 * gauss(), 0.0, 1.0);
      const double memory = 0.5 + plan.memory_deviation * gauss();
      AddLoad(state, Measure::kHostCpu, 0, host, minute, cpu);
      AddLoad(state, Measure::kHostMemory, 0, host, minute, memory);
      const double shared = 0.05 * gauss();
      for (uint32_t i = 0; i < 2; ++i) {
        const uint32_t instance = 1000 + host * 10 + i;
        const double rate = 10 + 20 * cpu + gauss();
        AddLoad(state, Measure::kCpu, instance, host, minute, 0.02 * rate);
        AddLoad(state, Measure::kCallRate, instance, 0, minute, rate, Flow::kRpcIn);
        for (uint32_t operation = 1; operation <= 2; ++operation) {
          const double relative = 1 + plan.cpu * (cpu - level) + plan.memory * (memory - 0.5) +
                                  0.01 * (rate - 20) + shared;
          for (int call = 0; call < 2; ++call) {
            const double ns = bases[i * 2 + operation - 1] * (relative + 0.2 * gauss());
            AddCall(state, instance, operation, minute * kMinute + call * 1000,
                    std::max<int64_t>(0, std::llround(ns)));
          }
        }
      }
    }
  }
  return state;
}

TEST(Interference, FindsThePlantedEffectAgainstThePooledFigure) {
  const LoadResponse response = JoinLoad(Planted(1, {}));
  EXPECT_EQ(response.interval_ns, kMinute);
  EXPECT_TRUE(response.hosts_named);
  EXPECT_EQ(response.Best(), Outcome::kOwnTime);
  const auto& cpu = response.Of(Outcome::kOwnTime, Predictor::kHostCpu).regression;
  EXPECT_EQ(cpu.clusters(), 16u);
  EXPECT_EQ(cpu.groups(), 16u * 2 * 2 * 2);  // hosts, instances, operations, hours
  EXPECT_EQ(cpu.units(), cpu.groups() * 60);
  EXPECT_LT(*cpu.PooledCorrelation(), -0.3);
  EXPECT_GT(*cpu.WithinCorrelation(), 0.05);
  EXPECT_NEAR(*cpu.WithinDeviation(), 0.06, 0.005);
  const auto interval = cpu.Interval();
  ASSERT_TRUE(interval);
  EXPECT_LE(interval->low, 0.8);
  EXPECT_GE(interval->high, 0.8);
  EXPECT_GT(interval->low, 0.2);
}

// What an instance's own CPU does is not put down to its host, which is busy with it.
TEST(Interference, TheHostIsAdjustedForOwnCpu) {
  statistics::Random random(2);
  Interference::State state;
  for (uint32_t host = 1; host <= 8; ++host) {
    for (int64_t minute = 0; minute < 60; ++minute) {
      const double own = 0.3 * random.Unit();
      AddLoad(state, Measure::kHostCpu, 0, host, minute, 0.3 + own + 0.1 * random.Unit());
      AddLoad(state, Measure::kCpu, 1000 + host, host, minute, own);
      AddCall(state, 1000 + host, 1, minute * kMinute, std::llround(1e7 * (1 + own)));
    }
  }
  const LoadResponse response = JoinLoad(state);
  EXPECT_NEAR(*response.Of(Outcome::kOwnTime, Predictor::kHostCpu).regression.Slope(), 0, 0.01);
}

// A 95 % interval holds the truth in 88 to 100 % of the seeds, also where there is no effect.
TEST(Interference, CoverageOfTheInterval) {
  for (const double effect : {0.0, 0.8}) {
    int held = 0;
    for (uint64_t seed = 1; seed <= 50; ++seed) {
      Plan plan;
      plan.cpu = effect;
      const LoadResponse response = JoinLoad(Planted(seed, plan));
      const auto interval =
          response.Of(Outcome::kOwnTime, Predictor::kHostCpu).regression.Interval();
      ASSERT_TRUE(interval);
      held += interval->low <= effect && effect <= interval->high;
    }
    EXPECT_GE(held, 44) << effect;
  }
}

TEST(Interference, Verdicts) {
  int supported = 0, contradicted = 0, none = 0;
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    supported += CpuOverMemory(JoinLoad(Planted(seed, {}))).verdict == Verdict::kSupported;
    contradicted += CpuOverMemory(JoinLoad(Planted(seed, {.cpu = 0, .memory = 1.5}))).verdict ==
                    Verdict::kContradicted;
    none += CpuOverMemory(JoinLoad(Planted(seed, {.cpu = 0}))).verdict != Verdict::kSupported;
  }
  EXPECT_GE(supported, 7);
  EXPECT_GE(contradicted, 9);
  EXPECT_GE(none, 9);
}

TEST(Interference, WhatDoesNotVaryIsNotTested) {
  Plan plan;
  plan.memory_deviation = 0.005;
  const LoadResponse response = JoinLoad(Planted(2, plan));
  EXPECT_TRUE(response.Of(Outcome::kOwnTime, Predictor::kHostCpu).tested());
  EXPECT_FALSE(response.Of(Outcome::kOwnTime, Predictor::kHostMemory).tested());
  const document::Finding finding = CpuOverMemory(response);
  EXPECT_EQ(finding.verdict, Verdict::kCannotSay);
  EXPECT_NE(finding.reason.find("memory of the host was not tested: within an instance, operation "
                                "and hour it varies by 0.5"),
            std::string::npos)
      << finding.reason;
  EXPECT_FALSE(finding.effect.value);
}

TEST(Interference, FewHostsAndNone) {
  Plan plan;
  plan.hosts = 7;
  EXPECT_NE(CpuOverMemory(JoinLoad(Planted(2, plan))).reason.find("known of 7 hosts"),
            std::string::npos);
  const document::Finding finding = CpuOverMemory(JoinLoad({}));
  EXPECT_EQ(finding.verdict, Verdict::kCannotSay);
  EXPECT_EQ(finding.reason,
            "CPU of the host and calls are not known of the same instances and intervals");
}

// Values of a host that has no name come with the instance; which instances share it is not known.
TEST(Interference, HostsWithoutNames) {
  Interference::State state;
  statistics::Random random(4);
  for (uint32_t instance = 1; instance <= 12; ++instance) {
    for (int64_t minute = 0; minute < 60; ++minute) {
      const double cpu = random.Unit();
      AddLoad(state, Measure::kHostCpu, instance, 0, minute, cpu);
      AddLoad(state, Measure::kHostMemory, instance, 0, minute, random.Unit());
      AddCall(state, instance, 1, minute * kMinute, std::llround(1e6 * (1 + cpu)));
    }
  }
  const LoadResponse response = JoinLoad(state);
  EXPECT_FALSE(response.hosts_named);
  EXPECT_NEAR(*response.Of(Outcome::kOwnTime, Predictor::kHostCpu).regression.Slope(), 1 / 1.5,
              0.05);
  EXPECT_EQ(response.Of(Outcome::kOwnTime, Predictor::kHostCpu).regression.clusters(), 12u);
  const document::Finding finding = CpuOverMemory(response);
  EXPECT_EQ(finding.verdict, Verdict::kCannotSay);
  EXPECT_NE(finding.reason.find("hosts have no names"), std::string::npos);
}

// From rate tables alone: instances that call others are left out, as are those of which no table
// says whether they do.
TEST(Interference, ResponseTimesOfLeavesOnly) {
  Interference::State state;
  for (uint32_t instance = 1; instance <= 30; ++instance) {
    for (int64_t minute = 0; minute < 60; ++minute) {
      const double cpu = 0.2 + 0.01 * static_cast<double>((minute * 7 + instance * 3) % 50);
      AddLoad(state, Measure::kCpu, instance, 100 + instance, minute, 0.1);
      AddLoad(state, Measure::kHostCpu, 0, 100 + instance, minute, cpu);
      AddLoad(state, Measure::kLatency, instance, 0, minute, 1e6 * (1 + cpu), Flow::kRpcIn);
      if (instance <= 10) AddLoad(state, Measure::kCallRate, instance, 0, minute, 0, Flow::kRpcOut);
      if (instance > 20) {
        AddLoad(state, Measure::kCallRate, instance, 0, minute, minute % 2 == 0 ? 0.0 : 1.0,
                Flow::kCacheRead);
      }
    }
  }
  const LoadResponse response = JoinLoad(state);
  EXPECT_EQ(response.Best(), Outcome::kLeafResponse);
  EXPECT_EQ(response.Of(Outcome::kLeafResponse, Predictor::kHostCpu).regression.groups(), 10u);
  EXPECT_EQ(response.Of(Outcome::kAnyResponse, Predictor::kHostCpu).regression.groups(), 30u);
  EXPECT_NEAR(
      *response.Of(Outcome::kLeafResponse, Predictor::kHostCpu).regression.WithinCorrelation(), 1,
      1e-4);
}

TEST(Interference, GraphsCostNothingWithoutSamples) {
  Interference::State state;
  Facts facts;
  facts.join_samples = false;
  AddCall(state, 1, 1, 0, 5, facts);
  EXPECT_EQ(state.served.allocated(), Interference::State().served.allocated());
  AddCall(state, 1, 1, 0, 5);
  EXPECT_GT(state.served.allocated(), Interference::State().served.allocated());
}

TEST(Interference, SectionHasTableCurveAndFinding) {
  const Interference::State state = Planted(1, {});
  const document::Section section = Interference::Conclude(state, {});
  ASSERT_EQ(section.findings.size(), 1u);
  ASSERT_EQ(section.tables.size(), 2u);
  ASSERT_EQ(section.figures.size(), 1u);
  for (const document::Table& table : section.tables) {
    for (const auto& row : table.rows) EXPECT_EQ(row.size(), table.columns.size());
  }
  // Within: rises from bin to bin with the effect; pooled: falls.
  const auto& within = section.figures[0].series[0].points;
  const auto& pooled = section.figures[0].series[1].points;
  ASSERT_GE(within.size(), 4u);
  EXPECT_EQ(within.front().y, 1);
  EXPECT_GT(within[within.size() - 2].y, 1.1);
  EXPECT_LT(pooled[pooled.size() - 2].y, 0.9);
  Facts headline;
  headline.headline_only = true;
  const document::Section small = Interference::Conclude(state, headline);
  ASSERT_EQ(small.headline.size(), 2u);
  EXPECT_EQ(small.headline[0].value, section.headline[0].value);
}

}  // namespace
}  // namespace plumbago::analysis
