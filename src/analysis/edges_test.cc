#include "analysis/edges.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace plumbago::analysis {
namespace {

using document::Cell;
using graph::TraceCall;
using model::kNoTime;

struct Made {
  std::string caller, callee;
  int64_t latency_ns, self_ns;
  model::Kind kind = model::Kind::kRpc;
  bool client = true;
};

void Observe(Edges::State& state, model::Names& names, const std::vector<Made>& made) {
  std::vector<TraceCall> calls;
  for (const Made& m : made) {
    TraceCall& call = calls.emplace_back();
    call.caller = names.Service(m.caller);
    call.callee = names.Service(m.callee);
    call.kind = m.kind;
    (m.client ? call.client : call.server) = {0, m.latency_ns};
    call.self_ns = m.self_ns;
  }
  graph::CallGraph graph;
  graph.calls = calls;
  Edges::Observe(state, graph, Facts{});
}

document::Section Conclude(const Edges::State& state, const model::Names& names) {
  Facts facts;
  facts.tick_ns = 1;
  facts.names = &names;
  return Edges::Conclude(state, facts);
}

TEST(Edges, SlowestFirstByOwnTimeOfAllCalls) {
  model::Names names;
  Edges::State state;
  Observe(state, names,
          {{"", "front", 1000, 10},
           {"front", "store", 30, 30},
           {"front", "store", 40, 40},
           {"front", "store", 50, 50},
           {"front", "slow", 100, 100},
           {"front", "store", 5, 5, model::Kind::kMessage}});
  const document::Section section = Conclude(state, names);
  const document::Table& table = section.tables[0];
  EXPECT_TRUE(table.key);
  ASSERT_EQ(table.rows.size(), 4u);
  EXPECT_EQ(table.rows[0][1], Cell(std::string("store")));
  EXPECT_EQ(table.rows[0][3], Cell(int64_t{3}));
  EXPECT_EQ(table.rows[0][4], Cell(int64_t{40}));   // p50
  EXPECT_EQ(table.rows[0][7], Cell(int64_t{40}));   // mean
  EXPECT_EQ(table.rows[0][8], Cell(int64_t{120}));  // total
  EXPECT_DOUBLE_EQ(std::get<double>(table.rows[0][9]), 120.0 / 235);
  EXPECT_EQ(table.rows[1][1], Cell(std::string("slow")));
  EXPECT_EQ(table.rows[2][0], Cell(std::string("(outside)")));
  EXPECT_EQ(table.rows[3][2], Cell(std::string("message")));
  for (const auto& row : table.rows) EXPECT_EQ(row.size(), table.columns.size());
  EXPECT_EQ(section.headline[0].value, 4);
  EXPECT_EQ(section.headline[1].value, 40);  // of 5, 40, 100, 1000 (and not 70)
  EXPECT_EQ(section.headline[2].value, 1);
}

TEST(Edges, SaysWhichSideWasHeardAndWhatIsNotKnown) {
  model::Names names;
  Edges::State state;
  Observe(state, names,
          {{"a", "b", 10, kNoTime}, {"a", "b", 20, kNoTime, model::Kind::kRpc, false}});
  Observe(state, names, {{"a", "c", kNoTime, kNoTime}});
  const document::Section section = Conclude(state, names);
  const auto& rows = section.tables[0].rows;
  EXPECT_EQ(rows[0][7], Cell());
  EXPECT_EQ(rows[0][8], Cell());
  EXPECT_EQ(rows[0][9], Cell());
  EXPECT_EQ(rows[0][11], Cell(0.5));
  EXPECT_EQ(rows[1][4], Cell());
  EXPECT_EQ(rows[1][11], Cell());
  EXPECT_FALSE(section.headline[2].value.has_value());
  EXPECT_NE(section.computed.find("1 of 2 timed calls"), std::string::npos) << section.computed;
}

// What is said of the quantiles in the report: within 1 % and half a tick of the clock. The sketch
// alone would be within 1 %, but no latency lies between two ticks.
TEST(Edges, QuantilesAreWithinOnePercentAndHalfATick) {
  constexpr int64_t kTick = 1'000'000;
  std::mt19937 engine(7);
  for (const uint32_t most : {3u, 40u, 90u, 700u, 30'000u}) {
    model::Names names;
    Edges::State state;
    std::vector<int64_t> latencies;
    for (int i = 0; i < 2001; ++i) {
      latencies.push_back((1 + static_cast<int64_t>(engine() % most)) * kTick);
      Observe(state, names, {{"a", "b", latencies.back(), kTick}});
    }
    std::sort(latencies.begin(), latencies.end());
    Facts facts;
    facts.names = &names;
    facts.tick_ns = kTick;
    const document::Section section = Edges::Conclude(state, facts);
    const auto& row = section.tables[0].rows[0];
    for (const auto& [column, rank] : {std::pair{4, 1000}, {5, 1900}, {6, 1980}}) {
      const int64_t said = std::get<int64_t>(row[static_cast<size_t>(column)]);
      const int64_t exact = latencies[static_cast<size_t>(rank)];
      EXPECT_EQ(said % kTick, 0);
      EXPECT_LE(std::abs(said - exact), exact / 100 + kTick / 2) << exact;
      if (exact < 50 * kTick) {
        EXPECT_EQ(said, exact);
      }
    }
  }
}

TEST(Edges, NothingIsNoError) {
  model::Names names;
  const document::Section section = Conclude(Edges::State{}, names);
  EXPECT_TRUE(section.tables[0].rows.empty());
  EXPECT_FALSE(section.headline[1].value.has_value());
}

// Ids follow the names when traces are observed; the order of merging may not show, not even among
// edges with equal time.
TEST(Edges, AreTheSameForAnyOrderOfArrival) {
  std::mt19937 engine(4);
  std::vector<Made> made;
  for (int i = 0; i < 3000; ++i) {
    const auto self = static_cast<int64_t>(engine() % 3);
    made.push_back(
        {"s" + std::to_string(engine() % 30), "s" + std::to_string(engine() % 30), self + 5, self});
  }
  document::Section first;
  for (int round = 0; round < 4; ++round) {
    model::Names names;
    std::shuffle(made.begin(), made.end(), engine);
    for (const Made& one : made) {
      names.Service(one.caller);
      names.Service(one.callee);
    }
    names.Sort();
    std::vector<Edges::State> parts(3);
    for (size_t i = 0; i < made.size(); ++i) Observe(parts[engine() % 3], names, {made[i]});
    MergeFields(parts[0], std::move(parts[2]));
    MergeFields(parts[1], std::move(parts[0]));
    const document::Section section = Conclude(parts[1], names);
    if (round == 0) first = section;
    const auto& rows = section.tables[0].rows;
    EXPECT_EQ(rows, first.tables[0].rows);
    for (size_t i = 1; i < rows.size(); ++i) {
      const auto before = std::get<int64_t>(rows[i - 1][8]), own = std::get<int64_t>(rows[i][8]);
      EXPECT_TRUE(before > own || (before == own && std::tie(rows[i - 1][0], rows[i - 1][1]) <
                                                        std::tie(rows[i][0], rows[i][1])));
    }
    for (size_t i = 0; i < first.headline.size(); ++i) {
      EXPECT_EQ(section.headline[i].value, first.headline[i].value);
    }
  }
}

}  // namespace
}  // namespace plumbago::analysis
