#include "analysis/instance_load.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <map>
#include <random>
#include <tuple>
#include <vector>

namespace plumbago::analysis {
namespace {

using model::Flow;
using model::InstanceId;
using model::kNoInstance;
using model::Measure;
using model::Sample;

constexpr int64_t kSecond = 1'000'000'000;

Sample Make(Measure measure, uint32_t instance, uint32_t host, int64_t second, double value,
            Flow flow = Flow::kNone) {
  Sample sample;
  sample.measure = measure;
  sample.instance = Id<InstanceId>(instance);
  sample.host = Id<InstanceId>(host);
  sample.time_ns = second * kSecond;
  sample.value = value;
  sample.flow = flow;
  return sample;
}

struct Seen {
  std::map<uint32_t, InstanceLoad> instances;
  size_t hosts = 0;
  int passes = 0;
};

Seen Read(const LoadReader& reader) {
  Seen seen;
  LoadReader::Visitor visitor;
  visitor.begin = [&] { ++seen.passes; };
  visitor.host = [&](const LoadBin&) { ++seen.hosts; };
  visitor.visit = [&](const InstanceLoad& load) {
    InstanceLoad& into = seen.instances[Index(load.instance)];
    into.bins.insert(into.bins.end(), load.bins.begin(), load.bins.end());
    into.latencies = load.latencies;
    std::sort(into.bins.begin(), into.bins.end(),
              [](const LoadBin& a, const LoadBin& b) { return a.bin < b.bin; });
  };
  reader.Read(visitor);
  return seen;
}

TEST(InstanceLoad, JoinsTablesOfOneInterval) {
  LoadCells cells;
  for (int64_t minute = 0; minute < 3; ++minute) {
    const int64_t second = minute * 60 + 7;
    AddSample(cells, Make(Measure::kCpu, 5, 9, second, 0.25));
    AddSample(cells, Make(Measure::kMemory, 5, 9, second, 0.5));
    AddSample(cells, Make(Measure::kHostCpu, 0, 9, second, 0.75));
    AddSample(cells, Make(Measure::kCallRate, 5, 0, second, 3, Flow::kRpcIn));    // names no host
    AddSample(cells, Make(Measure::kCallRate, 5, 0, second, 4, Flow::kHttpIn));   // adds up
    AddSample(cells, Make(Measure::kCallRate, 5, 0, second, 4, Flow::kHttpIn));   // read twice
    AddSample(cells, Make(Measure::kCallRate, 5, 0, second, 99, Flow::kRpcOut));  // it makes them
    AddSample(cells, Make(Measure::kLatency, 5, 0, second, 2e6, Flow::kRpcIn));
  }
  const LoadReader reader(cells);
  EXPECT_EQ(reader.interval_ns(), 60 * kSecond);
  EXPECT_EQ(reader.instances(), 1u);
  EXPECT_EQ(reader.hosts(), 1u);
  EXPECT_TRUE(reader.names_hosts());
  const Seen seen = Read(reader);
  ASSERT_EQ(seen.instances.size(), 1u);
  const InstanceLoad& load = seen.instances.at(5);
  // Those of rate tables, which name no host, are told apart from the host's; the bin has both.
  ASSERT_EQ(load.bins.size(), 3u);
  EXPECT_EQ(load.bins[2].bin, 2);
  EXPECT_EQ(Index(load.bins[0].host), 9u);
  EXPECT_NEAR(load.bins[0].cpu, 0.25, 1e-9);
  EXPECT_NEAR(load.bins[0].memory, 0.5, 1e-9);
  EXPECT_NEAR(load.bins[0].host_cpu, 0.75, 1e-9);
  EXPECT_TRUE(std::isnan(load.bins[0].host_memory));
  EXPECT_NEAR(load.bins[0].rate, 7, 1e-9);
  ASSERT_EQ(load.latencies.size(), 3u);
  EXPECT_EQ(load.latencies[0].ns, 2e6);
}

TEST(InstanceLoad, TheIntervalIsTheWidestOfTheMeasures) {
  for (const bool host_is_wider : {true, false}) {
    LoadCells cells;
    for (int64_t i = 0; i < 40; ++i) {
      const bool both = i % 4 == 0;
      if (both || host_is_wider) AddSample(cells, Make(Measure::kCpu, 5, 9, i * 30, 0.25));
      if (both || !host_is_wider) AddSample(cells, Make(Measure::kHostCpu, 0, 9, i * 30, 0.5));
    }
    EXPECT_EQ(LoadReader(cells).interval_ns(), 120 * kSecond);
  }
  LoadCells one;
  AddSample(one, Make(Measure::kCpu, 5, 9, 0, 0.25));
  EXPECT_EQ(LoadReader(one).interval_ns(), 60 * kSecond);  // nothing tells
  EXPECT_EQ(LoadReader(LoadCells()).instances(), 0u);
}

TEST(InstanceLoad, TimesBeforeZeroAndFarAway) {
  EXPECT_EQ(SlotOf(-1), SlotOf(-kSlotNs));
  EXPECT_EQ(SlotOf(0), SlotOf(-1) + 1);
  LoadCells cells;
  for (const int64_t second : std::initializer_list<int64_t>{-60, 0, 60, 4'000'000'000}) {
    AddSample(cells, Make(Measure::kCpu, 5, 9, second, 0.25));
  }
  const Seen seen = Read(LoadReader(cells));
  const auto& bins = seen.instances.at(5).bins;
  ASSERT_EQ(bins.size(), 4u);
  EXPECT_EQ(bins[0].bin, -1);
  EXPECT_EQ(bins[1].bin, 0);
  EXPECT_EQ(bins[2].bin, 1);
  EXPECT_EQ(bins[3].bin, 4'000'000'000 / 60);
}

// Against a join by definition, in one pass and in many.
TEST(InstanceLoad, IsTheJoinByDefinition) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    std::mt19937 random(seed);
    LoadCells cells;
    using Key = std::tuple<uint32_t, int64_t>;  // instance or host, minute
    std::map<Key, double> cpu, host_cpu, rate;
    std::map<Key, uint32_t> host_of;
    for (uint32_t instance = 100; instance < 110; ++instance) {
      for (int64_t minute = 0; minute < 30; ++minute) {
        if (random() % 10 == 0) continue;
        const uint32_t moved = minute > 20 ? static_cast<uint32_t>(random() % 2) : 0;
        const uint32_t host = 1 + (instance + moved) % 5;
        const double value = static_cast<double>(random() % 1000) / 1024;
        AddSample(cells, Make(Measure::kCpu, instance, host, minute * 60 + 5, value));
        cpu[{instance, minute}] = value;
        host_of[{instance, minute}] = host;
        if (random() % 3 == 0) continue;
        const auto calls = static_cast<double>(random() % 100);
        AddSample(cells, Make(Measure::kCallRate, instance, 0, minute * 60 + 50, calls));
        rate[{instance, minute}] = calls;
      }
    }
    for (uint32_t host = 1; host <= 5; ++host) {
      for (int64_t minute = 0; minute < 30; ++minute) {
        if (random() % 10 == 0) continue;
        const double value = static_cast<double>(random() % 1000) / 1024;
        AddSample(cells, Make(Measure::kHostCpu, 0, host, minute * 60, value));
        host_cpu[{host, minute}] = value;
      }
    }
    for (const size_t host_bins : {LoadReader::kHostBins, size_t{1}, size_t{50}}) {
      const LoadReader reader(cells, host_bins);
      ASSERT_EQ(reader.interval_ns(), 60 * kSecond);
      const Seen seen = Read(reader);
      if (host_bins == 50) {
        EXPECT_GE(seen.passes, 3);
      } else {
        EXPECT_EQ(seen.passes, host_bins == 1 ? 5 : 1);
      }
      EXPECT_EQ(seen.hosts, host_cpu.size());
      size_t bins = 0;
      for (const auto& [instance, load] : seen.instances) {
        for (const LoadBin& bin : load.bins) {
          const Key key{instance, bin.bin};
          ++bins;
          ASSERT_EQ(host_of.count(key), 1u);
          ASSERT_EQ(Index(bin.host), host_of[key]);
          ASSERT_NEAR(bin.cpu, cpu[key], 1e-9);
          const auto host = host_cpu.find({host_of[key], bin.bin});
          ASSERT_EQ(std::isnan(bin.host_cpu), host == host_cpu.end());
          if (host != host_cpu.end()) {
            ASSERT_NEAR(bin.host_cpu, host->second, 1e-9);
          }
          const auto calls = rate.find(key);
          ASSERT_EQ(std::isnan(bin.rate), calls == rate.end());
          if (calls != rate.end()) {
            ASSERT_NEAR(bin.rate, calls->second, 1e-9);
          }
        }
      }
      ASSERT_EQ(bins, cpu.size());
    }
  }
}

}  // namespace
}  // namespace plumbago::analysis
