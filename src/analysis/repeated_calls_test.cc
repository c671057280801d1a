#include "analysis/repeated_calls.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "analysis/timed_trace.h"
#include "base/strong_id.h"

namespace plumbago::analysis {
namespace {

using document::Verdict;
using graph::kNone;
using Pattern = RepeatedCalls::Pattern;

Facts FactsOf(const model::Names& names) {
  Facts facts;
  facts.names = &names;
  return facts;
}

// A gate that asks the database `calls` times, `step_ms` between the starts.
void Observe(RepeatedCalls::State& state, model::Names& names, uint64_t id, int calls,
             int64_t step_ms = 10, int64_t each_ms = 4) {
  TimedTrace trace(names, id * 0x9E3779B97F4A7C15ull);
  const uint32_t gate = trace.Call(kNone, "gate", "list", 0, 1'000'000);
  trace.Call(gate, "stock", "ids", 0, 1000);
  for (int i = 0; i < calls; ++i) {
    trace.Call(gate, "orders", "select", (10 + i * step_ms) * 1000, each_ms * 1000,
               model::Kind::kDatabase);
  }
  RepeatedCalls::Observe(state, trace.Graph(), FactsOf(names));
}

std::vector<RepeatedCalls::Loop> Loops(const RepeatedCalls::State& state) {
  std::vector<RepeatedCalls::Loop> loops;
  state.loops.ForEach([&](const RepeatedCalls::Loop& loop) { loops.push_back(loop); });
  return loops;
}

TEST(RepeatedCalls, FiveInTurnAreALoop) {
  model::Names names;
  RepeatedCalls::State state;
  Observe(state, names, 1, 4);
  EXPECT_TRUE(Loops(state).empty());
  Observe(state, names, 2, 5);
  const auto loop = Loops(state).at(0);
  EXPECT_EQ(loop.loops, 1u);
  EXPECT_EQ(loop.loop_us, 20'000u);
  EXPECT_EQ(loop.saved_us.Total(), 16'000u);
  EXPECT_EQ(state.callers, 2u);
  EXPECT_EQ(state.looping, 1u);
}

TEST(RepeatedCalls, ManyOperationsOfOneCallerAreManyLoops) {
  model::Names names;
  RepeatedCalls::State state;
  TimedTrace trace(names, 1);
  const uint32_t gate = trace.Call(kNone, "gate", "list", 0, 1'000'000);
  for (int i = 0; i < 5 * 200; ++i) {
    trace.Call(gate, "orders", "select" + std::to_string(i % 200), i * 10'000, 4000);
  }
  RepeatedCalls::Observe(state, trace.Graph(), FactsOf(names));
  const auto loops = Loops(state);
  EXPECT_EQ(loops.size(), 200u);
  for (const auto& loop : loops) EXPECT_EQ(loop.k.max(), 5);
}

TEST(RepeatedCalls, OverlappingOnesAndThoseOfOneTickAreApart) {
  model::Names names;
  RepeatedCalls::State state;
  Observe(state, names, 1, 8, 1, 50);  // all at once
  Observe(state, names, 2, 8, 0, 0);   // all in one tick
  EXPECT_TRUE(Loops(state).empty());
  EXPECT_EQ(state.overlapping, 1u);
  EXPECT_EQ(state.undecided, 1u);
}

TEST(RepeatedCalls, TheNumberOfCallsTellsWhatItFollows) {
  model::Names names;
  RepeatedCalls::State varies, fixed, few;
  for (uint64_t i = 0; i < 200; ++i) {
    Observe(varies, names, i, static_cast<int>(5 + i % 40));
    Observe(fixed, names, i, i % 50 == 0 ? 9 : 6);
    if (i < 19) Observe(few, names, i, static_cast<int>(5 + i));
  }
  EXPECT_EQ(Loops(varies).at(0).pattern(), Pattern::kVaries);
  EXPECT_EQ(Loops(fixed).at(0).pattern(), Pattern::kFixed);
  EXPECT_EQ(Loops(few).at(0).pattern(), Pattern::kTooFew);
  const auto section = RepeatedCalls::Conclude(varies, FactsOf(names));
  const document::Finding& finding = section.findings.at(0);
  EXPECT_EQ(finding.verdict, Verdict::kSupported);
  EXPECT_NE(finding.claim.find("N+1"), std::string::npos) << finding.claim;
  EXPECT_NE(finding.claim.find("in 200 of 200 invocations"), std::string::npos) << finding.claim;
  EXPECT_NE(finding.advice.find("database"), std::string::npos) << finding.advice;
}

// Seen, so not denied; but nothing to gain.
TEST(RepeatedCalls, LoopsThatTakeNoTimeByTheClockAreNotDenied) {
  model::Names names;
  RepeatedCalls::State state;
  for (uint64_t id = 1; id <= 30; ++id) Observe(state, names, id, 9, 10, 0);
  const document::Section section = RepeatedCalls::Conclude(state, FactsOf(names));
  ASSERT_EQ(section.findings.size(), 1u);
  EXPECT_EQ(section.findings[0].verdict, Verdict::kCannotSay);
  EXPECT_EQ(section.findings[0].reason.substr(0, 15), "1 loop was seen");
  EXPECT_EQ(section.tables.at(0).rows.size(), 1u);
}

TEST(RepeatedCalls, WithoutLoopsTheClaimIsContradicted) {
  model::Names names;
  RepeatedCalls::State state;
  Observe(state, names, 1, 4);
  const auto section = RepeatedCalls::Conclude(state, FactsOf(names));
  EXPECT_EQ(section.findings.at(0).verdict, Verdict::kContradicted);
}

// By definition, on random traces: each caller's calls to each operation.
TEST(RepeatedCalls, AgreesWithTheDefinition) {
  std::mt19937_64 random(5);
  const auto below = [&](uint64_t n) { return static_cast<int64_t>(random() % n); };
  constexpr int64_t kTick = 1'000'000;
  struct Sums {
    uint64_t loops = 0, calls = 0, time_us = 0, saved_us = 0;
    bool operator==(const Sums&) const = default;
  };
  using Key = std::array<uint32_t, 4>;
  std::map<Key, Sums> expected, counted;
  uint64_t overlapping = 0, undecided = 0;
  model::Names names;
  RepeatedCalls::State state;
  for (int t = 0; t < 1000; ++t) {
    TimedTrace trace(names, random());
    trace.Call(kNone, std::string(1, static_cast<char>('a' + below(3))),
               "op" + std::to_string(below(2)), 0, 200'000);
    std::vector<uint32_t> way{0};
    const auto services = static_cast<uint64_t>(1 + below(3));
    const auto spread = static_cast<uint64_t>(1 + below(100));
    const auto longest = static_cast<uint64_t>(1 + below(4));
    for (int64_t i = below(200); i > 0; --i) {
      while (way.size() > 1 && below(8) != 0) way.pop_back();
      way.push_back(trace.Call(way.back(), std::string(1, static_cast<char>('a' + below(services))),
                               "op" + std::to_string(below(2)), below(spread) * 1000,
                               below(longest) * 500,
                               below(20) == 0 ? model::Kind::kMessage : model::Kind::kCache));
    }
    const graph::CallGraph& graph = trace.Graph();
    RepeatedCalls::Observe(state, graph, FactsOf(names));
    for (uint32_t c = 0; c < graph.calls.size(); ++c) {
      std::map<std::pair<uint32_t, uint32_t>, std::vector<graph::Interval>> by_callee;
      for (const graph::TraceCall& call : graph.calls) {
        if (call.parent != c || call.kind == model::Kind::kMessage) continue;
        by_callee[{Index(call.callee), Index(call.operation)}].push_back(call.client);
      }
      for (auto& [callee, times] : by_callee) {
        if (times.size() < 5) continue;
        std::stable_sort(times.begin(), times.end(),
                         [](const auto& x, const auto& y) { return x.start_ns < y.start_ns; });
        size_t in_turn = 0;
        uint64_t sum = 0;
        std::vector<uint64_t> lengths;
        for (size_t i = 0; i < times.size(); ++i) {
          bool after_all = true;
          for (size_t before = 0; before < i; ++before) {
            after_all = after_all && times[i].start_ns >= times[before].end_ns() - kTick;
          }
          in_turn += i > 0 && after_all;
          lengths.push_back(static_cast<uint64_t>(times[i].duration_ns));
          sum += lengths.back();
        }
        const size_t steps = times.size() - 1;
        if (10 * in_turn < 9 * steps) {
          ++overlapping;
          continue;
        }
        if (times.back().start_ns - times.front().start_ns <= kTick) {
          ++undecided;
          continue;
        }
        std::sort(lengths.begin(), lengths.end());
        Sums& sums = expected[{Index(graph.calls[c].callee), Index(graph.calls[c].operation),
                               callee.first, callee.second}];
        ++sums.loops;
        sums.calls += times.size();
        sums.time_us += sum / 1000;
        sums.saved_us += std::min(sum - lengths.back(), steps * lengths[steps / 2]) / 1000;
      }
    }
  }
  for (const auto& loop : Loops(state)) {
    counted[loop.key()] = {loop.loops, static_cast<uint64_t>(loop.k.sum()), loop.loop_us,
                           loop.saved_us.Total()};
  }
  EXPECT_GT(expected.size(), 10u);
  EXPECT_EQ(counted, expected);
  EXPECT_EQ(state.overlapping, overlapping);
  EXPECT_EQ(state.undecided, undecided);
  EXPECT_GT(overlapping, 0u);
  EXPECT_GT(undecided, 0u);
}

// Planted: one in three invocations loops over 5 to 44 items of 4 ms; k - 1 of them are saved.
TEST(RepeatedCalls, IntervalHoldsThePlantedTruth) {
  int held = 0;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    std::mt19937_64 random(seed);
    model::Names names;
    RepeatedCalls::State state;
    for (int t = 0; t < 600; ++t) {
      const bool loops = random() % 3 == 0;
      Observe(state, names, random(), loops ? static_cast<int>(5 + random() % 40) : 1);
    }
    const auto section = RepeatedCalls::Conclude(state, FactsOf(names));
    ASSERT_EQ(section.findings.size(), 1u);
    const document::Finding& finding = section.findings[0];
    EXPECT_EQ(finding.verdict, Verdict::kSupported);
    const double truth = 600 / 3.0 * (24.5 - 1) * 4e6;
    held += finding.effect.low && *finding.effect.low <= truth && truth <= *finding.effect.high;
  }
  EXPECT_GE(held, 44);
  EXPECT_LE(held, 50);
}

}  // namespace
}  // namespace plumbago::analysis
