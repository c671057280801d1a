#include "graph/graph_measure.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "base/strong_id.h"

namespace plumbago::graph {
namespace {

using model::Kind;
using model::kNoTime;
using model::ServiceId;

TraceCall Made(uint32_t parent, uint32_t caller, uint32_t callee, int64_t start = kNoTime,
               int64_t duration = kNoTime, Kind kind = Kind::kRpc) {
  TraceCall call;
  call.parent = parent;
  call.caller = Id<ServiceId>(caller);
  call.callee = Id<ServiceId>(callee);
  call.kind = kind;
  call.client = {start, duration};
  return call;
}

TEST(Measure, JoinsServicesAndCountsTheirDegrees) {
  std::vector<TraceCall> calls = {
      Made(kNone, 0, 1), Made(0, 1, 2), Made(1, 2, 3, 0, 1, Kind::kCache),
      Made(0, 1, 2),     Made(0, 1, 3), Made(0, 1, 1)};
  MeasuredGraph graph;
  Measure(calls, graph);
  ASSERT_EQ(graph.nodes.size(), 3u);
  EXPECT_EQ(graph.nodes[0].service, ServiceId{1});
  EXPECT_EQ(graph.nodes[0].out_degree, 3u);  // 2, 3 and itself
  EXPECT_EQ(graph.nodes[0].in_degree, 1u);   // itself; the user is no service
  EXPECT_EQ(graph.nodes[2].in_degree, 2u);
  EXPECT_EQ(graph.nodes[2].depth, 1);
  EXPECT_TRUE(graph.nodes[2].stateful);
  EXPECT_FALSE(graph.nodes[1].stateful);
  ASSERT_EQ(graph.edges.size(), 4u);
  EXPECT_EQ(graph.edges[0].calls, 2u);
  EXPECT_EQ(graph.edges[1].kind, Kind::kCache);
  EXPECT_EQ(calls[0].subtree_end, 6u);
  EXPECT_EQ(calls[1].subtree_end, 3u);
  EXPECT_EQ(calls[0].caller_node, kNone);
  EXPECT_EQ(calls[2].depth, 2);
}

TEST(Measure, OwnTimeIsWithoutTheUnionOfTheCallees) {
  std::vector<TraceCall> calls = {
      Made(kNone, 0, 1, 0, 100),
      Made(0, 1, 2, -5, 15),                  // clipped: 10
      Made(0, 1, 3, 20, 20),                  // 20
      Made(0, 1, 4, 30, 20),                  // 10 more
      Made(0, 1, 5, 0, 100, Kind::kMessage),  // asynchronous: not waited for
      Made(0, 1, 6, 90, 100),                 // clipped: 10
  };
  MeasuredGraph graph;
  Measure(calls, graph);
  EXPECT_EQ(calls[0].self_ns, 50);
  EXPECT_EQ(calls[2].self_ns, 20);
}

TEST(Measure, OwnTimeOfTheServerSideIsPreferred) {
  std::vector<TraceCall> calls = {Made(kNone, 0, 1, 0, 100), Made(0, 1, 2, 20, 20)};
  calls[0].server = {10, 80};
  calls[1].server = {25, 5};
  MeasuredGraph graph;
  Measure(calls, graph);
  EXPECT_EQ(calls[0].self_ns, 60);
  EXPECT_EQ(calls[1].self_ns, 5);
}

TEST(Measure, OwnTimeIsUnknownBesideAnUnknownCallee) {
  std::vector<TraceCall> calls = {Made(kNone, 0, 1, 0, 100), Made(0, 1, 2), Made(1, 2, 3, 20, 20),
                                  Made(kNone, 0, 1, 0, 100),
                                  Made(3, 1, 2, kNoTime, kNoTime, Kind::kMessage)};
  MeasuredGraph graph;
  Measure(calls, graph);
  EXPECT_EQ(calls[0].self_ns, kNoTime);
  EXPECT_EQ(calls[1].self_ns, kNoTime);
  EXPECT_EQ(calls[2].self_ns, 20);
  EXPECT_EQ(calls[3].self_ns, 100);  // a message is not waited for
}

// The same by definition: sets, and a mark for each nanosecond.
void ExpectAsDefined(const std::vector<TraceCall>& calls, const MeasuredGraph& graph) {
  std::map<std::pair<uint32_t, uint32_t>, uint32_t> pairs;
  std::vector<uint32_t> order;
  std::map<uint32_t, uint32_t> depth;
  std::set<uint32_t> stateful;
  for (size_t i = 0; i < calls.size(); ++i) {
    const TraceCall& call = calls[i];
    uint32_t level = 0;
    for (uint32_t p = call.parent; p != kNone; p = calls[p].parent) ++level;
    EXPECT_EQ(call.depth, level);
    uint32_t end = static_cast<uint32_t>(i) + 1;
    for (uint32_t j = end; j < calls.size(); ++j) {
      uint32_t p = j;
      while (p != kNone && p != i) p = calls[p].parent;
      if (p == i) end = j + 1;
    }
    EXPECT_EQ(call.subtree_end, end);
    for (const uint32_t service : {Index(call.caller), Index(call.callee)}) {
      if (service == 0) continue;
      if (!depth.contains(service)) {
        order.push_back(service);
        depth[service] = level;
      }
      depth[service] = std::min(depth[service], level);
    }
    if (call.caller != model::kNoService && call.callee != model::kNoService) {
      ++pairs[{Index(call.caller), Index(call.callee)}];
    }
    if (call.callee != model::kNoService && model::IsStateful(call.kind)) {
      stateful.insert(Index(call.callee));
    }

    const Interval own = call.server.known() ? call.server : call.client;
    int64_t self = own.known() ? 0 : kNoTime;
    std::vector<Interval> callees;
    for (const TraceCall& other : calls) {
      if (other.parent != i || other.kind == Kind::kMessage) continue;
      callees.push_back(other.client.known() ? other.client : other.server);
      if (!callees.back().known()) self = kNoTime;
    }
    if (self != kNoTime) {
      for (int64_t t = own.start_ns; t < own.end_ns(); ++t) {
        self += std::none_of(callees.begin(), callees.end(),
                             [t](const Interval& c) { return c.start_ns <= t && t < c.end_ns(); });
      }
    }
    EXPECT_EQ(call.self_ns, self);
    EXPECT_EQ(call.caller_node == kNone, call.caller == model::kNoService);
    EXPECT_EQ(call.callee_node == kNone, call.callee == model::kNoService);
    if (call.caller_node != kNone) {
      EXPECT_EQ(graph.nodes[call.caller_node].service, call.caller);
    }
    if (call.callee_node != kNone) {
      EXPECT_EQ(graph.nodes[call.callee_node].service, call.callee);
    }
  }
  ASSERT_EQ(graph.nodes.size(), order.size());
  for (size_t n = 0; n < order.size(); ++n) {
    const Node& node = graph.nodes[n];
    EXPECT_EQ(Index(node.service), order[n]);
    EXPECT_EQ(node.depth, depth[order[n]]);
    EXPECT_EQ(node.stateful, stateful.contains(order[n]));
    EXPECT_EQ(node.out_degree, std::count_if(pairs.begin(), pairs.end(), [&](const auto& pair) {
                return pair.first.first == order[n];
              }));
    EXPECT_EQ(node.in_degree, std::count_if(pairs.begin(), pairs.end(), [&](const auto& pair) {
                return pair.first.second == order[n];
              }));
  }
  ASSERT_EQ(graph.edges.size(), pairs.size());
  for (const Edge& edge : graph.edges) {
    EXPECT_EQ(edge.calls, (pairs[{Index(graph.nodes[edge.caller].service),
                                  Index(graph.nodes[edge.callee].service)}]));
  }
}

TEST(Measure, IsWhatTheDefinitionsSay) {
  std::mt19937 engine(7);
  const auto below = [&engine](uint32_t bound) { return static_cast<uint32_t>(engine() % bound); };
  MeasuredGraph graph;
  for (int round = 0; round < 3000; ++round) {
    if (round == 1500) graph.generation = std::numeric_limits<uint32_t>::max() - 200;  // wraps soon
    const uint32_t size = 1 + below(round % 50 == 0 ? 150 : 12);
    const uint32_t services = 1 + below(round % 50 == 0 ? 120 : 8);
    std::vector<TraceCall> calls;
    std::vector<uint32_t> open;  // from the entry to the call before
    for (uint32_t i = 0; i < size; ++i) {
      while (!open.empty() && below(2) == 0) open.pop_back();
      const uint32_t parent = open.empty() ? kNone : open.back();
      uint32_t caller = parent == kNone ? below(2) : Index(calls[parent].callee);
      if (below(20) == 0) caller = below(services + 1);
      calls.push_back(Made(parent, caller, below(services + 1)));
      TraceCall& call = calls.back();
      call.kind = static_cast<Kind>(below(model::kKinds));
      const auto time = [&] { return below(6) == 0 ? Interval{} : Interval{below(20), below(20)}; };
      call.client = time();
      call.server = time();
      open.push_back(i);
    }
    Measure(calls, graph);
    ExpectAsDefined(calls, graph);
    if (HasFailure()) FAIL() << "round " << round;
  }
}

// 100,000 callees of one caller in the worst order, all of different services: a quadratic step
// would take minutes.
TEST(Measure, BearsAWideCaller) {
  std::vector<TraceCall> calls = {Made(kNone, 0, 1, 0, 1'000'000)};
  for (uint32_t i = 0; i < 100'000; ++i) calls.push_back(Made(0, 1, i + 2, 999'990 - 10 * i, 7));
  MeasuredGraph graph;
  Measure(calls, graph);
  EXPECT_EQ(graph.nodes.size(), 100'001u);
  EXPECT_EQ(graph.nodes[0].out_degree, 100'000u);
  EXPECT_EQ(calls[0].self_ns, 300'000);
}

}  // namespace
}  // namespace plumbago::graph
