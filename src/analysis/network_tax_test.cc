#include "analysis/network_tax.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "base/strong_id.h"
#include "graph/graph_measure.h"

namespace plumbago::analysis {
namespace {

using graph::kNone;
using graph::TraceCall;
using model::Kind;

constexpr int64_t kMs = 1'000'000;

TraceCall Made(int64_t client_ms, int64_t server_ms, Kind kind = Kind::kRpc, uint32_t callee = 1) {
  TraceCall call;
  call.kind = kind;
  call.callee = Id<model::ServiceId>(callee);
  if (client_ms >= 0) call.client = {0, client_ms * kMs};
  if (server_ms >= 0) call.server = {0, server_ms * kMs};
  return call;
}

void Observe(NetworkTax::State& state, std::vector<TraceCall> calls, bool sides = true,
             uint64_t trace = 1) {
  graph::MeasuredGraph measured;
  graph::Measure(calls, measured);
  graph::CallGraph graph;
  graph.trace = {.hi = 0, .lo = trace};
  graph.calls = calls;
  graph.nodes = measured.nodes;
  graph.edges = measured.edges;
  graph.sides_marked = sides;
  NetworkTax::Observe(state, graph, {});
}

struct World {
  model::Names names;
  Facts facts;
  World() {
    names.Service("a");
    names.Service("b");
    facts.names = &names;
  }
};

TEST(NetworkTax, IsSignedAndKeepsNegatives) {
  World w;
  NetworkTax::State state;
  Observe(state, {Made(10, 7), Made(10, 13), Made(4, 4, Kind::kHttp), Made(5, -1), Made(-1, 5),
                  Made(100, 1, Kind::kMessage)});
  EXPECT_EQ(state.calls, 5u);  // the message is none
  EXPECT_EQ(state.one_sided, 2u);
  const document::Section section = NetworkTax::Conclude(state, w.facts);
  const auto& rows = section.tables[0].rows;
  ASSERT_EQ(rows.size(), 3u);  // rpc, http, all
  EXPECT_EQ(std::get<std::string>(rows[0][0]), "rpc");
  EXPECT_EQ(std::get<int64_t>(rows[0][1]), 2);
  EXPECT_EQ(std::get<double>(rows[0][5]), 0);  // +3 - 3 of 20
  EXPECT_EQ(std::get<int64_t>(rows[0][8]), 1);
  EXPECT_EQ(std::get<int64_t>(rows[1][9]), 1);  // 0 lies within a tick
  EXPECT_EQ(*section.headline[0].value, 0);
  EXPECT_EQ(*section.headline[3].value, 1.0 / 3);
  EXPECT_EQ(*section.headline[4].value, 3.0 / 5);
  const auto& edge = section.tables[1].rows;
  ASSERT_EQ(edge.size(), 2u);
  EXPECT_EQ(std::get<int64_t>(edge[0][5]), 0);
}

TEST(NetworkTax, CannotSayWhereSidesAreNotMarked) {
  World w;
  NetworkTax::State state;
  Observe(state, {Made(10, 7), Made(10, 10)}, false);
  EXPECT_EQ(state.unmarked, 2u);
  const document::Section section = NetworkTax::Conclude(state, w.facts);
  for (const auto& headline : section.headline) EXPECT_FALSE(headline.value) << headline.name;
  EXPECT_TRUE(section.tables[0].rows.empty());
  EXPECT_TRUE(section.figures.empty());
  EXPECT_EQ(section.computed.find("Cannot say"), 0u);
}

TEST(NetworkTax, QuantilesEqualThoseOfTheSortedValues) {
  std::mt19937_64 random(3);
  SignedQuantiles sketch;
  std::vector<int64_t> values;
  for (int i = 0; i < 2000; ++i) {
    values.push_back(static_cast<int64_t>(random() % 4000) - 900);
    sketch.Add(values.back());
  }
  std::sort(values.begin(), values.end());
  int64_t sum = 0;
  for (const int64_t value : values) sum += value;
  EXPECT_EQ(sketch.sum(), static_cast<double>(sum));
  for (const double q : {0.0, 0.01, 0.1, 0.224, 0.225, 0.23, 0.5, 0.9, 0.99, 1.0}) {
    const auto exact = static_cast<double>(values[statistics::NearestRank(q, values.size())]);
    EXPECT_NEAR(*sketch.Quantile(q), exact, std::abs(exact) * 0.0101) << q;
  }
}

// A call's share of the wait, against a sort of all shares.
TEST(NetworkTax, SharesEqualABruteForceTwin) {
  World w;
  std::mt19937_64 random(6);
  NetworkTax::State state;
  std::vector<double> shares;
  int64_t tax = 0, wait = 0;
  for (uint64_t t = 0; t < 100; ++t) {
    std::vector<TraceCall> calls;
    for (uint64_t i = 0; i < 1 + random() % 20; ++i) {
      const auto client = static_cast<int64_t>(1 + random() % 90);
      const auto server = static_cast<int64_t>(random() % 90);
      calls.push_back(Made(client, server, Kind::kRpc, 1 + static_cast<uint32_t>(random() % 2)));
      shares.push_back(static_cast<double>(client - server) / static_cast<double>(client));
      tax += client - server;
      wait += client;
    }
    Observe(state, calls, true, t);
  }
  std::sort(shares.begin(), shares.end());
  const document::Section section = NetworkTax::Conclude(state, w.facts);
  EXPECT_DOUBLE_EQ(*section.headline[0].value,
                   static_cast<double>(tax) / static_cast<double>(wait));
  const auto& row = section.tables[0].rows.at(0);
  const double p50 = shares[statistics::NearestRank(0.5, shares.size())];
  EXPECT_NEAR(std::get<double>(row[6]), p50, 0.0101 * std::abs(p50) + 1e-6);
  int64_t total = 0;
  for (const auto& edge : section.tables[1].rows) total += std::get<int64_t>(edge[5]);
  EXPECT_EQ(total, tax * kMs);
}

// Durations as long as a file may make them: the parts pass 63 bits, the whole does not.
TEST(NetworkTax, HostileTimesAddUpModulo) {
  constexpr int64_t kHugeMs = 4'000'000'000'000;
  NetworkTax::State there, back;
  Observe(there, {Made(kHugeMs, 0), Made(kHugeMs, 0), Made(kHugeMs, 0)});
  Observe(back, {Made(0, kHugeMs), Made(0, kHugeMs), Made(7, 0)});
  std::vector<TraceCall> many(2500, Made(kHugeMs, 0));
  NetworkTax::State micros;
  Observe(micros, many);  // a trace's sum in microseconds passes, too
  MergeFields(there, std::move(back));
  there.edges.Freeze();
  std::vector<NetworkTax::Edge> edges;
  there.edges.ForEach([&](const NetworkTax::Edge& edge) { edges.push_back(edge); });
  ASSERT_EQ(edges.size(), 1u);
  EXPECT_EQ(edges[0].tax_ns, (kHugeMs + 7) * kMs);
  EXPECT_EQ(edges[0].client_ns, static_cast<uint64_t>(3 * kHugeMs + 7) * kMs);
  EXPECT_EQ(micros.kinds[static_cast<size_t>(Kind::kRpc)].client_ns, UINT64_MAX);
}

}  // namespace
}  // namespace plumbago::analysis
