#include "graph/whole_graph_builder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <span>
#include <vector>

#include "base/strong_id.h"
#include "base/testing/dice.h"

namespace plumbago::graph {
namespace {

using model::Kind;
using model::WholeEdge;
using model::WholeNode;

struct Made {
  model::WholeGraph head;
  std::vector<WholeNode> nodes;
  std::vector<WholeEdge> edges;
  model::WholeGraphView View() const { return {&head, nodes, edges}; }
};

Made WithNodes(uint32_t count) {
  Made made;
  for (uint32_t i = 0; i < count; ++i) {
    made.nodes.push_back({Id<model::ServiceId>(10 + i), model::kNoOperation});
  }
  return made;
}

TEST(WholeGraphBuilder, DegreesDepthsAndStatefulServices) {
  Made made = WithNodes(5);
  made.head.traces = 12;
  // 0 calls 1 (over two kinds), 1 calls 2 and itself, 0 calls 2; 3 and 4 call each other alone.
  made.edges = {{0, 1, 3, Kind::kRpc},   {0, 1, 1, Kind::kHttp},
                {1, 2, 2, Kind::kCache}, {1, 1, 1, Kind::kRpc},
                {0, 2, 1, Kind::kRpc},   {3, 4, 1, Kind::kRpc},
                {4, 3, 1, Kind::kRpc},   {model::kNoNode, 0, 1, Kind::kRpc}};
  WholeGraphBuilder builder;
  const CallGraph graph = builder.Build(made.View());
  EXPECT_TRUE(graph.ready_made);
  EXPECT_EQ(graph.traces(), 12u);
  EXPECT_EQ(graph.call_count(), 11u);
  ASSERT_EQ(graph.half_edges.size(), 1u);
  EXPECT_EQ(graph.half_edges[0].caller, kNone);
  EXPECT_TRUE(graph.calls.empty());
  EXPECT_EQ(graph.entry_service, Id<model::ServiceId>(10));
  const auto of = [&](auto part) {
    std::vector<uint32_t> all;
    for (const Node& node : graph.nodes) all.push_back(part(node));
    return all;
  };
  EXPECT_EQ(of([](const Node& n) { return n.in_degree; }), (std::vector<uint32_t>{0, 2, 2, 1, 1}));
  EXPECT_EQ(of([](const Node& n) { return n.out_degree; }), (std::vector<uint32_t>{2, 2, 0, 1, 1}));
  EXPECT_EQ(of([](const Node& n) { return uint32_t{n.depth}; }),
            (std::vector<uint32_t>{0, 1, 1, 0, 1}));
  EXPECT_EQ(of([](const Node& n) { return uint32_t{n.stateful}; }),
            (std::vector<uint32_t>{0, 0, 1, 0, 0}));
}

// Against a twin that relaxes edges until nothing changes.
TEST(WholeGraphBuilder, DepthIsTheShortestWayOfRandomGraphs) {
  Dice dice(3);
  WholeGraphBuilder builder;
  for (int round = 0; round < 300; ++round) {
    Made made = WithNodes(1 + dice.Below32(12));
    const auto size = static_cast<uint32_t>(made.nodes.size());
    std::set<uint32_t> entered;
    for (uint32_t i = dice.Below32(3); i > 0; --i) {
      const uint32_t entry = *entered.insert(dice.Below32(size)).first;
      made.edges.push_back({model::kNoNode, entry, 1, Kind::kHttp});
    }
    const size_t outside = made.edges.size();
    for (uint32_t i = dice.Below32(20); i > 0; --i) {
      // Upwards only: every node is reached from one that nobody calls.
      const uint32_t a = dice.Below32(size);
      const uint32_t b = dice.Below32(size);
      if (a != b) made.edges.push_back({std::min(a, b), std::max(a, b), 1, Kind::kRpc});
    }
    std::vector<uint32_t> depth(size, 0);
    std::vector<std::set<uint32_t>> callers(size);
    for (const WholeEdge& edge : std::span(made.edges).subspan(outside)) {
      callers[edge.callee].insert(edge.caller);
    }
    for (uint32_t i = 0; i < size; ++i) {
      if (callers[i].empty() || entered.contains(i)) continue;
      depth[i] = UINT32_MAX;
      for (const uint32_t caller : callers[i]) depth[i] = std::min(depth[i], depth[caller] + 1);
    }
    const CallGraph graph = builder.Build(made.View());
    for (uint32_t i = 0; i < size; ++i) {
      EXPECT_EQ(graph.nodes[i].depth, depth[i]);
      EXPECT_EQ(graph.nodes[i].in_degree, callers[i].size());
    }
    EXPECT_EQ(graph.half_edges.size(), outside);
    if (outside > 0) {
      EXPECT_EQ(graph.entry_service, made.nodes[made.edges[0].callee].service);
    }
  }
}

TEST(WholeGraphBuilder, AGraphWithoutEdges) {
  const Made made = WithNodes(1);
  WholeGraphBuilder builder;
  const CallGraph graph = builder.Build(made.View());
  EXPECT_EQ(graph.call_count(), 0u);
  EXPECT_EQ(graph.nodes.size(), 1u);
  EXPECT_EQ(builder.Build(WithNodes(0).View()).nodes.size(), 0u);
}

}  // namespace
}  // namespace plumbago::graph
