#include "analysis/hot_paths.h"

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
using model::Kind;

Facts FactsOf(const model::Names& names) {
  Facts facts;
  facts.names = &names;
  facts.tick_ns = 1000;
  return facts;
}

// Path, calls, own time in ns.
struct Row {
  uint64_t calls = 0;
  int64_t self_ns = 0;
  bool operator==(const Row&) const = default;
};
std::map<std::string, Row> PathsTold(const HotPaths::State& state, const Facts& facts) {
  std::map<std::string, Row> told;
  const document::Section section = HotPaths::Conclude(state, facts);
  for (const auto& row : section.tables.at(0).rows) {
    Row& one = told[std::get<std::string>(row[0])];
    one.calls += static_cast<uint64_t>(std::get<int64_t>(row[1]));
    one.self_ns += std::get<int64_t>(row[2]);
  }
  return told;
}

TEST(HotPaths, OwnTimeGoesToThePath) {
  model::Names names;
  HotPaths::State state;
  TimedTrace trace(names, 1);
  const uint32_t gate = trace.Call(kNone, "gate", "buy", 0, 100);
  const uint32_t cart = trace.Call(gate, "cart", "get", 10, 50);
  trace.Call(cart, "redis", "get", 20, 15, Kind::kCache);
  const uint32_t mail = trace.Call(gate, "mail", "send", 70, 500, Kind::kMessage);
  trace.Call(mail, "redis", "get", 80, 15, Kind::kCache);
  HotPaths::Observe(state, trace.Graph(), FactsOf(names));
  const auto told = PathsTold(state, FactsOf(names));
  EXPECT_EQ(told, (std::map<std::string, Row>{{"buy > gate", {1, 50'000}},
                                              {"buy > gate > cart", {1, 35'000}},
                                              {"buy > gate > cart > redis", {1, 15'000}}}));
  EXPECT_EQ(state.asynchronous, 2u);
  EXPECT_EQ(state.asynchronous_us, 500u);
}

// By definition, on random traces, some deeper than a path: each call's way up, in words.
TEST(HotPaths, AgreesWithTheDefinition) {
  std::mt19937_64 random(4);
  const auto below = [&](uint64_t n) { return static_cast<int64_t>(random() % n); };
  model::Names names;
  HotPaths::State state;
  std::map<std::string, Row> expected;
  std::map<std::string, uint64_t> services;
  for (int t = 0; t < 300; ++t) {
    TimedTrace trace(names, random());
    std::vector<uint32_t> way{
        trace.Call(kNone, "a", "op" + std::to_string(below(3)), 0, 1000 + below(1000))};
    for (int64_t i = below(30); i > 0; --i) {
      while (way.size() > 1 && below(6) == 0) way.pop_back();
      way.push_back(trace.Call(way.back(), std::string(1, static_cast<char>('a' + below(2))), "op",
                               below(900), below(900),
                               below(20) == 0 ? Kind::kMessage : Kind::kRpc));
    }
    const graph::CallGraph& graph = trace.Graph();
    HotPaths::Observe(state, graph, FactsOf(names));
    for (const graph::TraceCall& call : graph.calls) {
      std::vector<std::string> up;
      bool waited = true;
      const graph::TraceCall* at = &call;
      for (;; at = &graph.calls[at->parent]) {
        up.emplace_back(names.Text(at->callee));
        waited = waited && at->kind != Kind::kMessage;
        if (at->parent == kNone) break;
      }
      if (!waited) continue;
      std::reverse(up.begin(), up.end());
      std::string path(names.Text(at->operation));
      for (size_t i = 0; i < std::min<size_t>(up.size(), 12); ++i) path += " > " + up[i];
      if (up.size() > 12) path += " > ...";
      Row& row = expected[path];
      ++row.calls;
      if (call.self_ns >= 0) {
        row.self_ns += call.self_ns;
        services[up.back()] += static_cast<uint64_t>(call.self_ns) / 1000;
      }
    }
  }
  Facts facts = FactsOf(names);
  const document::Section section = HotPaths::Conclude(state, facts);
  ASSERT_GT(expected.size(), HotPaths::kTold);  // not all are told, but the hottest are
  EXPECT_EQ(section.headline.at(0).value, static_cast<double>(expected.size()));
  std::vector<int64_t> sums, told;
  for (const auto& [path, row] : expected) sums.push_back(row.self_ns);
  std::sort(sums.rbegin(), sums.rend());
  for (const auto& row : section.tables.at(0).rows) told.push_back(std::get<int64_t>(row[2]));
  sums.resize(told.size());
  EXPECT_EQ(told, sums);
  for (const auto& [path, row] : PathsTold(state, facts)) EXPECT_EQ(row, expected[path]) << path;
  EXPECT_GT(state.deeper, 0u);
  for (const auto& row : section.tables.at(1).rows) {
    EXPECT_EQ(static_cast<uint64_t>(std::get<int64_t>(row[1])),
              services[std::get<std::string>(row[0])] * 1000);
  }
}

TEST(HotPaths, NamesTheServicesToOptimiseFirst) {
  int held = 0;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    std::mt19937_64 random(seed);
    std::exponential_distribution<double> slow(1 / 20e3);  // us
    model::Names names;
    HotPaths::State state;
    for (int t = 0; t < 400; ++t) {
      TimedTrace trace(names, random());
      const uint32_t gate = trace.Call(kNone, "gate", "buy", 0, 1'000'000);
      int64_t at = 0;
      for (const char* callee : {"cart", "user", "stock", "mail"}) {
        const int64_t takes = callee[0] == 'm'
                                  ? 1000
                                  : static_cast<int64_t>(slow(random) * (callee[0] == 's' ? 2 : 1));
        trace.Call(gate, callee, "get", at, takes);
        at += takes;
      }
      trace[0].client.duration_ns = at * 1000;  // of its own it has none
      HotPaths::Observe(state, trace.Graph(), FactsOf(names));
    }
    const auto section = HotPaths::Conclude(state, FactsOf(names));
    const document::Finding& finding = section.findings.at(0);
    EXPECT_EQ(finding.verdict, Verdict::kSupported);
    EXPECT_EQ(finding.evidence.at(0).name, "stock");
    EXPECT_NE(finding.claim.find("own time of 3 services"), std::string::npos) << finding.claim;
    const double truth = 400 * (20e6 + 20e6 + 40e6) * 0.1;
    held += finding.effect.low && *finding.effect.low <= truth && truth <= *finding.effect.high;
  }
  EXPECT_GE(held, 44);
  EXPECT_LE(held, 50);
}

TEST(HotPaths, ReadyMadeGraphsTellNoTimes) {
  model::Names names;
  HotPaths::State state;
  graph::CallGraph graph;
  graph.ready_made = true;
  graph.weight = 7;
  HotPaths::Observe(state, graph, FactsOf(names));
  const auto section = HotPaths::Conclude(state, FactsOf(names));
  EXPECT_EQ(section.findings.at(0).verdict, Verdict::kCannotSay);
  EXPECT_NE(section.findings[0].reason.find("ready-made"), std::string::npos);
}

}  // namespace
}  // namespace plumbago::analysis
