#include "analysis/variants.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
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

const document::Table& TableOf(const document::Section& section, const std::string& id) {
  for (const document::Table& table : section.tables) {
    if (table.id == id) return table;
  }
  static const document::Table none;
  return none;
}

class VariantsTest : public testing::Test {
 protected:
  VariantsTest() {
    for (const char* name : {"a", "b", "c", "d", "e", "f"}) names_.Service(name);
    facts_.names = &names_;
  }
  void Observe(MadeTrace& trace) { Variants::Observe(state_, trace.Graph(), facts_); }
  model::Names names_;
  Facts facts_;
  Variants::State state_;
};

TEST_F(VariantsTest, CountsOfCallsAndOrderAreNotToldApart) {
  MadeTrace one(names_, 1), two(names_, 2), other(names_, 3), elsewhere(names_, 4);
  one.Entry("a", "x").Call(kNone, "", "a").Call(0, "a", "b").Call(0, "a", "c");
  two.Entry("a", "x").Call(kNone, "", "a").Call(0, "a", "c").Call(0, "a", "b").Call(0, "a", "b");
  other.Entry("a", "x").Call(kNone, "", "a").Call(0, "a", "b").Call(1, "b", "c");
  elsewhere.Entry("a", "y").Call(kNone, "", "a").Call(0, "a", "b").Call(0, "a", "c");
  for (MadeTrace* trace : {&one, &two, &other, &elsewhere}) Observe(*trace);
  const auto section = Variants::Conclude(state_, facts_);
  EXPECT_EQ(Value(section, "services"), 2);
  EXPECT_EQ(Value(section, "variants"), 3);
  EXPECT_EQ(Value(section, "variants_max"), 2);
  EXPECT_EQ(Value(section, "top_share_by_trace"), 0.75);
  EXPECT_NEAR(Value(section, "top_share_by_service"), (2.0 / 3 + 1) / 2, 1e-12);
  const document::Table& variants = TableOf(section, "variants");
  ASSERT_EQ(variants.rows.size(), 3u);
  EXPECT_EQ(variants.rows[0][0], document::Cell(std::string("a x")));
  EXPECT_EQ(variants.rows[0][2], document::Cell(int64_t{2}));
  EXPECT_EQ(variants.rows[0][7], document::Cell(3.5));
}

TEST_F(VariantsTest, AReadyMadeGraphHasTheShapeOfItsTraces) {
  MadeTrace trace(names_, 1);
  trace.Entry("a", "x").Call(kNone, "", "a").Call(0, "a", "b").Call(1, "b", "c").Call(0, "a", "b");
  const graph::CallGraph& made = trace.Graph();
  Variants::State scratch;
  const uint64_t shape = Variants::ShapeHash(scratch, made, names_);
  // Other numbers of nodes, and an edge in two kinds.
  const std::vector<graph::Node> nodes = {
      {names_.Service("c")}, {names_.Service("a")}, {names_.Service("b")}};
  std::vector<graph::Edge> edges = {
      {2, 0, 1, Kind::kRpc}, {1, 2, 1, Kind::kRpc}, {1, 2, 1, Kind::kHttp}};
  graph::CallGraph graph;
  graph.ready_made = true;
  graph.nodes = nodes;
  graph.edges = edges;
  EXPECT_EQ(Variants::ShapeHash(scratch, graph, names_), shape);
  edges[0] = {0, 2, 1, Kind::kRpc};  // the other way round
  EXPECT_NE(Variants::ShapeHash(scratch, graph, names_), shape);
}

TEST_F(VariantsTest, ReadyMadeGraphsWeighTheirTraces) {
  const std::vector<graph::Node> nodes = {{names_.Service("a")}};
  for (const uint64_t traces : {3, 1}) {
    graph::CallGraph graph;
    graph.ready_made = true;
    graph.weight = static_cast<double>(traces);
    graph.entry = names_.Operation("S");
    graph.entry_service = names_.Service("a");
    graph.nodes = std::span(nodes).first(traces == 3 ? 1 : 0);
    Variants::Observe(state_, graph, facts_);
  }
  const auto section = Variants::Conclude(state_, facts_);
  EXPECT_EQ(Value(section, "top_share_by_trace"), 0.75);
  EXPECT_EQ(TableOf(section, "services").rows.at(0)[0], document::Cell(std::string("S")));
}

