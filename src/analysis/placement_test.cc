#include "analysis/placement.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "base/strong_id.h"
#include "graph/graph_measure.h"

namespace plumbago::analysis {
namespace {

using document::Verdict;
using graph::kNone;
using graph::TraceCall;
using model::Kind;

constexpr int64_t kMs = 1'000'000;

// Eight pods a service on four hosts in two clusters.
struct World {
  model::Names names;
  Facts facts;
  Placement::State state;
  World() {
    for (const char* text : {"a", "b", "db"}) names.Service(text);
    for (int i = 0; i < 8; ++i) {
      for (const char* service : {"a", "b", "db"}) Pod(service, i);
    }
    facts.names = &names;
  }
  model::InstanceId Pod(const std::string& service, int number) {
    return names.Instance(service + "-" + std::to_string(number));
  }
  void Place(model::InstanceId inner, const std::string& outer, model::Measure measure) {
    model::Sample sample;
    sample.instance = inner;
    sample.host = names.Instance(outer);
    sample.measure = measure;
    Placement::Observe(state, sample, facts);
  }
  void PlaceAll(bool hosts, bool clusters) {
    for (int i = 0; i < 8; ++i) {
      for (const char* service : {"a", "b", "db"}) {
        const std::string host = "host" + std::to_string(i % 4);
        if (hosts) Place(Pod(service, i), host, model::Measure::kCpu);
        if (clusters) {
          Place(names.Instance(host), i % 4 < 2 ? "east" : "west", model::Measure::kCluster);
        }
      }
    }
  }
  // a calls db, from pod `from` to pod `to`.
  void Trace(uint64_t id, int from, int to, int64_t latency_ms, bool instances = true) {
    std::vector<TraceCall> calls(2);
    calls[0].parent = kNone;
    calls[0].callee = names.Service("a");
    calls[0].client = {0, 500 * kMs};
    calls[1].parent = 0;
    calls[1].caller = calls[0].callee;
    calls[1].callee = names.Service("db");
    calls[1].kind = Kind::kDatabase;
    calls[1].client = {0, latency_ms * kMs};
    if (instances) {
      calls[1].caller_instance = Pod("a", from);
      calls[1].callee_instance = Pod("db", to);
    }
    graph::MeasuredGraph measured;
    graph::Measure(calls, measured);
    graph::CallGraph graph;
    graph.trace = {.hi = 3, .lo = id};
    graph.calls = calls;
    graph.nodes = measured.nodes;
    graph.edges = measured.edges;
    Placement::Observe(state, graph, facts);
  }
  // Calls in all directions that take `cluster_ms` longer across clusters, `host_ms` across hosts.
  void Traces(int64_t cluster_ms, int64_t host_ms, uint64_t count = 800, bool instances = true) {
    std::mt19937_64 random(7);
    for (uint64_t t = 0; t < count; ++t) {
      const int from = static_cast<int>(random() % 8), to = static_cast<int>(random() % 8);
      int64_t ms = 10 + static_cast<int64_t>(random() % 8);
      if (from % 4 / 2 != to % 4 / 2) ms += cluster_ms;
      if (from % 4 != to % 4) ms += host_ms;
      Trace(t * 0x9E3779B97F4A7C15u, from, to, ms, instances);
    }
  }
  document::Finding Finding(const std::string& id) const {
    const document::Section section = Placement::Conclude(state, facts);
    return *std::find_if(section.findings.begin(), section.findings.end(),
                         [&id](const auto& finding) { return finding.id == id; });
  }
};

TEST(Placement, FindsSlowCallsAcrossClusters) {
  World w;
  w.PlaceAll(true, true);
  w.Traces(3, 0);
  const document::Finding finding = w.Finding("cross-cluster-latency");
  EXPECT_EQ(finding.verdict, Verdict::kSupported) << finding.reason;
  EXPECT_NEAR(*finding.effect.value, 3 * kMs, kMs);
  EXPECT_LE(*finding.effect.low, 3 * kMs);
  EXPECT_GE(*finding.effect.high, 3 * kMs);
}

TEST(Placement, FindsThatClustersDoNotMatter) {
  World w;
  w.PlaceAll(true, true);
  w.Traces(0, 0, 20'000);
  EXPECT_EQ(w.Finding("cross-cluster-latency").verdict, Verdict::kContradicted);
  EXPECT_EQ(w.Finding("cross-host-latency").verdict, Verdict::kContradicted);
}

TEST(Placement, SaysOfHostsWhatItCannotSayOfClusters) {
  World w;
  w.PlaceAll(true, false);
  w.Traces(0, 4);
  EXPECT_EQ(w.Finding("cross-host-latency").verdict, Verdict::kSupported);
  const document::Finding clusters = w.Finding("cross-cluster-latency");
  EXPECT_EQ(clusters.verdict, Verdict::kCannotSay);
  EXPECT_NE(clusters.reason.find("names no clusters"), std::string::npos);
}

TEST(Placement, CannotSayWithoutPlacesInstancesOrOverlap) {
  World nothing;
  nothing.Traces(5, 5);
  EXPECT_NE(nothing.Finding("cross-host-latency").reason.find("no sample"), std::string::npos);
  World no_instances;
  no_instances.PlaceAll(true, true);
  no_instances.Traces(5, 5, 800, false);
  EXPECT_EQ(no_instances.state.between, 0u);
  EXPECT_NE(no_instances.Finding("cross-cluster-latency").reason.find("which instances"),
            std::string::npos);
  World near_only;
  near_only.PlaceAll(true, true);
  for (uint64_t t = 0; t < 100; ++t) near_only.Trace(t << 50, 0, 4, 10);
  EXPECT_NE(near_only.Finding("cross-host-latency").reason.find("both within"), std::string::npos);
  World few;
  few.PlaceAll(true, true);
  few.Traces(3, 0, 30);
  EXPECT_NE(few.Finding("cross-cluster-latency").reason.find("too few"), std::string::npos);
}

// An instance that moved is in no place; the table of places keeps each once.
TEST(Placement, AnInstanceOnTwoHostsIsLeftOut) {
  World w;
  w.PlaceAll(true, false);
  w.Place(w.Pod("a", 0), "elsewhere", model::Measure::kMemory);
  w.Place(w.Pod("a", 0), "host0", model::Measure::kMemory);
  for (uint64_t t = 0; t < 30; ++t) w.Trace(t, 0, 4, 10);
  w.Trace(40, 1, 5, 10);
  const auto section = Placement::Conclude(w.state, w.facts);
  ASSERT_EQ(section.tables[0].rows.size(), 1u);
  EXPECT_EQ(std::get<int64_t>(section.tables[0].rows[0][1]), 1);
  EXPECT_EQ(std::get<int64_t>(section.tables[0].rows[0][2]), 0);
  EXPECT_NE(section.computed.find("1 more than one"), std::string::npos) << section.computed;
}

// What the callee says has no way in it: where sides are marked, only the caller's time counts. And
// calls with calls below them hold the times of others.
TEST(Placement, TakesLeafCallsAsTheCallerSawThem) {
  World w;
  std::vector<TraceCall> calls(3);
  for (uint32_t i = 0; i < 3; ++i) {
    calls[i].parent = i == 0 ? kNone : i - 1;
    calls[i].callee = w.names.Service("b");
    calls[i].caller_instance = w.Pod("a", 0);
    calls[i].callee_instance = w.Pod("b", 1);
    calls[i].server = {0, 5 * kMs};
  }
  graph::MeasuredGraph measured;
  graph::Measure(calls, measured);
  graph::CallGraph graph;
  graph.calls = calls;
  graph.nodes = measured.nodes;
  graph.edges = measured.edges;
  graph.sides_marked = true;
  Placement::Observe(w.state, graph, w.facts);
  EXPECT_EQ(w.state.leaves, 1u);
  EXPECT_EQ(w.state.between, 0u);
  calls[2].client = {-1, 6 * kMs};
  Placement::Observe(w.state, graph, w.facts);
  ASSERT_EQ(w.state.calls.size(), 1u);
  EXPECT_EQ(w.state.calls.Sorted()[0].latency_ns, 6 * kMs);
  EXPECT_EQ(w.state.calls.Sorted()[0].hour, -1);  // towards minus infinity
}

}  // namespace
}  // namespace plumbago::analysis
