#include "analysis/could_be_parallel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "analysis/timed_trace.h"
#include "base/strong_id.h"

namespace plumbago::analysis {
namespace {

using document::Verdict;
using graph::kNone;

Facts FactsOf(const model::Names& names, int64_t tick_ns = 1'000'000) {
  Facts facts;
  facts.names = &names;
  facts.tick_ns = tick_ns;
  return facts;
}

struct Times {
  int64_t start_ms, duration_ms;
};

// A gate that calls two services, `times` times.
void Observe(CouldBeParallel::State& state, model::Names& names, Times a, Times b, int times,
             uint64_t first_id = 1) {
  for (int i = 0; i < times; ++i) {
    TimedTrace trace(names, (first_id + static_cast<uint64_t>(i)) * 0x9E3779B97F4A7C15ull);
    const uint32_t gate = trace.Call(kNone, "gate", "buy", 0, 1'000'000);
    trace.Call(gate, "cart", "get", a.start_ms * 1000, a.duration_ms * 1000);
    trace.Call(gate, "user", "get", b.start_ms * 1000, b.duration_ms * 1000);
    CouldBeParallel::Observe(state, trace.Graph(), FactsOf(names));
  }
}

std::vector<CouldBeParallel::Pair> Pairs(const CouldBeParallel::State& state) {
  std::vector<CouldBeParallel::Pair> pairs;
  state.pairs.ForEach([&](const CouldBeParallel::Pair& pair) { pairs.push_back(pair); });
  return pairs;
}

TEST(CouldBeParallel, BothOrdersTwentyTimesRefuteThatOneWaits) {
  model::Names names;
  CouldBeParallel::State state;
  Observe(state, names, {0, 10}, {20, 30}, 50);
  Observe(state, names, {40, 10}, {0, 30}, 19, 100);
  EXPECT_FALSE(Pairs(state).at(0).Independent());
  EXPECT_EQ(CouldBeParallel::Conclude(state, FactsOf(names)).findings.at(0).verdict,
            Verdict::kCannotSay);
  Observe(state, names, {40, 10}, {0, 30}, 1, 200);
  const auto pair = Pairs(state).at(0);
  EXPECT_TRUE(pair.Independent());
  EXPECT_EQ(pair.saving, 70u);
  EXPECT_EQ(pair.saved_us.Total(), 70u * 10'000);  // the shorter one of each
  const auto section = CouldBeParallel::Conclude(state, FactsOf(names));
  const document::Finding& finding = section.findings.at(0);
  EXPECT_EQ(finding.verdict, Verdict::kSupported);
  EXPECT_EQ(finding.saves_ns, 700e6);
  EXPECT_EQ(finding.examples.size(), 3u);
  EXPECT_NE(finding.claim.find("gate (buy) calls cart and user"), std::string::npos)
      << finding.claim;
}

TEST(CouldBeParallel, OverlapsRefuteBothDirections) {
  model::Names names;
  CouldBeParallel::State state;
  Observe(state, names, {0, 10}, {5, 30}, 20);  // both at once
  EXPECT_TRUE(Pairs(state).at(0).Independent());
  EXPECT_EQ(Pairs(state).at(0).saving, 0u);          // already saved
  Observe(state, names, {0, 10}, {9, 30}, 50, 100);  // 1 ms: within a tick, in order
  EXPECT_EQ(Pairs(state).at(0).overlaps, 20u);
  EXPECT_EQ(Pairs(state).at(0).saved_us.Total(), 50u * 9'000);  // less what may have overlapped
}

TEST(CouldBeParallel, WithinATickNothingIsKnown) {
  model::Names names;
  CouldBeParallel::State state;
  Observe(state, names, {0, 0}, {1, 30}, 50);
  Observe(state, names, {1, 1}, {0, 1}, 50, 100);
  EXPECT_TRUE(Pairs(state).empty());
  EXPECT_EQ(state.undecided, 100u);
}

TEST(CouldBeParallel, WhatMayFeedTheNextSaysNothing) {
  model::Names names;
  CouldBeParallel::State state;
  TimedTrace trace(names, 7);  // cart, user, cart; messages; a host of its own
  const uint32_t gate = trace.Call(kNone, "gate", "buy", 0, 900'000);
  trace.Call(gate, "cart", "get", 0, 10'000);
  trace.Call(gate, "user", "get", 20'000, 10'000);
  trace.Call(gate, "cart", "get", 40'000, 10'000);
  trace.Call(gate, "mail", "send", 60'000, 10'000, model::Kind::kMessage);
  trace[trace.Call(gate, "far", "get", 80'000, 10'000)].caller_instance = Id<model::InstanceId>(5);
  CouldBeParallel::Observe(state, trace.Graph(), FactsOf(names));
  EXPECT_EQ(Pairs(state).at(0).split, 2u);
  EXPECT_EQ(Pairs(state).size(), 1u);
  EXPECT_EQ(state.neighbours, 0u);
  EXPECT_EQ(state.asynchronous, 1u);
}

TEST(CouldBeParallel, NothingIsSavedWhereSomethingElseRan) {
  model::Names names;
  CouldBeParallel::State state;
  TimedTrace trace(names, 7);
  const uint32_t gate = trace.Call(kNone, "gate", "buy", 0, 900'000);
  trace.Call(gate, "long", "get", 0, 500'000);
  trace.Call(gate, "cart", "get", 100'000, 10'000);
  trace.Call(gate, "user", "get", 120'000, 10'000);
  CouldBeParallel::Observe(state, trace.Graph(), FactsOf(names));
  ASSERT_EQ(Pairs(state).size(), 2u);
  for (const auto& pair : Pairs(state)) EXPECT_EQ(pair.saving, 0u);
}

// A service that could run beside each of two others is counted once in the total.
TEST(CouldBeParallel, NoCallIsCountedTwice) {
  model::Names names;
  CouldBeParallel::State state;
  for (uint64_t i = 0; i < 60; ++i) {
    TimedTrace trace(names, i * 0x9E3779B97F4A7C15ull);
    const uint32_t gate = trace.Call(kNone, "gate", "buy", 0, 900'000);
    const bool turned = i % 2 == 1;
    trace.Call(gate, turned ? "c" : "a", "get", 0, turned ? 30'000 : 10'000);
    trace.Call(gate, "b", "get", 100'000, 20'000);
    trace.Call(gate, turned ? "a" : "c", "get", 200'000, turned ? 10'000 : 30'000);
    CouldBeParallel::Observe(state, trace.Graph(), FactsOf(names));
  }
  const auto section = CouldBeParallel::Conclude(state, FactsOf(names));
  EXPECT_EQ(section.headline.at(0).value, 2);          // a b, b c
  EXPECT_EQ(section.headline.at(1).value, 60 * 20e6);  // b beside c only
  EXPECT_EQ(section.findings.size(), 1u);
}

// A service that is used in two places, one of them left out now and then, is seen in both orders.
TEST(CouldBeParallel, TwoPlacesAreNoTwoOrders) {
  model::Names names;
  CouldBeParallel::State state;
  for (uint64_t i = 0; i < 300; ++i) {
    TimedTrace trace(names, i * 0x9E3779B97F4A7C15ull);
    const uint32_t gate = trace.Call(kNone, "gate", "buy", 0, 900'000);
    if (i % 3 != 0) trace.Call(gate, "cart", "get", 0, 10'000);
    trace.Call(gate, "user", "get", 20'000, 10'000);
    if (i % 3 != 1) trace.Call(gate, "cart", "put", 40'000, 10'000);
    CouldBeParallel::Observe(state, trace.Graph(), FactsOf(names));
  }
  EXPECT_EQ(Pairs(state).at(0).a_first, 100u);
  EXPECT_EQ(Pairs(state).at(0).b_first, 100u);
  EXPECT_FALSE(Pairs(state).at(0).Independent());
}

// By definition, on random traces: every caller's calls as a list, its runs of one service.
TEST(CouldBeParallel, AgreesWithTheDefinition) {
  std::mt19937_64 random(3);
  const auto below = [&](uint64_t n) { return static_cast<int64_t>(random() % n); };
  using Key = std::array<uint32_t, 4>;
  struct Sums {
    uint64_t a_first = 0, b_first = 0, overlaps = 0, split = 0, saved_us = 0;
    bool operator==(const Sums&) const = default;
  };
  constexpr int64_t kTick = 1'000'000;
  model::Names names;
  for (int i = 0; i < 8; ++i) names.Service(std::string(1, static_cast<char>('a' + i)));
  CouldBeParallel::State state;
  std::map<Key, Sums> expected;
  for (uint64_t t = 0; t < 2000; ++t) {
    TimedTrace trace(names, random());
    trace.Call(kNone, "a", "op0", 0, 200'000);
    std::vector<uint32_t> way{0};
    for (int64_t i = below(12); i > 0; --i) {
      while (way.size() > 1 && below(2) == 0) way.pop_back();
      const auto kind = below(9) == 0 ? model::Kind::kMessage : model::Kind::kRpc;
      const uint32_t call =
          trace.Call(way.back(), std::string(1, static_cast<char>('a' + below(8))),
                     "op" + std::to_string(below(2)), below(30) * 1000, below(12) * 1000, kind);
      trace[call].caller_instance = Id<model::InstanceId>(below(10) == 0 ? 1 : 0);
      way.push_back(call);
    }
    const graph::CallGraph& graph = trace.Graph();
    CouldBeParallel::Observe(state, graph, FactsOf(names));
    for (uint32_t c = 0; c < graph.calls.size(); ++c) {
      std::vector<const graph::TraceCall*> mine;
      for (const graph::TraceCall& call : graph.calls) {
        if (call.parent == c && call.kind != model::Kind::kMessage) mine.push_back(&call);
      }
      std::stable_sort(mine.begin(), mine.end(), [](const auto* x, const auto* y) {
        return x->client.start_ns < y->client.start_ns;
      });
      std::vector<std::vector<const graph::TraceCall*>> runs;
      for (const auto* call : mine) {
        if (runs.empty() || runs.back().front()->callee != call->callee ||
            runs.back().front()->caller_instance != call->caller_instance) {
          runs.emplace_back();
        }
        runs.back().push_back(call);
      }
      const auto start = [](const auto& run) { return run.front()->client.start_ns; };
      const auto end = [](const auto& run) {
        int64_t latest = 0;
        for (const auto* call : run) latest = std::max(latest, call->client.end_ns());
        return latest;
      };
      const auto runs_of = [&](model::ServiceId service) {
        return std::count_if(runs.begin(), runs.end(),
                             [&](const auto& run) { return run.front()->callee == service; });
      };
      for (size_t j = 0; j + 1 < runs.size(); ++j) {
        const auto& x = runs[j];
        const auto& y = runs[j + 1];
        const model::ServiceId of_x = x.front()->callee;
        const model::ServiceId of_y = y.front()->callee;
        if (of_x == of_y || x.front()->caller_instance != y.front()->caller_instance) continue;
        Sums& sums = expected[{Index(graph.calls[c].callee), Index(graph.calls[c].operation),
                               Index(std::min(of_x, of_y)), Index(std::max(of_x, of_y))}];
        if (runs_of(of_x) != 1 || runs_of(of_y) != 1) {
          ++sums.split;
          continue;
        }
        const int64_t both = std::min(end(x) - start(y), end(y) - start(x));
        Sums one;
        if (both > kTick) {
          if (x.size() != 1 || y.size() != 1) continue;
          one.overlaps = 1;
        } else {
          if (start(y) - start(x) <= kTick) continue;
          (of_x < of_y ? one.a_first : one.b_first) = 1;
          bool alone = true;
          for (size_t other = 0; other < runs.size(); ++other) {
            if (other < j && end(runs[other]) > start(x) + kTick) alone = false;
            if (other > j + 1 && start(runs[other]) < end(y) - kTick) alone = false;
          }
          const int64_t saved =
              std::min(end(x) - start(x), end(y) - start(y)) - std::max<int64_t>(0, both);
          if (alone && saved > 0) one.saved_us = static_cast<uint64_t>(saved) / 1000;
        }
        sums.a_first += one.a_first;
        sums.b_first += one.b_first;
        sums.overlaps += one.overlaps;
        sums.saved_us += one.saved_us;
      }
    }
  }
  std::erase_if(expected, [](const auto& one) { return one.second == Sums{}; });
  std::map<Key, Sums> counted;
  for (const auto& pair : Pairs(state)) {
    counted[pair.key()] = {pair.a_first, pair.b_first, pair.overlaps, pair.split,
                           pair.saved_us.Total()};
  }
  EXPECT_GT(expected.size(), 100u);
  EXPECT_EQ(counted, expected);
}

// What is planted: two independent callees with exponential times; dependent ones beside them.
TEST(CouldBeParallel, IntervalHoldsThePlantedTruth) {
  int held = 0, told = 0;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    std::mt19937_64 random(seed);
    model::Names names;
    CouldBeParallel::State state;
    std::exponential_distribution<double> slow(1 / 20e3), fast(1 / 5e3);  // us
    for (int t = 0; t < 600; ++t) {
      TimedTrace trace(names, random());
      const uint32_t gate = trace.Call(kNone, "gate", "buy", 0, 900'000);
      const bool turned = random() % 2 == 1;
      const auto first = static_cast<int64_t>(turned ? fast(random) : slow(random));
      const auto second = static_cast<int64_t>(turned ? slow(random) : fast(random));
      trace.Call(gate, turned ? "user" : "cart", "get", 10, first);
      trace.Call(gate, turned ? "cart" : "user", "get", 20 + first, second);
      const uint32_t other = trace.Call(kNone, "shop", "list", 0, 900'000);
      trace.Call(other, "auth", "check", 0, 5'000);  // always first
      trace.Call(other, "stock", "get", 10'000, 5'000);
      CouldBeParallel::Observe(state, trace.Graph(), FactsOf(names, 1000));
    }
    const auto section = CouldBeParallel::Conclude(state, FactsOf(names, 1000));
    ASSERT_EQ(section.findings.size(), 1u);  // nothing about what is not independent
    const document::Finding& finding = section.findings[0];
    told += finding.verdict == Verdict::kSupported;
    const double truth = 600 * 4e6;  // 1 / (1/20 + 1/5) ms each
    held += finding.effect.low && *finding.effect.low <= truth && truth <= *finding.effect.high;
  }
  EXPECT_EQ(told, 50);
  EXPECT_GE(held, 44);
  EXPECT_LE(held, 50);
}

}  // namespace
}  // namespace plumbago::analysis
