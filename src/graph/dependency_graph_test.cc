#include "graph/dependency_graph.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/strong_id.h"

namespace plumbago::graph {
namespace {

using model::Kind;

TraceCall Made(uint32_t caller, uint32_t callee, uint32_t operation, int64_t duration) {
  TraceCall call;
  call.caller = Id<model::ServiceId>(caller);
  call.callee = Id<model::ServiceId>(callee);
  call.operation = Id<model::OperationId>(operation);
  call.kind = Kind::kRpc;
  call.client = {0, duration};
  call.self_ns = duration / 2;
  return call;
}

CallGraph Graph(const std::vector<TraceCall>& calls) {
  CallGraph graph;
  graph.calls = calls;
  return graph;
}

// Every number of the graph as text.
std::string Listing(const DependencyGraph& graph, const model::Names& names) {
  std::string text;
  const auto totals = [](const DependencyTotals& t) {
    return fmt::format(" calls {} errors {} client {} server {} self {}/{} p50 {} max {}\n",
                       t.calls, t.errors, t.client_side, t.server_side(),
                       static_cast<uint64_t>(t.self_ns), t.self_known,
                       t.latency_ns.Quantile(0.5).value_or(-1), t.latency_ns.max());
  };
  for (const auto level : {DependencyLevel::kService, DependencyLevel::kOperation}) {
    graph.VisitEdges(names, level, [&](const DependencyEdge& edge) {
      text += fmt::format("{}>{} {} {}", names.Text(edge.caller), names.Text(edge.callee),
                          names.Text(edge.operation), model::KindName(edge.kind)) +
              totals(edge.totals);
    });
    graph.VisitNodes(names, level, [&](const DependencyNode& node) {
      text += fmt::format("{} {} callers {} callees {}", names.Text(node.service),
                          names.Text(node.operation), node.callers, node.callees) +
              totals(node.totals);
    });
  }
  return text;
}

TEST(DependencyGraph, CountsByEdgeAndByService) {
  model::Names names;
  const auto z = Index(names.Service("zebra"));
  const auto a = Index(names.Service("ant"));
  const auto m = Index(names.Service("mole"));
  const auto get = Index(names.Operation("get"));
  const auto put = Index(names.Operation("put"));
  std::vector<TraceCall> calls = {Made(0, z, get, 100), Made(z, a, get, 40), Made(z, a, put, 60),
                                  Made(m, a, put, 20)};
  calls[2].status = model::Status::kError;
  calls[3].server = calls[3].client;
  calls[3].client = {};
  DependencyGraph graph;
  graph.Add(Graph(calls));
  EXPECT_EQ(graph.size(), 4u);

  std::vector<DependencyEdge> edges;
  graph.VisitEdges(names, DependencyLevel::kService,
                   [&](const auto& edge) { edges.push_back(edge); });
  ASSERT_EQ(edges.size(), 3u);
  EXPECT_EQ(Index(edges[0].caller), 0u);
  EXPECT_EQ(Index(edges[1].caller), m);
  EXPECT_EQ(edges[1].totals.client_side, 0u);
  EXPECT_EQ(edges[1].totals.server_side(), 1u);
  EXPECT_EQ(Index(edges[2].caller), z);
  EXPECT_EQ(edges[2].totals.calls, 2u);
  EXPECT_EQ(edges[2].totals.errors, 1u);
  EXPECT_EQ(edges[2].totals.self_ns, 50u);
  EXPECT_EQ(edges[2].totals.latency_ns.max(), 60);

  std::vector<DependencyNode> nodes;
  graph.VisitNodes(names, DependencyLevel::kService,
                   [&](const auto& node) { nodes.push_back(node); });
  ASSERT_EQ(nodes.size(), 3u);  // ant, mole, zebra
  EXPECT_EQ(nodes[0].callers, 2u);
  EXPECT_EQ(nodes[0].callees, 0u);
  EXPECT_EQ(nodes[0].totals.calls, 3u);
  EXPECT_EQ(nodes[1].callees, 1u);
  EXPECT_EQ(nodes[1].totals.calls, 0u);
  EXPECT_EQ(nodes[2].callers, 0u);

  nodes.clear();
  graph.VisitNodes(names, DependencyLevel::kOperation,
                   [&](const auto& node) { nodes.push_back(node); });
  ASSERT_EQ(nodes.size(), 3u);  // ant get, ant put, zebra get
  EXPECT_EQ(nodes[1].totals.calls, 2u);
  EXPECT_EQ(nodes[1].callers, 2u);
}

// Random calls in several states, merged in several orders, with ids handed out in several orders:
// always the listing that counting by definition gives.
TEST(DependencyGraph, AnyOrderOfMergingGivesWhatCountingGives) {
  std::mt19937 engine(3);
  const auto below = [&engine](uint32_t bound) { return static_cast<uint32_t>(engine() % bound); };
  struct Named {
    std::string caller, callee, operation;
    TraceCall call;
  };
  std::vector<Named> all(20000);
  for (Named& named : all) {
    named.caller = below(10) == 0 ? "" : fmt::format("service-{}", below(60));
    named.callee = fmt::format("service-{}", below(60));
    named.operation = fmt::format("operation-{}", below(4));
    named.call = Made(0, 0, 0, below(1000));
    named.call.kind = static_cast<Kind>(below(2));
    if (below(5) == 0) std::swap(named.call.client, named.call.server);
    if (below(7) == 0) named.call.status = model::Status::kError;
    if (below(5) == 0) named.call.self_ns = model::kNoTime;
    if (below(9) == 0) named.call.client = named.call.server = {};
  }
  std::string first;
  for (int round = 0; round < 3; ++round) {
    model::Names names;
    std::shuffle(all.begin(), all.end(), engine);
    std::vector<DependencyGraph> parts(1 + 3 * round);
    for (size_t begin = 0; begin < all.size();) {
      std::vector<TraceCall> calls;
      for (uint32_t n = 1 + below(70); n > 0 && begin < all.size(); --n, ++begin) {
        TraceCall call = all[begin].call;
        call.caller = names.Service(all[begin].caller);
        call.callee = names.Service(all[begin].callee);
        call.operation = names.Operation(all[begin].operation);
        calls.push_back(call);
      }
      parts[below(static_cast<uint32_t>(parts.size()))].Add(Graph(calls));
      if (below(20) == 0) parts[0] = DependencyGraph(parts[0]);  // a copy goes on where it was
    }
    while (parts.size() > 1) {
      parts[below(static_cast<uint32_t>(parts.size()) - 1)].Merge(std::move(parts.back()));
      parts.pop_back();
    }
    const std::string listing = Listing(parts[0], names);
    if (round == 0) first = listing;
    EXPECT_EQ(listing, first);

    std::map<std::string, uint64_t> calls;
    std::map<std::string, std::set<std::string>> callers;
    std::map<std::string, uint64_t> self;
    std::map<std::string, std::pair<uint64_t, uint64_t>> edges;  // calls, errors
    for (const Named& named : all) {
      ++calls[named.callee];
      auto& edge = edges[fmt::format("{}>{} {}", named.caller, named.callee,
                                     model::KindName(named.call.kind))];
      ++edge.first;
      edge.second += named.call.status == model::Status::kError;
      if (!named.caller.empty()) callers[named.callee].insert(named.caller);
      if (named.call.self_ns != model::kNoTime) self[named.callee] += named.call.self_ns;
    }
    size_t visited = 0;
    parts[0].VisitEdges(names, DependencyLevel::kService, [&](const DependencyEdge& edge) {
      const auto& counted = edges[fmt::format("{}>{} {}", names.Text(edge.caller),
                                              names.Text(edge.callee), model::KindName(edge.kind))];
      EXPECT_EQ(edge.totals.calls, counted.first);
      EXPECT_EQ(edge.totals.errors, counted.second);
      ++visited;
    });
    EXPECT_EQ(visited, edges.size());
    parts[0].VisitNodes(names, DependencyLevel::kService, [&](const DependencyNode& node) {
      const std::string service(names.Text(node.service));
      EXPECT_EQ(node.totals.calls, calls[service]);
      EXPECT_EQ(node.callers, callers[service].size());
      EXPECT_EQ(static_cast<uint64_t>(node.totals.self_ns), self[service]);
    });
  }
}

}  // namespace
}  // namespace plumbago::graph
