#include "analysis/cycles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "analysis/made_trace.h"
#include "base/strong_id.h"

namespace plumbago::analysis {
namespace {

using graph::kNone;
using model::Kind;

double Value(const document::Section& section, const std::string& name) {
  for (const auto& headline : section.headline) {
    if (headline.name == name) return headline.value.value_or(-1);
  }
  return -2;
}

class CyclesTest : public testing::Test {
 protected:
  CyclesTest() {
    for (const char* name : {"a", "b", "c", "d", "e", "f"}) names_.Service(name);
    facts_.names = &names_;
  }
  void Observe(MadeTrace& trace) { Cycles::Observe(state_, trace.Graph(), facts_); }
  std::vector<std::string> Told() {
    std::vector<std::string> told;
    const document::Section section = Cycles::Conclude(state_, facts_);
    for (const auto& row : section.tables.at(0).rows) {
      told.push_back(std::get<std::string>(row[0]));
    }
    return told;
  }
  model::Names names_;
  Facts facts_;
  Cycles::State state_;
};

TEST_F(CyclesTest, StrongComesBackToTheSameInterface) {
  MadeTrace trace(names_, 1);
  trace.Call(kNone, "", "b", Kind::kHttp, "x")
      .Call(0, "b", "c", Kind::kRpc, "y")
      .Call(1, "c", "a", Kind::kRpc, "z")
      .Call(2, "a", "b", Kind::kRpc, "x");
  Observe(trace);
  const auto section = Cycles::Conclude(state_, facts_);
  EXPECT_EQ(Value(section, "cyclic"), 1);
  EXPECT_EQ(Value(section, "strong"), 1);
  EXPECT_EQ(Value(section, "weak"), 0);
  EXPECT_EQ(Told(), std::vector<std::string>{"a > b > c > a"});
  EXPECT_EQ(section.findings.at(1).verdict, document::Verdict::kSupported);
  EXPECT_EQ(section.findings.at(1).examples.size(), 1u);
}

TEST_F(CyclesTest, ACycleIsAsStrongAsItsStrongest) {
  MadeTrace trace(names_, 1);
  trace.Call(kNone, "", "a", Kind::kHttp, "x")
      .Call(0, "a", "b", Kind::kRpc, "y")
      .Call(1, "b", "a", Kind::kRpc, "other")
      .Call(1, "b", "a", Kind::kRpc, "x");
  Observe(trace);
  const auto section = Cycles::Conclude(state_, facts_);
  const auto& row = section.tables.at(0).rows.at(0);
  EXPECT_EQ(std::get<int64_t>(row[4]), 1);  // strong
  EXPECT_EQ(std::get<int64_t>(row[5]), 0);  // weak
}

TEST_F(CyclesTest, WeakComesBackToAnother) {
  MadeTrace trace(names_, 1);
  trace.Call(kNone, "", "b", Kind::kHttp, "x")
      .Call(0, "b", "c", Kind::kRpc, "y")
      .Call(1, "c", "b", Kind::kRpc, "other");
  Observe(trace);
  MadeTrace tree(names_, 2);
  tree.Call(kNone, "", "b", Kind::kHttp, "x").Call(0, "b", "c", Kind::kRpc, "y");
  Observe(tree);
  const auto section = Cycles::Conclude(state_, facts_);
  EXPECT_EQ(Value(section, "cyclic"), 0.5);
  EXPECT_EQ(Value(section, "strong"), 0);
  EXPECT_EQ(Value(section, "weak"), 0.5);
  EXPECT_EQ(section.findings.at(1).verdict, document::Verdict::kContradicted);
}

TEST_F(CyclesTest, ACircleOverSeveralPathsIsWeak) {
  MadeTrace trace(names_, 1);
  trace.Call(kNone, "", "a", Kind::kHttp, "x")
      .Call(0, "a", "b", Kind::kRpc, "y")
      .Call(1, "b", "c", Kind::kRpc, "y")
      .Call(0, "a", "c", Kind::kRpc, "y")
      .Call(3, "c", "b", Kind::kRpc, "y");
  Observe(trace);
  EXPECT_EQ(Value(Cycles::Conclude(state_, facts_), "weak"), 1);
  EXPECT_EQ(Told(), std::vector<std::string>{"b > c > b"});
}

TEST_F(CyclesTest, SelfCallsAreApart) {
  MadeTrace trace(names_, 1);
  trace.Call(kNone, "", "a", Kind::kHttp, "x").Call(0, "a", "a", Kind::kRpc, "x");
  Observe(trace);
  const auto section = Cycles::Conclude(state_, facts_);
  EXPECT_EQ(Value(section, "cyclic"), 0);
  EXPECT_EQ(Value(section, "strong"), 0);
  EXPECT_EQ(Value(section, "self_calls"), 1);
  EXPECT_EQ(Value(section, "reentered"), 1);
}

TEST_F(CyclesTest, StrengthIsNotToldWithoutInterfaces) {
  MadeTrace trace(names_, 1);
  trace.Call(kNone, "", "a", Kind::kHttp).Call(0, "a", "b").Call(1, "b", "a");
  Observe(trace);
  const auto section = Cycles::Conclude(state_, facts_);
  EXPECT_EQ(Value(section, "cyclic"), 1);
  EXPECT_EQ(Value(section, "strong"), -1);
  EXPECT_EQ(section.findings.at(1).verdict, document::Verdict::kCannotSay);
}

TEST_F(CyclesTest, ReadyMadeGraphsCountTheirTraces) {
  const std::vector<graph::Node> nodes = {{names_.Service("a"), 1, 1, 0, false},
                                          {names_.Service("b"), 1, 1, 1, false},
                                          {names_.Service("c"), 1, 0, 1, false}};
  const std::vector<graph::Edge> edges = {
      {0, 1, 3, Kind::kRpc}, {1, 0, 1, Kind::kRpc}, {0, 2, 1, Kind::kRpc}, {2, 2, 1, Kind::kRpc}};
  graph::CallGraph graph;
  graph.weight = 41;
  graph.ready_made = true;
  graph.nodes = nodes;
  graph.edges = edges;
  Cycles::Observe(state_, graph, facts_);
  const auto section = Cycles::Conclude(state_, facts_);
  EXPECT_EQ(state_.traces, 41u);
  EXPECT_EQ(state_.untold, 41u);
  EXPECT_EQ(Value(section, "cyclic"), 1);
  EXPECT_EQ(Value(section, "self_calls"), 1);
  EXPECT_EQ(Told(), std::vector<std::string>{"a > b > a"});
}

TEST_F(CyclesTest, LongCyclesGoByTheirFirstFour) {
  MadeTrace trace(names_, 1);
  trace.Call(kNone, "", "a", Kind::kHttp, "x")
      .Call(0, "a", "b")
      .Call(1, "b", "c")
      .Call(2, "c", "d")
      .Call(3, "d", "e")
      .Call(4, "e", "a", Kind::kRpc, "x");
  Observe(trace);
  EXPECT_EQ(Told(), std::vector<std::string>{"a > b > c > d > ..."});
  EXPECT_EQ(state_.length.Max(), 5u);
}

// By definition, over all pairs and paths.
struct Twin {
  bool cyclic = false, strong = false, unnamed = false, self = false, reenter = false;
  std::set<std::vector<uint32_t>> circles;  // on paths, begun at the first name

