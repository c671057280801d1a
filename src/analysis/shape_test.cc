#include "analysis/shape.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/strong_id.h"
#include "graph/graph_measure.h"

namespace plumbago::analysis {
namespace {

using document::Verdict;
using graph::kNone;
using graph::TraceCall;
using model::Kind;

struct Link {
  uint32_t parent, caller, callee;
  Kind kind = Kind::kRpc;
};

void Observe(Shape::State& state, const std::vector<Link>& links, uint64_t trace = 1,
             double weight = 1) {
  std::vector<TraceCall> calls;
  for (const Link& link : links) {
    TraceCall& call = calls.emplace_back();
    call.parent = link.parent;
    call.caller = Id<model::ServiceId>(link.caller);
    call.callee = Id<model::ServiceId>(link.callee);
    call.kind = link.kind;
  }
  graph::MeasuredGraph measured;
  graph::Measure(calls, measured);
  graph::CallGraph graph;
  graph.trace = {.hi = 0, .lo = trace};
  graph.weight = weight;
  graph.calls = calls;
  graph.nodes = measured.nodes;
  graph.edges = measured.edges;
  Shape::Observe(state, graph, Facts{});
}

double Value(const Shape::State& state, const std::string& name) {
  for (const auto& headline : Shape::Conclude(state, Facts{}).headline) {
    if (headline.name == name) return headline.value.value_or(-1);
  }
  return -2;
}

TEST(Shape, DepthIsTheLongestPathInCalls) {
  Shape::State state;
  Observe(state, {{kNone, 0, 1}});
  EXPECT_EQ(Value(state, "depth_mean"), 0);
  Observe(state, {{kNone, 0, 1}, {0, 1, 2}, {1, 2, 3}, {0, 1, 4}});
  EXPECT_EQ(Value(state, "depth_mean"), 1);
  EXPECT_EQ(state.depth.Max(), 2u);
}

TEST(Shape, TiersHoldDistinctServices) {
  Shape::State state;
  // 1 calls itself, then 2 and 3 twice; 3 calls 4, and 2 calls 4.
  Observe(state, {{kNone, 0, 1}, {0, 1, 1}, {1, 1, 2}, {2, 2, 4}, {1, 1, 3}, {4, 3, 4}, {1, 1, 3}});
  EXPECT_EQ(state.depth.Max(), 3u);
  EXPECT_EQ(state.tiers.Max(), 3u);  // 1 / 2 3 / 4
  EXPECT_EQ(state.width.Max(), 2u);
  EXPECT_NEAR(Value(state, "single_service_tiers"), 2.0 / 3, 1e-12);
}

TEST(Shape, ACallerFromOutsideStandsOnNoTier) {
  Shape::State state;
  Observe(state, {{kNone, 9, 1}, {0, 1, 2}});
  EXPECT_EQ(state.width.Max(), 1u);
  EXPECT_EQ(state.tiers.Max(), 2u);
  EXPECT_EQ(Value(state, "one_caller"), 1);
  EXPECT_EQ(Value(state, "tree_like"), 1);
}

TEST(Shape, ATraceIsTreeLikeWhenNoServiceHasTwoCallers) {
  const auto tree = [](const std::vector<Link>& links) {
    Shape::State state;
    Observe(state, links);
    return Value(state, "tree_like") == 1;
  };
  EXPECT_TRUE(tree({{kNone, 0, 1}, {0, 1, 2}, {0, 1, 2}, {0, 1, 3}}));
  EXPECT_FALSE(tree({{kNone, 0, 1}, {0, 1, 2}, {1, 2, 4}, {0, 1, 3}, {3, 3, 4}}));  // joins at 4
  EXPECT_FALSE(tree({{kNone, 0, 1}, {0, 1, 2}, {1, 2, 1}}));  // the user and 2 call 1
  EXPECT_FALSE(tree({{kNone, 0, 1}, {0, 1, 1}}));             // calls itself
  EXPECT_FALSE(tree({{kNone, 2, 1}, {0, 1, 2}}));             // the caller is in the ring
  EXPECT_TRUE(tree({{kNone, 9, 1}, {kNone, 9, 2}}));
}

TEST(Shape, FanOutIsOfStatelessServices) {
  Shape::State state;
  std::vector<Link> links = {{kNone, 0, 1}};
  for (uint32_t callee = 2; callee < 7; ++callee)
    links.push_back({0, 1, callee, callee < 4 ? Kind::kCache : Kind::kRpc});
  Observe(state, links);
  EXPECT_EQ(state.out_degree.Count(), 4u);  // 1, 4, 5, 6
  EXPECT_EQ(Value(state, "fan_out_5"), 0.25);
}

TEST(Shape, AWeightCountsSoManyTraces) {
  Shape::State once, often;
  Observe(once, {{kNone, 0, 1}}, 1, 1);
  Observe(once, {{kNone, 0, 1}, {0, 1, 2}}, 2, 3);
  Observe(often, {{kNone, 0, 1}}, 1);
  for (int i = 0; i < 3; ++i) Observe(often, {{kNone, 0, 1}, {0, 1, 2}}, 2);
  EXPECT_EQ(Value(once, "depth_mean"), 0.75);
  EXPECT_EQ(once.depth, often.depth);
  EXPECT_EQ(once.in_degree, often.in_degree);
  EXPECT_EQ(once.traces, 4u);
}

TEST(Shape, GraphsWithoutATreeHaveDegreesOnly) {
  const std::vector<graph::Node> nodes = {{Id<model::ServiceId>(1), 0, 1},
                                          {Id<model::ServiceId>(2), 1, 0}};
  graph::CallGraph graph;
  graph.nodes = nodes;
  Shape::State state;
  Shape::Observe(state, graph, Facts{});
  const document::Section section = Shape::Conclude(state, Facts{});
  EXPECT_FALSE(section.headline[0].value.has_value());
  EXPECT_EQ(Value(state, "one_caller"), 1);
  EXPECT_NE(section.computed.find("1 of 1 traces came as graphs without a tree"), std::string::npos);
}

TEST(Shape, FindingsNeedGroupsOfTraces) {
  Shape::State state;
  std::mt19937_64 engine(1);
  Observe(state, {{kNone, 0, 1}, {0, 1, 2}}, engine());
  EXPECT_EQ(Shape::Conclude(state, Facts{}).findings[0].verdict, Verdict::kCannotSay);
  for (int i = 0; i < 200; ++i) Observe(state, {{kNone, 0, 1}, {0, 1, 2}}, engine());
  const document::Section section = Shape::Conclude(state, Facts{});
  EXPECT_EQ(section.findings[0].verdict, Verdict::kSupported);     // one caller each
  EXPECT_EQ(section.findings[1].verdict, Verdict::kContradicted);  // none calls five
}

// By definition, with sets and paths; in one state and in three, merged.
TEST(Shape, IsWhatTheDefinitionsSay) {
  std::mt19937 engine(9);
  const auto below = [&engine](uint32_t bound) { return static_cast<uint32_t>(engine() % bound); };
  Shape::State whole;
  Shape::State parts[3];
  std::map<uint64_t, uint64_t> depths, tiers, widths, in, out;
  uint64_t trees = 0;
  for (uint64_t t = 0; t < 2000; ++t) {
    std::vector<Link> links;
    std::vector<uint32_t> open;
    for (uint32_t i = 0, n = 1 + below(12); i < n; ++i) {
      while (open.size() > 1 && below(2) == 0) open.pop_back();
      const uint32_t parent = open.empty() ? kNone : open.back();
      links.push_back({parent, parent == kNone ? 0 : links[parent].callee, 1 + below(9),
                       static_cast<Kind>(below(6))});
      open.push_back(i);
    }
    Observe(whole, links, t);
    Observe(parts[below(3)], links, t);

    uint64_t deepest = 0;
    std::map<uint32_t, uint64_t> tier_of;
    std::set<uint32_t> stateful;
    std::map<uint32_t, std::set<uint32_t>> callers, callees;
    for (const Link& link : links) {
      uint64_t depth = 0, tier = 0;
      const Link* at = &link;
      for (; at->parent != kNone; at = &links[at->parent]) {
        ++depth;
        tier += at->callee != links[at->parent].callee;
      }
      deepest = std::max(deepest, depth);
      tier_of[link.callee] =
          tier_of.contains(link.callee) ? std::min(tier_of[link.callee], tier) : tier;
      callers[link.callee].insert(link.caller);  // 0, the user, is one for being a tree
      if (link.caller != 0) callees[link.caller].insert(link.callee);
      if (model::IsStateful(link.kind)) stateful.insert(link.callee);
    }
    ++depths[deepest];
    std::map<uint64_t, uint64_t> services;
    for (const auto& [service, tier] : tier_of) ++services[tier];
    ++tiers[services.size()];
    ++widths[std::max_element(services.begin(), services.end(), [](const auto& a, const auto& b) {
               return a.second < b.second;
             })->second];
    bool tree = true;
    for (const auto& [service, tier] : tier_of) {
      tree = tree && callers[service].size() == 1;
      const uint64_t known = callers[service].size() - callers[service].count(0);
      if (known > 0) ++in[known];
      if (!stateful.contains(service)) ++out[callees[service].size()];
    }
    trees += tree;
  }
  MergeFields(parts[2], std::move(parts[0]));
  MergeFields(parts[2], std::move(parts[1]));
  const auto as_map = [](const statistics::CountHistogram& histogram) {
    std::map<uint64_t, uint64_t> map;
    for (const auto& bin : histogram.Bins()) map[bin.value] = bin.count;
    return map;
  };
  for (const Shape::State* state : {&whole, &parts[2]}) {
    EXPECT_EQ(as_map(state->depth), depths);
    EXPECT_EQ(as_map(state->tiers), tiers);
    EXPECT_EQ(as_map(state->width), widths);
    EXPECT_EQ(as_map(state->in_degree), in);
    EXPECT_EQ(as_map(state->out_degree), out);
    EXPECT_EQ(static_cast<uint64_t>(state->tree_like.numerator()), trees);
    EXPECT_EQ(static_cast<uint64_t>(state->one_caller.numerator()), in[1]);
  }
  EXPECT_EQ(Shape::Conclude(whole, Facts{}).tables[0].rows,
            Shape::Conclude(parts[2], Facts{}).tables[0].rows);
}

}  // namespace
}  // namespace plumbago::analysis
