#include "analysis/edge_times.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "analysis/made_trace.h"

namespace plumbago::analysis {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

std::string Saved(const TimeBlocks& times) {
  std::string bytes;
  times.Save(bytes);
  return bytes;
}

int64_t Floor(int64_t value, int64_t by) {
  int64_t quotient = value / by;
  while (quotient * by > value) --quotient;
  return quotient;
}

// The smallest k with which the calls fall into at most 32 blocks of 5 s x 2^k, by trying each.
uint8_t LevelByTrying(const std::vector<int64_t>& starts) {
  for (uint8_t level = 0;; ++level) {
    std::set<int64_t> blocks;
    for (const int64_t start : starts)
      blocks.insert(Floor(Floor(start, 5 * kSecond), 1LL << level));
    if (blocks.size() <= 32) return level;
  }
}

TEST(TimeBlocks, AreFineWhileTheyAreFew) {
  TimeBlocks times;
  for (int64_t i = 0; i < 32; ++i) times.Add(i * 5 * kSecond + kSecond, 1000 * i, i % 2 == 0);
  EXPECT_EQ(times.level(), 0);
  EXPECT_EQ(times.blocks().size(), 32u);
  EXPECT_EQ(times.blocks()[3].index, 3);
  EXPECT_EQ(times.blocks()[3].errors, 0u);
  EXPECT_EQ(times.blocks()[4].errors, 1u);
  times.Add(32 * 5 * kSecond, 1, false);
  EXPECT_EQ(times.level(), 1);
  EXPECT_EQ(times.block_seconds(), 10);
  EXPECT_EQ(times.blocks().size(), 17u);
  EXPECT_EQ(times.blocks()[0].calls, 2u);
  EXPECT_EQ(times.blocks()[16].calls, 1u);
}

TEST(TimeBlocks, AreAlignedBeforeTimeZeroToo) {
  TimeBlocks times;
  times.Add(-1, 1, false);
  times.Add(0, 1, false);
  times.Add(-5 * kSecond, 1, false);
  ASSERT_EQ(times.blocks().size(), 2u);
  EXPECT_EQ(times.blocks()[0].index, -1);
  EXPECT_EQ(times.blocks()[0].calls, 2u);
}

TEST(TimeBlocks, AreTheSameInAnyOrderOfAddingAndMerging) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 200; ++round) {
    const int64_t spread = int64_t{1} << random() % 60;
    std::vector<int64_t> starts(1 + random() % 120);
    for (int64_t& start : starts) {
      start = static_cast<int64_t>(random() % static_cast<uint64_t>(spread)) - spread / 3;
    }
    const auto add = [](TimeBlocks& times, int64_t start) {
      times.Add(start, start & 0xFFFFFF, start % 3 == 0);
    };
    TimeBlocks whole;
    for (const int64_t start : starts) add(whole, start);
    EXPECT_EQ(whole.level(), LevelByTrying(starts));
    std::map<int64_t, uint64_t> calls;
    for (const int64_t start : starts) {
      ++calls[Floor(Floor(start, 5 * kSecond), 1LL << whole.level())];
    }
    std::map<int64_t, uint64_t> found;
    for (const TimeBlocks::Block& block : whole.blocks()) {
      found[block.index] = block.calls;
      EXPECT_EQ(block.latency_ns.count(), block.calls);
    }
    EXPECT_EQ(found, calls);

    std::shuffle(starts.begin(), starts.end(), random);
    std::vector<TimeBlocks> parts(1 + random() % 5);
    for (const int64_t start : starts) add(parts[random() % parts.size()], start);
    while (parts.size() > 1) {
      std::shuffle(parts.begin(), parts.end(), random);
      parts[0].Merge(parts.back());
      parts.pop_back();
    }
    EXPECT_EQ(Saved(parts[0]), Saved(whole));
  }
}

TEST(TimeBlocks, HoldTheEndsOfTime) {
  TimeBlocks times;
  times.Add(INT64_MAX, 1, false);
  times.Add(INT64_MIN + 1, 1, true);
  for (int64_t i = 0; i < 60; ++i) times.Add(i << 56, 1, false);
  EXPECT_LE(times.blocks().size(), TimeBlocks::kMost);
  const std::string bytes = Saved(times);
  TimeBlocks loaded;
  statistics::StateReader in(bytes);
  ASSERT_TRUE(loaded.Load(in));
  EXPECT_EQ(Saved(loaded), bytes);
}

TEST(TimeBlocks, RefuseWhatTheyDidNotWrite) {
  TimeBlocks times;
  for (int64_t i = 0; i < 40; ++i) times.Add(i * 7 * kSecond, i, i % 5 == 0);
  const std::string bytes = Saved(times);
  for (size_t size = 0; size < bytes.size(); ++size) {
    statistics::StateReader in(std::string_view(bytes).substr(0, size));
    TimeBlocks loaded;
    EXPECT_FALSE(loaded.Load(in)) << size;
  }
  std::string high = bytes;
  high[0] = TimeBlocks::kLevels + 1;
  statistics::StateReader in(high);
  TimeBlocks loaded;
  EXPECT_FALSE(loaded.Load(in));
}

TEST(EdgeTimes, KeepsCallsByEdge) {
  model::Names names;
  MadeTrace trace(names, 1);
  trace.Call(graph::kNone, "", "gate", model::Kind::kHttp)
      .Call(0, "gate", "cart")
      .Call(0, "gate", "cart")
      .Call(1, "cart", "redis", model::Kind::kCache);
  EdgeTimes::State state;
  EdgeTimes::Observe(state, trace.Graph(), {});
  state.edges.Freeze();
  EXPECT_TRUE(state.edges.runs().empty()) << "no call has a time";
  const auto at = [&](int64_t start) {
    graph::CallGraph graph = trace.Graph();
    std::vector<graph::TraceCall> calls(graph.calls.begin(), graph.calls.end());
    for (graph::TraceCall& call : calls) call.client = {start, 5};
    calls[1].status = model::Status::kError;
    graph.calls = calls;
    EdgeTimes::Observe(state, graph, {});
  };
  at(0);
  at(100 * kSecond);
  size_t edges = 0;
  state.edges.Freeze();
  state.edges.runs().ForEach([&](const EdgeTimes::Record& record) {
    ++edges;
    ASSERT_EQ(record.times.blocks().size(), 2u);
    const bool cart = names.Text(record.callee) == "cart";
    EXPECT_EQ(record.times.blocks()[1].index, 20);
    EXPECT_EQ(record.times.blocks()[1].calls, cart ? 2u : 1u);
    EXPECT_EQ(record.times.blocks()[1].errors, cart ? 1u : 0u);
  });
  EXPECT_EQ(edges, 3u);
}

}  // namespace
}  // namespace plumbago::analysis