  explicit Twin(const graph::CallGraph& graph) {
    const size_t n = graph.nodes.size();
    std::vector<std::vector<bool>> reach(n, std::vector<bool>(n, false));
    for (const graph::Edge& edge : graph.edges) {
      reach[edge.caller][edge.callee] = true;
      self |= edge.caller == edge.callee;
    }
    for (size_t k = 0; k < n; ++k) {
      for (size_t i = 0; i < n; ++i) {
        for (size_t j = 0; j < n; ++j) {
          if (reach[i][k] && reach[k][j]) reach[i][j] = true;
        }
      }
    }
    for (size_t i = 0; i < n; ++i) {
      for (size_t j = 0; j < i; ++j) cyclic |= reach[i][j] && reach[j][i];
    }
    for (uint32_t i = 0; i < graph.calls.size(); ++i) Look(graph, i);
  }

  void Look(const graph::CallGraph& graph, uint32_t i) {
    const auto node = [&](uint32_t c) { return graph.calls[c].callee_node; };
    const auto operation = [&](uint32_t c) { return graph.calls[c].operation; };
    const auto parent = [&](uint32_t c) { return graph.calls[c].parent; };
    if (node(i) == kNone) return;
    if (parent(i) != kNone && node(parent(i)) == node(i)) {
      bool above_same = false;  // the topmost of the same interface is open: some is
      for (uint32_t at = parent(i); at != kNone; at = parent(at)) {
        above_same |= node(at) == node(i) && operation(at) == operation(i);
      }
      reenter |=
          above_same && operation(i) != model::kNoOperation && operation(parent(i)) == operation(i);
    }
    uint32_t run = i;
    while (parent(run) != kNone && node(parent(run)) == node(i)) run = parent(run);
    uint32_t outer = parent(run);
    std::vector<uint32_t> between;
    while (outer != kNone && node(outer) != node(i)) {
      if (node(outer) != kNone && (between.empty() || between.back() != node(outer))) {
        between.push_back(node(outer));
      }
      outer = parent(outer);
    }
    if (outer == kNone || between.empty()) return;
    bool back = false;
    for (uint32_t at = outer; at != kNone; at = parent(at)) {
      back |= node(at) == node(i) && operation(at) == operation(i) &&
              operation(i) != model::kNoOperation;
    }
    if (run != i && !back) return;
    cyclic = true;
    strong |= back;
    unnamed |=
        !back && (operation(i) == model::kNoOperation || operation(outer) == model::kNoOperation);
    std::vector<uint32_t> circle{Index(graph.nodes[node(i)].service)};
    for (auto at = between.rbegin(); at != between.rend(); ++at) {
      circle.push_back(Index(graph.nodes[*at].service));
    }
    std::vector<uint32_t> least = circle;
    for (size_t k = 0; k < circle.size(); ++k) {
      std::rotate(circle.begin(), circle.begin() + 1, circle.end());
      least = std::min(least, circle);
    }
    least.resize(std::min<size_t>(least.size(), Cycles::kTold));
    least.resize(Cycles::kTold, 0);
    circles.insert(least);
  }
};

TEST_F(CyclesTest, TwinOnRandomTrees) {
  std::mt19937 random(11);
  const auto below = [&](uint32_t n) { return static_cast<uint32_t>(random() % n); };
  int64_t cyclic = 0, strong = 0, weak = 0, self = 0, reenter = 0;
  uint64_t untold = 0;
  std::map<std::vector<uint32_t>, uint64_t> circles;
  std::vector<Cycles::State> parts(3);
  constexpr int kTraces = 3000;
  for (int t = 0; t < kTraces; ++t) {
    MadeTrace trace(names_, static_cast<uint64_t>(t));
    const uint32_t services = 2 + below(5);
    const auto service = [&] {
      return below(15) == 0 ? std::string()
                            : std::string(1, static_cast<char>('a' + below(services)));
    };
    // Preorder: the parent is on the way from the last call upwards.
    std::vector<uint32_t> parents;
    std::vector<std::string> callees;
    for (uint32_t i = 0, size = 1 + below(12); i < size; ++i) {
      uint32_t parent = i == 0 ? kNone : i - 1;
      while (i > 0 && parents[parent] != kNone && below(3) == 0) parent = parents[parent];
      parents.push_back(parent);
      callees.push_back(service());
      trace.Call(parent, parent == kNone ? "" : callees[parent], callees.back(), Kind::kRpc,
                 below(10) == 0  ? ""
                 : below(2) == 0 ? "x"
                                 : "y");
    }
    const graph::CallGraph& graph = trace.Graph();
    const Twin twin(graph);
    cyclic += twin.cyclic;
    strong += twin.strong;
    const bool not_told = twin.cyclic && !twin.strong && twin.unnamed;
    untold += not_told;
    weak += twin.cyclic && !twin.strong && !not_told;
    self += twin.self;
    reenter += twin.reenter;
    for (const auto& circle : twin.circles) ++circles[circle];
    Cycles::Observe(state_, graph, facts_);
    Cycles::Observe(parts[below(3)], graph, facts_);
    if (twin.circles.empty() && twin.cyclic) {
      // Some circle over several paths: its name is checked below to be one of edges.
      for (const auto& found : state_.found) {
        std::vector<uint32_t> services_of(found.services.begin(), found.services.end());
        ++circles[services_of];
        const uint32_t told = std::min<uint32_t>(found.length, Cycles::kTold);
        for (uint32_t i = 0; i + 1 < told; ++i) {
          EXPECT_TRUE(std::any_of(graph.edges.begin(), graph.edges.end(), [&](const auto& edge) {
            return Index(graph.nodes[edge.caller].service) == services_of[i] &&
                   Index(graph.nodes[edge.callee].service) == services_of[i + 1];
          }));
        }
      }
      EXPECT_FALSE(state_.found.empty());
    }
  }
  EXPECT_EQ(state_.cyclic.numerator(), cyclic);
  EXPECT_EQ(state_.cyclic.denominator(), kTraces);
  EXPECT_EQ(state_.strong.numerator(), strong);
  EXPECT_EQ(state_.weak.numerator(), weak);
  EXPECT_EQ(state_.untold, untold);
  EXPECT_EQ(state_.self.numerator(), self);
  EXPECT_EQ(state_.reenter.numerator(), reenter);
  std::map<std::vector<uint32_t>, uint64_t> told;
  state_.cycles.ForEach([&](const Cycles::Cycle& cycle) {
    told[{cycle.services.begin(), cycle.services.end()}] = cycle.traces;
  });
  EXPECT_EQ(told, circles);
  EXPECT_GT(strong, 100);
  EXPECT_GT(weak, 100);
  EXPECT_GT(untold, 10u);

  MergeFields(parts[2], std::move(parts[0]));
  MergeFields(parts[1], std::move(parts[2]));
  std::string merged, whole;
  SaveFields(parts[1], merged);
  SaveFields(state_, whole);
  EXPECT_EQ(merged, whole);
}

// The twin's search on random graphs that nothing built as a tree.
TEST_F(CyclesTest, TwinOnRandomGraphs) {
  std::mt19937 random(4);
  int64_t cyclic = 0;
  for (int round = 0; round < 2000; ++round) {
    const auto size = static_cast<uint32_t>(1 + random() % 6);
    std::vector<graph::Node> nodes;
    for (uint32_t i = 0; i < size; ++i) {
      nodes.push_back({names_.Service(std::string(1, static_cast<char>('a' + i))), 0, 0, 0, false});
    }
    std::shuffle(nodes.begin(), nodes.end(), random);
    std::vector<graph::Edge> edges;
    for (size_t i = random() % 8; i > 0; --i) {
      edges.push_back({static_cast<uint32_t>(random() % size),
                       static_cast<uint32_t>(random() % size), 1, Kind::kRpc});
    }
    graph::CallGraph graph;
    graph.ready_made = true;
    graph.nodes = nodes;
    graph.edges = edges;
    cyclic += Twin(graph).cyclic;
    Cycles::Observe(state_, graph, facts_);
    for (const auto& found : state_.found) {
      EXPECT_GE(found.length, 2u);
      EXPECT_EQ(
          std::min<size_t>(found.length, 4),
          4 - static_cast<size_t>(std::count(found.services.begin(), found.services.end(), 0)));
    }
  }
  EXPECT_EQ(state_.cyclic.numerator(), cyclic);
  EXPECT_GT(cyclic, 300);
}

}  // namespace
}  // namespace plumbago::analysis
