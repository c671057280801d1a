#include "analysis/coupling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "analysis/coupled_pairs.h"
#include "analysis/made_trace.h"
#include "base/strong_id.h"

namespace plumbago::analysis {
namespace {

using document::Verdict;
using graph::kNone;
using graph::TraceCall;
using model::Kind;

// Calls between services named by letters, with times on both sides.
class Made {
 public:
  explicit Made(model::Names& names) : names_(names) {}
  // `network_ms` < 0: the server side is not known.
  Made& Call(uint32_t parent, const char* callee, int64_t network_ms = -1, Kind kind = Kind::kRpc) {
    TraceCall call;
    call.parent = parent;
    call.caller = parent == kNone ? model::kNoService : calls_[parent].callee;
    call.callee = names_.Service(callee);
    call.kind = kind;
    call.client = {0, 20'000'000};
    if (network_ms >= 0) call.server = {0, 20'000'000 - network_ms * 1'000'000};
    calls_.push_back(call);
    return *this;
  }
  static model::TraceId Id(uint64_t trace) { return {.hi = 1, .lo = trace * 0x9E3779B97F4A7C15u}; }
  void Observe(Coupling::State& state, uint64_t trace, bool sides = true) {
    graph::MeasuredGraph measured;
    graph::Measure(calls_, measured);
    graph::CallGraph graph;
    graph.trace = Id(trace);
    graph.calls = calls_;
    graph.nodes = measured.nodes;
    graph.edges = measured.edges;
    graph.sides_marked = sides;
    Coupling::Observe(state, graph, {});
  }