// By definition: sets of names.
TEST_F(VariantsTest, TwinOnRandomTrees) {
  std::mt19937 random(2);
  const auto below = [&](uint32_t n) { return static_cast<uint32_t>(random() % n); };
  using Shape = std::pair<std::set<uint32_t>, std::set<std::pair<uint32_t, uint32_t>>>;
  std::map<std::string, std::map<Shape, uint64_t>> twin;
  std::vector<Variants::State> parts(3);
  for (uint64_t t = 0; t < 2000; ++t) {
    MadeTrace trace(names_, t);
    std::vector<std::string> callees;
    std::vector<uint32_t> parents;
    for (uint32_t i = 0, size = 1 + below(5); i < size; ++i) {
      uint32_t parent = i == 0 ? kNone : i - 1;
      while (i > 0 && parents[parent] != kNone && below(2) == 0) parent = parents[parent];
      parents.push_back(parent);
      callees.emplace_back(1, static_cast<char>('a' + below(3)));
      trace.Call(parent, parent == kNone ? "" : callees[parent], callees.back());
    }
    const std::string operation = below(2) == 0 ? "x" : "y";
    trace.Entry(callees[0], operation);
    const graph::CallGraph& graph = trace.Graph();
    Shape shape;
    for (const graph::Node& node : graph.nodes) shape.first.insert(Index(node.service));
    for (const graph::Edge& edge : graph.edges) {
      shape.second.emplace(Index(graph.nodes[edge.caller].service),
                           Index(graph.nodes[edge.callee].service));
    }
    ++twin[callees[0] + " " + operation][shape];
    Variants::Observe(state_, graph, facts_);
    Variants::Observe(parts[below(3)], graph, facts_);
  }
  uint64_t variants = 0, top = 0;
  double shares = 0;
  for (const auto& [service, shapes] : twin) {
    uint64_t traces = 0, most = 0;
    for (const auto& [shape, count] : shapes) {
      traces += count;
      most = std::max(most, count);
    }
    variants += shapes.size();
    top += most;
    shares += static_cast<double>(most) / static_cast<double>(traces);
  }
  const auto section = Variants::Conclude(state_, facts_);
  EXPECT_EQ(Value(section, "services"), static_cast<double>(twin.size()));
  EXPECT_EQ(Value(section, "variants"), static_cast<double>(variants));
  EXPECT_EQ(Value(section, "top_share_by_trace"), static_cast<double>(top) / 2000);
  EXPECT_NEAR(Value(section, "top_share_by_service"), shares / static_cast<double>(twin.size()),
              1e-12);
  EXPECT_GT(variants, 100u);
  for (const auto& row : TableOf(section, "services").rows) {
    const auto& shapes = twin.at(std::get<std::string>(row[0]));
    EXPECT_EQ(row[2], document::Cell(static_cast<int64_t>(shapes.size())));
  }
  MergeFields(parts[0], std::move(parts[1]));
  MergeFields(parts[2], std::move(parts[0]));
  const auto merged = Variants::Conclude(parts[2], facts_);
  ASSERT_EQ(merged.tables.size(), section.tables.size());
  for (size_t i = 0; i < merged.tables.size(); ++i) {
    EXPECT_EQ(merged.tables[i].rows, section.tables[i].rows);
  }
}

// The expectation over all ways to draw, counted one by one.
TEST(Rarefied, IsTheMeanOverAllDraws) {
  const std::vector<uint64_t> traces = {4, 2, 1, 1};
  std::vector<int> of;
  for (size_t i = 0; i < traces.size(); ++i) of.insert(of.end(), traces[i], static_cast<int>(i));
  const std::vector<std::pair<uint64_t, uint64_t>> counts = {{1, 2}, {2, 1}, {4, 1}};
  for (uint64_t draws = 0; draws <= of.size(); ++draws) {
    double sum = 0, ways = 0;
    for (uint32_t mask = 0; mask < 1u << of.size(); ++mask) {
      if (static_cast<uint64_t>(__builtin_popcount(mask)) != draws) continue;
      std::set<int> seen;
      for (size_t i = 0; i < of.size(); ++i) {
        if ((mask >> i & 1) != 0) seen.insert(of[i]);
      }
      sum += static_cast<double>(seen.size());
      ++ways;
    }
    EXPECT_NEAR(Rarefied(counts, of.size(), draws), sum / ways, 1e-12) << draws;
  }
}

}  // namespace
}  // namespace plumbago::analysis
