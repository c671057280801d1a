#include "graph/dependency_graph.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
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
  const auto totals = [](const DependencyTotals& t) {
    return fmt::format(" calls {} errors {} client {} server {} self {}/{} p50 {} max {}\n",
                       t.calls, t.errors, t.client_side, t.server_side(),
                       static_cast<uint64_t>(t.self_ns), t.self_known,
                       t.latency_ns.Quantile(0.5).value_or(-1), t.latency_ns.max());
  };
  std::vector<std::string> lines;  // ids differ from round to round
  graph.VisitEdges([&](const DependencyEdge& edge) {
    lines.push_back(fmt::format("{}>{} {}", names.Text(edge.caller), names.Text(edge.callee),
                                model::KindName(edge.kind)) +
                    totals(edge.totals));
  });
  graph.runs().ForEach([&](const DependencyRecord& record) {
    DependencyTotals alone;
    alone.Add(record);
    lines.push_back(fmt::format("{}>{} {} {}", names.Text(record.caller), names.Text(record.callee),
                                names.Text(record.operation), model::KindName(record.kind)) +
                    totals(alone));
  });
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

TEST(DependencyGraph, CountsByEdgeAndByService) {
  model::Names names;
  const auto a = Index(names.Service("ant"));
  const auto m = Index(names.Service("mole"));
  const auto z = Index(names.Service("zebra"));
  const auto get = Index(names.Operation("get"));
  const auto put = Index(names.Operation("put"));
  std::vector<TraceCall> calls = {Made(0, z, get, 100), Made(z, a, get, 40), Made(z, a, put, 60),
                                  Made(m, a, put, 20)};
  calls[2].status = model::Status::kError;
  calls[3].server = calls[3].client;
  calls[3].client = {};
  DependencyGraph graph;
  graph.Add(Graph(calls));

  std::vector<DependencyEdge> edges;
  graph.VisitEdges([&](const auto& edge) { edges.push_back(edge); });
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
    parts[0].Freeze();
    const std::string listing = Listing(parts[0], names);
    if (round == 0) first = listing;
    EXPECT_EQ(listing, first);

    std::map<std::string, std::pair<uint64_t, uint64_t>> edges;  // calls, errors
    for (const Named& named : all) {
      auto& edge = edges[fmt::format("{}>{} {}", named.caller, named.callee,
                                     model::KindName(named.call.kind))];
      ++edge.first;
      edge.second += named.call.status == model::Status::kError;
    }
    size_t visited = 0;
    parts[0].VisitEdges([&](const DependencyEdge& edge) {
      const auto& counted = edges[fmt::format("{}>{} {}", names.Text(edge.caller),
                                              names.Text(edge.callee), model::KindName(edge.kind))];
      EXPECT_EQ(edge.totals.calls, counted.first);
      EXPECT_EQ(edge.totals.errors, counted.second);
      ++visited;
    });
    EXPECT_EQ(visited, edges.size());
  }
}

// Graphs that stand for more calls than can be counted: at least so many.
TEST(DependencyGraph, CallsOfWeightedGraphsStopAtTheLargest) {
  const std::vector<Node> nodes(2);
  const std::vector<Edge> edges = {{0, 1, 4'000'000'000, Kind::kRpc}};
  CallGraph graph;
  graph.ready_made = true;
  graph.nodes = nodes;
  graph.edges = edges;
  graph.weight = 9e18;
  DependencyGraph weighted, other;
  weighted.Add(graph);
  weighted.Add(graph);
  other.Add(graph);
  weighted.Merge(std::move(other));
  uint64_t calls = 0, visited = 0;
  weighted.VisitEdges([&](const DependencyEdge& edge) {
    calls = edge.totals.calls;
    ++visited;
  });
  EXPECT_EQ(visited, 1u);
  EXPECT_EQ(calls, UINT64_MAX);
}

}  // namespace
}  // namespace plumbago::graph