 private:
  model::Names& names_;
  std::vector<TraceCall> calls_;
};

struct World {
  model::Names names;
  Facts facts;
  Coupling::State state;
  World() {
    for (const char* name : {"a", "b", "c", "d", "e"}) names.Service(name);
    facts.names = &names;
  }
  document::Finding Finding() const { return Coupling::Conclude(state, facts).findings.at(0); }
};

TEST(Coupling, CountsInvocationsAndCalls) {
  World w;
  // a calls b twice in its first invocation, c once; the second invocation of a (by c) calls c.
  Made(w.names)
      .Call(kNone, "a")
      .Call(0, "b", 3)
      .Call(0, "b", 4)
      .Call(0, "c")
      .Call(3, "a")
      .Call(4, "c", 1)
      .Observe(w.state, 1);
  std::map<std::pair<std::string, std::string>, Coupling::Pair> pairs;
  w.state.pairs.ForEach([&](const Coupling::Pair& pair) {
    pairs[{std::string(w.names.Text(pair.caller)), std::string(w.names.Text(pair.callee))}] = pair;
  });
  ASSERT_EQ(pairs.size(), 3u);
  EXPECT_EQ((pairs[{"a", "b"}].called), 1u);
  EXPECT_EQ((pairs[{"a", "b"}].calls), 2u);
  EXPECT_EQ((pairs[{"a", "b"}].paired), 2u);
  EXPECT_EQ((pairs[{"a", "c"}].called), 2u);
  EXPECT_EQ((pairs[{"a", "c"}].paired), 1u);
  EXPECT_EQ((pairs[{"c", "a"}].called), 1u);
  EXPECT_EQ(w.state.services.Get(w.names.Service("a")).invocations, 2u);
  EXPECT_EQ(w.state.services.Get(w.names.Service("a")).traces, 1u);
  EXPECT_EQ(w.state.services.Get(w.names.Service("c")).invocations, 2u);
}

TEST(Coupling, FindsWhatCouldBeMergedAndWhatThatSaves) {
  World w;
  for (uint64_t t = 0; t < 200; ++t) {
    Made made(w.names);
    made.Call(kNone, "a").Call(0, "b", static_cast<int64_t>(2 + t % 3)).Call(1, "c");
    if (t % 2 == 0) made.Call(0, "c");  // c has two callers
    made.Call(1, "d", 1, Kind::kCache);
    made.Observe(w.state, t);
  }
  const document::Finding finding = w.Finding();
  EXPECT_EQ(finding.verdict, Verdict::kSupported);
  EXPECT_NE(finding.claim.find("b into a"), std::string::npos) << finding.claim;
  EXPECT_EQ(finding.claim.find("1 service has"), 0u) << finding.claim;  // neither c nor d
  double expected = 0;
  for (uint64_t t = 0; t < 200; ++t) expected += static_cast<double>(2 + t % 3) * 1e6;
  EXPECT_EQ(finding.saves_ns, expected);
  ASSERT_TRUE(finding.effect.low);
  EXPECT_LT(*finding.effect.low, expected);
  EXPECT_GT(*finding.effect.high, expected);
  EXPECT_FALSE(finding.examples.empty());
}

TEST(Coupling, SaysNothingOfSavingsWithoutBothSides) {
  World w;
  for (uint64_t t = 0; t < 200; ++t) {
    Made(w.names).Call(kNone, "a").Call(0, "b", 5).Observe(w.state, t, false);
  }
  EXPECT_EQ(w.Finding().verdict, Verdict::kSupported);
  EXPECT_FALSE(w.Finding().saves_ns);
  EXPECT_NE(w.Finding().reason.find("cannot be said"), std::string::npos);
}

TEST(Coupling, SmallCountsAndDependentInvocationsAreNotEnough) {
  World few, dependent, seldom;
  for (uint64_t t = 0; t < 30; ++t) {
    Made(few.names).Call(kNone, "a").Call(0, "b").Observe(few.state, t);
  }
  // One trace with a thousand invocations.
  Made loop(dependent.names);
  loop.Call(kNone, "e");
  for (uint32_t i = 0; i < 1000; ++i) loop.Call(0, "a").Call(2 * i + 1, "b");
  loop.Observe(dependent.state, 1);
  for (uint64_t t = 0; t < 400; ++t) {
    Made made(seldom.names);
    made.Call(kNone, "a");
    if (t % 8 > 0) made.Call(0, "b");
    made.Observe(seldom.state, t);
  }
  EXPECT_EQ(few.Finding().verdict, Verdict::kCannotSay);
  EXPECT_EQ(dependent.Finding().verdict, Verdict::kCannotSay);
  EXPECT_EQ(seldom.Finding().verdict, Verdict::kContradicted);
}

TEST(Coupling, FindsWhatCouldBeBatched) {
  World w;
  for (uint64_t t = 0; t < 100; ++t) {
    Made made(w.names);
    made.Call(kNone, "a").Call(0, "b");
    for (uint64_t i = 0; i < 8; ++i) made.Call(0, "d", 1, Kind::kDatabase);
    for (uint64_t i = 0; i < (t % 4 == 0 ? 9u : 1u); ++i) made.Call(0, "c");
    made.Observe(w.state, t);
  }
  const CoupledPairs pairs(w.state);
  ASSERT_EQ(pairs.to_batch.size(), 1u);
  EXPECT_EQ(w.names.Text(pairs.to_batch[0].pair.callee), "d");
  EXPECT_EQ(pairs.to_batch[0].calls_each, 8);
  EXPECT_EQ(pairs.to_batch[0].many, 1);
}

TEST(Coupling, FiveCallsOfOneInvocationAreMany) {
  World w;
  for (const uint64_t calls : {4, 5, 6}) {
    Made made(w.names);
    made.Call(kNone, "a");
    for (uint64_t i = 0; i < calls; ++i) made.Call(0, "b");
    made.Observe(w.state, calls);
  }
  w.state.pairs.ForEach([](const Coupling::Pair& pair) {
    EXPECT_EQ(pair.called, 3u);
    EXPECT_EQ(pair.many, 2u);
  });
}

// By definition on random trees: for each invocation, count its direct callees.
TEST(Coupling, EqualsABruteForceTwin) {
  std::mt19937_64 random(2);
  World w;
  const char* services[] = {"a", "b", "c", "d", "e"};
  std::map<std::pair<std::string, std::string>, std::pair<uint64_t, uint64_t>> expected;
  for (uint64_t t = 0; t < 200; ++t) {
    std::vector<uint32_t> parents;
    std::vector<std::string> callees;
    Made made(w.names);
    const uint64_t n = 1 + random() % 25;
    for (uint64_t i = 0; i < n; ++i) {
      // In preorder: the parent is the last call or one of those above it.
      uint32_t parent = kNone;
      if (i > 0) {
        parent = static_cast<uint32_t>(i - 1);
        while (parent > 0 && random() % 2 == 0) parent = parents[parent];
      }
      parents.push_back(parent);
      callees.emplace_back(services[random() % 5]);
      made.Call(parent, callees.back().c_str());
    }
    made.Observe(w.state, t);
    for (uint32_t i = 0; i < n; ++i) {
      std::map<std::string, uint64_t> calls;
      for (uint32_t j = 0; j < n; ++j) {
        if (parents[j] == i) ++calls[callees[j]];
      }
      for (const auto& [callee, count] : calls) {
        auto& pair = expected[{callees[i], callee}];
        ++pair.first;
        pair.second += count;
      }
    }
  }
  size_t pairs = 0;
  w.state.pairs.ForEach([&](const Coupling::Pair& pair) {
    const auto& one =
        expected[{std::string(w.names.Text(pair.caller)), std::string(w.names.Text(pair.callee))}];
    EXPECT_EQ(pair.called, one.first);
    EXPECT_EQ(pair.calls, one.second);
    ++pairs;
  });
  EXPECT_EQ(pairs, expected.size());
}

// Sixteen groups of traces, independent and alike: the total varies as sqrt(16) times one of them.
TEST(Coupling, TheSavingsIntervalIsThatOfSixteenGroups) {
  World w;
  std::array<double, 16> groups{};
  double total = 0;
  for (uint64_t t = 0; t < 300; ++t) {
    const auto network_ms = static_cast<int64_t>(1 + t % 7);
    Made(w.names).Call(kNone, "a").Call(0, "b", network_ms).Observe(w.state, t);
    const double ns = static_cast<double>(network_ms) * 1e6;
    groups[Made::Id(t).Hash() >> 60] += ns;
    total += ns;
  }
  double squares = 0;
  for (const double group : groups) squares += (group - total / 16) * (group - total / 16);
  const double margin = 2.1314495 * std::sqrt(16) * std::sqrt(squares / 15);  // t of 15 degrees
  const document::Finding finding = w.Finding();
  ASSERT_TRUE(finding.effect.low && finding.effect.high);
  EXPECT_NEAR(*finding.effect.low, total - margin, 1e-6 * margin);
  EXPECT_NEAR(*finding.effect.high, total + margin, 1e-6 * margin);
}

TEST(Coupling, NoIntervalOfFewerThanEightGroups) {
  for (const uint64_t filled : {7, 8}) {
    World w;
    uint64_t traces = 0;
    for (uint64_t t = 0; traces < 100; ++t) {
      if (Made::Id(t).Hash() >> 60 >= filled) continue;
      Made(w.names).Call(kNone, "a").Call(0, "b", 5).Observe(w.state, t);
      ++traces;
    }
    EXPECT_EQ(w.Finding().saves_ns, 100 * 5e6);
    EXPECT_EQ(w.Finding().effect.low.has_value(), filled == 8);
    EXPECT_EQ(w.Finding().effect.interval.empty(), filled < 8);
  }
}

// Parts that pass 63 bits, and a whole that does not.
TEST(Coupling, HostileTimesAddUpModulo) {
  World w;
  constexpr int64_t kHuge = 4'000'000'000'000'000'000;
  std::vector<TraceCall> calls(1);
  calls[0].callee = w.names.Service("a");
  for (int i = 0; i < 5; ++i) {
    TraceCall call;
    call.parent = 0;
    call.caller = w.names.Service("a");
    call.callee = w.names.Service("b");
    call.kind = Kind::kRpc;
    const bool forth = i < 3;
    call.client = {0, forth ? kHuge : 0};
    call.server = {0, forth ? 0 : kHuge};
    calls.push_back(call);
  }
  graph::MeasuredGraph measured;
  graph::Measure(calls, measured);
  graph::CallGraph graph;
  graph.calls = calls;
  graph.nodes = measured.nodes;
  graph.edges = measured.edges;
  graph.sides_marked = true;
  Coupling::Observe(w.state, graph, {});
  int64_t network_ns = 0;
  w.state.pairs.ForEach([&](const Coupling::Pair& pair) {
    for (const int64_t group : pair.network_ns) network_ns += group;
  });
  EXPECT_EQ(network_ns, kHuge);
}

}  // namespace
}  // namespace plumbago::analysis
