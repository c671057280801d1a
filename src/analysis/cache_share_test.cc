#include "analysis/cache_share.h"

#include <gtest/gtest.h>

#include <bit>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "analysis/made_trace.h"

namespace plumbago::analysis {
namespace {

using graph::kNone;
using model::Kind;

document::Section Concluded(const CacheShare::State& state) {
  Facts facts;
  return CacheShare::Conclude(state, facts);
}

double Number(const document::Cell& cell) { return std::get<double>(cell); }

TEST(CacheShare, CountsServicesAndCalls) {
  model::Names names;
  CacheShare::State state;
  MadeTrace trace(names, 7);
  // gate, cart, redis, memcached; 2 of 4 services and 3 of 5 calls; a database is no cache.
  trace.Call(kNone, "", "gate", Kind::kHttp)
      .Call(0, "gate", "redis", Kind::kCache)
      .Call(0, "gate", "cart")
      .Call(2, "cart", "redis", Kind::kCache)
      .Call(2, "cart", "memcached", Kind::kCache);
  CacheShare::Observe(state, trace.Graph(), {});
  MadeTrace other(names, 8);  // 5 services, of the same class, none of them a cache
  other.Call(kNone, "", "gate").Call(0, "gate", "db", Kind::kDatabase);
  other.Call(0, "gate", "a").Call(0, "gate", "b").Call(0, "gate", "c");
  CacheShare::Observe(state, other.Weight(3).Graph(), {});
  const document::Section section = Concluded(state);
  ASSERT_EQ(section.tables[0].rows.size(), 1u);
  const auto& row = section.tables[0].rows[0];
  EXPECT_EQ(std::get<std::string>(row[0]), "4 to 7");
  EXPECT_EQ(std::get<int64_t>(row[1]), 4);
  EXPECT_DOUBLE_EQ(Number(row[2]), (0.5 + 3 * 0) / 4);
  EXPECT_DOUBLE_EQ(Number(row[5]), 3.0 / (5 + 3 * 5));
  EXPECT_DOUBLE_EQ(*section.headline[0].value, 0.125);
  EXPECT_FALSE(section.headline[1].value);  // no large trace
}

TEST(CacheShare, OfAReadyMadeGraph) {
  model::Names names;
  graph::CallGraph graph;
  const graph::Node nodes[] = {{names.Service("a")}, {names.Service("m")}};
  const graph::Edge edges[] = {{0, 1, 3, Kind::kCache}};
  const graph::Edge half_edges[] = {{kNone, 0, 1, Kind::kHttp}};
  graph.nodes = nodes;
  graph.edges = edges;
  graph.half_edges = half_edges;
  graph.ready_made = true;
  graph.weight = 10;
  CacheShare::State state;
  CacheShare::Observe(state, graph, {});
  const document::Section section = Concluded(state);
  const auto& row = section.tables[0].rows.at(0);
  EXPECT_EQ(std::get<int64_t>(row[1]), 10);
  EXPECT_DOUBLE_EQ(Number(row[2]), 0.5);
  EXPECT_DOUBLE_EQ(Number(row[5]), 0.75);
}

// By definition, on random trees.
TEST(CacheShare, EqualsABruteForceTwin) {
  std::mt19937_64 random(4);
  model::Names names;
  CacheShare::State state;
  struct Sums {
    double traces = 0, shares = 0, calls = 0, cache_calls = 0;
  };
  std::map<int, Sums> expected;
  for (uint64_t t = 0; t < 300; ++t) {
    MadeTrace trace(names, t);
    std::vector<std::string> callees;
    std::set<std::string> services, caches;
    uint64_t cache_calls = 0;
    const uint64_t calls = 1 + random() % 60;
    for (uint64_t i = 0; i < calls; ++i) {
      // A chain with leaves: the parent is the last call that is no cache.
      const std::string caller = callees.empty() ? "" : callees.back();
      const bool cache = i > 0 && random() % 2 == 0;
      const std::string callee =
          (cache ? "cache" : "s") + std::to_string(random() % (1 + random() % 40));
      static uint32_t parent;
      if (i == 0) parent = kNone;
      trace.Call(parent, caller, callee, cache ? Kind::kCache : Kind::kRpc);
      if (!cache) {
        parent = static_cast<uint32_t>(i);
        callees.push_back(callee);
      }
      services.insert(callee);
      if (cache) caches.insert(callee);
      cache_calls += cache;
    }
    CacheShare::Observe(state, trace.Graph(), {});
    Sums& sums = expected[static_cast<int>(std::bit_width(services.size()))];
    ++sums.traces;
    sums.shares += static_cast<double>(caches.size()) / static_cast<double>(services.size());
    sums.calls += static_cast<double>(calls);
    sums.cache_calls += static_cast<double>(cache_calls);
  }
  const document::Section section = Concluded(state);
  ASSERT_EQ(section.tables[0].rows.size(), expected.size());
  size_t i = 0;
  for (const auto& [size, sums] : expected) {
    const auto& row = section.tables[0].rows[i++];
    EXPECT_EQ(static_cast<double>(std::get<int64_t>(row[1])), sums.traces);
    EXPECT_NEAR(Number(row[2]), sums.shares / sums.traces, 1e-6);
    EXPECT_DOUBLE_EQ(Number(row[5]), sums.cache_calls / sums.calls);
  }
}

TEST(CacheShare, TracesWithoutNamesAreApart) {
  model::Names names;
  CacheShare::State state;
  MadeTrace trace(names, 1);
  CacheShare::Observe(state, trace.Call(kNone, "", "", Kind::kCache).Graph(), {});
  EXPECT_EQ(state.nameless, 1u);
  EXPECT_TRUE(Concluded(state).tables[0].rows.empty());
}

}  // namespace
}  // namespace plumbago::analysis
