#include "analysis/focal_graph.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "analysis/edges.h"
#include "model/names.h"

namespace plumbago::analysis {
namespace {

struct Made {
  std::string caller, callee;
  int64_t latency_ns, self_ns;
  model::Kind kind = model::Kind::kRpc;
};

document::Section Edges(const std::vector<Made>& made, model::Names& names) {
  Edges::State state;
  std::vector<graph::TraceCall> calls(made.size());
  for (size_t i = 0; i < made.size(); ++i) {
    calls[i].caller = made[i].caller.empty() ? model::kNoService : names.Service(made[i].caller);
    calls[i].callee = names.Service(made[i].callee);
    calls[i].kind = made[i].kind;
    calls[i].client = {0, made[i].latency_ns};
    calls[i].self_ns = made[i].self_ns;
  }
  graph::CallGraph graph;
  graph.calls = calls;
  Edges::Observe(state, graph, Facts{});
  Facts facts;
  facts.names = &names;
  facts.tick_ns = 1;
  return Edges::Conclude(state, facts);
}

const document::Figure* Find(const document::Section& section, document::FigureKind kind) {
  for (const document::Figure& figure : section.figures) {
    if (figure.kind == kind) return &figure;
  }
  return nullptr;
}

TEST(FocalGraph, TheServiceWithMostOwnTimeAndItsNeighbours) {
  model::Names names;
  const document::Section section =
      Edges({{"", "front", 100, 10},
             {"front", "cart", 50, 500},
             {"front", "cart", 70, 100},
             {"cart", "store", 30, 9000, model::Kind::kDatabase},  // the most, but a database
             {"cart", "cart", 5, 5},
             {"store", "disk", 10, 10},
             {"disk", "away", 10, 10},
             {"other", "elsewhere", 10, 10}},
            names);
  const document::Figure* graph = Find(section, document::FigureKind::kGraph);
  ASSERT_NE(graph, nullptr);
  EXPECT_TRUE(graph->key);
  std::vector<std::string> shown;
  for (const auto& node : graph->nodes) shown.push_back(node.name + "/" + node.kind);
  EXPECT_EQ(shown, (std::vector<std::string>{"cart/service", "front/service", "store/database",
                                             "disk/service"}));
  EXPECT_TRUE(graph->nodes[0].focus);
  EXPECT_EQ(graph->nodes[0].weight, 605);
  EXPECT_EQ(graph->more_nodes, 0u);
  std::set<std::string> links;
  for (const auto& link : graph->links) {
    links.insert(graph->nodes[link.caller].name + ">" + graph->nodes[link.callee].name + " " +
                 std::to_string(link.calls) + " " + std::to_string(*link.p99_ns).substr(0, 2));
  }
  EXPECT_EQ(links, (std::set<std::string>{"front>cart 2 70", "cart>store 1 30", "cart>cart 1 5.",
                                          "store>disk 1 10"}));
}

TEST(FocalGraph, AtMostThirtyNodesAndTheRestIsCounted) {
  model::Names names;
  std::vector<Made> made;
  for (int i = 0; i < 100; ++i) {
    const std::string n = std::to_string(100 + i);
    made.push_back({"hub", "callee" + n, 10 + i, 1});
    made.push_back({"caller" + n, "hub", 10 + i, 1000});
    made.push_back({"callee" + n, "far" + n, 10, 1});
  }
  const document::Section section = Edges(made, names);
  const document::Figure* graph = Find(section, document::FigureKind::kGraph);
  ASSERT_NE(graph, nullptr);
  EXPECT_EQ(graph->nodes.size(), 30u);
  EXPECT_EQ(graph->nodes[1].name, "caller199");  // the most time waited
  EXPECT_EQ(graph->more_nodes, 92u + 89 + 1);
}

// The outside only calls; a callee that is not known is not the same.
TEST(FocalGraph, TheOutsideHasNoCallers) {
  model::Names names;
  const document::Section section =
      Edges({{"", "front", 100, 90}, {"", "back", 10, 1}, {"front", "back", 10, 1}}, names);
  const document::Figure* graph = Find(section, document::FigureKind::kGraph);
  ASSERT_NE(graph, nullptr);
  EXPECT_EQ(graph->nodes[1].name, "(outside)");
  EXPECT_EQ(graph->nodes[1].kind, "entry");
  EXPECT_EQ(graph->links.size(), 3u);
  for (const auto& link : graph->links) EXPECT_NE(link.callee, 1u);
}

TEST(EdgeHeat, CellsHoldTheEdgesAndAddUpToOne) {
  model::Names names;
  const document::Section section =
      Edges({{"a", "b", 30, 1}, {"a", "b", 40, 2}, {"a", "c", 0, 5}, {"a", "d", 700, 2}}, names);
  const document::Figure* heat = Find(section, document::FigureKind::kHeatMap);
  ASSERT_NE(heat, nullptr);
  double sum = 0;
  std::map<std::pair<double, double>, double> cells;
  for (const auto& cell : heat->cells) {
    sum += cell.value;
    cells[{cell.x_low, cell.y_low}] = cell.value;
  }
  EXPECT_DOUBLE_EQ(sum, 1);
  EXPECT_DOUBLE_EQ((cells[{2, 20}]), 0.3);   // two calls, median 30
  EXPECT_DOUBLE_EQ((cells[{1, 0.5}]), 0.5);  // below a tick
  EXPECT_DOUBLE_EQ((cells[{1, 500}]), 0.2);
}

TEST(FocalGraph, NothingIsNoError) {
  model::Names names;
  const document::Section section = Edges({}, names);
  EXPECT_TRUE(section.figures.empty());
}

// Two services with calls of several kinds are one link, named by the kind with most calls.
TEST(FocalGraph, ALinkHasTheKindOfMostCalls) {
  const std::vector<model::Kind> kinds = {model::Kind::kRpc, model::Kind::kHttp,
                                          model::Kind::kMessage};
  for (const model::Kind most : kinds) {
    model::Names names;
    std::vector<Made> made;
    for (const model::Kind kind : kinds) {
      for (int i = kind == most ? 0 : 2; i < 4; ++i) made.push_back({"a", "b", 10, 5, kind});
    }
    made.push_back({"b", "c", 1000, 1, model::Kind::kInternal});  // another link begins anew
    const document::Section section = Edges(made, names);
    const document::Figure* graph = Find(section, document::FigureKind::kGraph);
    ASSERT_NE(graph, nullptr);
    ASSERT_EQ(graph->links.size(), 2u);
    EXPECT_EQ(graph->links[0].kind, "internal");
    EXPECT_EQ(graph->links[1].kind, model::KindName(most));
    EXPECT_EQ(graph->links[1].calls, 8u);
  }
}

}  // namespace
}  // namespace plumbago::analysis
