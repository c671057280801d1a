#include "analysis/load.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <string>

#include "analysis/time_counts.h"

namespace plumbago::analysis {
namespace {

using model::Flow;
using model::InstanceId;
using model::Measure;
using model::Sample;

constexpr int64_t kMinute = 60'000'000'000;

void AddLoad(Load::State& state, Measure measure, uint32_t instance, uint32_t host, int64_t minute,
             double value, Flow flow = Flow::kNone) {
  Sample sample;
  sample.measure = measure;
  sample.instance = Id<InstanceId>(instance);
  sample.host = Id<InstanceId>(host);
  sample.time_ns = minute * kMinute;
  sample.value = value;
  sample.flow = flow;
  Load::Observe(state, sample, {});
}

std::optional<double> ValueOf(const document::Section& section, const std::string& name) {
  for (const document::Headline& headline : section.headline) {
    if (headline.name == name) return headline.value;
  }
  ADD_FAILURE() << name;
  return std::nullopt;
}

// Within each instance CPU follows the rate; instances that are called more have less CPU.
TEST(Load, CorrelationWithinAndPooled) {
  Load::State state;
  for (uint32_t instance = 1; instance <= 12; ++instance) {
    for (int64_t minute = 0; minute < 20; ++minute) {
      const double rate = 100.0 * instance + static_cast<double>(minute);
      AddLoad(state, Measure::kCallRate, instance, 0, minute, rate, Flow::kRpcIn);
      AddLoad(state, Measure::kCpu, instance, 100 + instance, minute,
              0.9 - 0.05 * instance + 0.001 * static_cast<double>(minute));
      AddLoad(state, Measure::kMemory, instance, 100 + instance, minute, 0.5);  // flat
    }
  }
  const document::Section section = Load::Conclude(state, {});
  EXPECT_NEAR(*ValueOf(section, "rate_cpu_within"), 1, 1e-6);
  EXPECT_FALSE(ValueOf(section, "rate_memory_within"));
  EXPECT_EQ(ValueOf(section, "instances"), 12);
  EXPECT_FALSE(ValueOf(section, "hosts"));  // no host has values of its own
  EXPECT_NEAR(*ValueOf(section, "memory_mean"), 0.5, 1e-9);
  ASSERT_EQ(section.tables.size(), 2u);
  const auto& row = section.tables[1].rows.at(0);
  EXPECT_NEAR(std::get<double>(row[1]), 1, 1e-6);
  EXPECT_LT(std::get<double>(row[4]), -0.9);  // pooled
  EXPECT_EQ(std::get<int64_t>(row[5]), 12);
}

// Rates come from traces where no table has them: calls that name the instance.
TEST(Load, RatesFromTraces) {
  Load::State state;
  for (int64_t minute = 0; minute < 20; ++minute) {
    AddLoad(state, Measure::kCpu, 7, 9, minute, 0.01 * static_cast<double>(minute % 5));
    std::vector<graph::TraceCall> calls(static_cast<size_t>(minute % 5));
    for (graph::TraceCall& call : calls) {
      call.callee_instance = Id<InstanceId>(7);
      call.server = {minute * kMinute + 1, 5};
    }
    graph::CallGraph graph;
    graph.calls = calls;
    graph.start_ns = minute * kMinute;
    Load::Observe(state, graph, {});
  }
  const document::Section section = Load::Conclude(state, {});
  EXPECT_NEAR(*ValueOf(section, "rate_cpu_within"), 1, 1e-6);
  EXPECT_NEAR(*ValueOf(section, "calls_per_minute"), 40.0 / 16, 1e-9);  // 16 minutes have calls
}

TEST(Load, WithoutCallsTheRateIsZero) {
  Load::State state;
  for (int64_t minute = 0; minute < 20; ++minute) {
    AddLoad(state, Measure::kCpu, 7, 9, minute, minute % 2 == 0 ? 0.1 : 0.2);
    if (minute % 2 == 0) continue;
    graph::TraceCall call;
    call.callee_instance = Id<InstanceId>(7);
    call.server = {minute * kMinute + 1, 5};
    graph::CallGraph graph;
    graph.calls = std::span(&call, 1);
    Load::Observe(state, graph, {});
  }
  const document::Section section = Load::Conclude(state, {});
  EXPECT_NEAR(ValueOf(section, "rate_cpu_within").value_or(0), 1, 1e-6);
}

TEST(TimeCounts, IsTheSameInAnyOrder) {
  for (uint32_t seed = 1; seed <= 30; ++seed) {
    std::mt19937_64 random(seed);
    const int64_t span = int64_t{1} << (random() % 40);
    std::vector<std::pair<int64_t, uint64_t>> added;
    for (size_t i = 0; i < 5000; ++i) {
      added.emplace_back(
          (static_cast<int64_t>(random() % static_cast<uint64_t>(span)) - span / 3) * 1'000'000,
          random() % 5);
    }
    TimeCounts whole;
    for (const auto& [time, count] : added) whole.Add(time, count);
    std::shuffle(added.begin(), added.end(), random);
    std::vector<TimeCounts> parts(4);
    for (const auto& [time, count] : added) parts[random() % 4].Add(time, count);
    while (parts.size() > 1) {
      parts[parts.size() - 2].Merge(parts.back());
      parts.pop_back();
    }
    EXPECT_EQ(parts[0].blocks(), whole.blocks());
    EXPECT_EQ(parts[0].block_ns(), whole.block_ns());
    EXPECT_LE(whole.blocks().size(), TimeCounts::kMost);
    uint64_t sum = 0, expected = 0;
    for (const auto& block : whole.blocks()) sum += block.count;
    for (const auto& [time, count] : added) expected += count;
    EXPECT_EQ(sum, expected);
    std::string saved, again;
    whole.Save(saved);
    statistics::StateReader in(saved);
    TimeCounts loaded;
    ASSERT_TRUE(loaded.Load(in));
    loaded.Save(again);
    EXPECT_EQ(again, saved);
  }
}

}  // namespace
}  // namespace plumbago::analysis
