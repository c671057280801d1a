#include "analysis/sharing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "analysis/made_trace.h"
#include "analysis/shared_services.h"
#include "base/strong_id.h"

namespace plumbago::analysis {
namespace {

using document::Verdict;
using graph::kNone;
using model::Kind;

document::Section Concluded(const Sharing::State& state, const model::Names& names) {
  Facts facts;
  facts.names = &names;
  return Sharing::Conclude(state, facts);
}

const document::Table& TableOf(const document::Section& section, const std::string& id) {
  return *std::find_if(section.tables.begin(), section.tables.end(),
                       [&id](const auto& table) { return table.id == id; });
}

const std::vector<document::Cell>& RowOfService(const document::Table& table,
                                                const std::string& service) {
  return *std::find_if(table.rows.begin(), table.rows.end(),
                       [&](const auto& row) { return std::get<std::string>(row[0]) == service; });
}

double HeadlineOf(const document::Section& section, const std::string& name) {
  return *std::find_if(section.headline.begin(), section.headline.end(),
                       [&name](const auto& headline) { return headline.name == name; })
              ->value;
}

// Names in the order of texts, as a run has them.
struct World {
  model::Names names;
  World() {
    for (const char* text : {"auth", "cart", "db", "gate", "shop"}) names.Service(text);
    for (const char* text : {"browse", "buy"}) names.Operation(text);
  }
};

TEST(Sharing, CountsEntriesTrafficCallersAndCalls) {
  World world;
  Sharing::State state;
  for (uint64_t t = 0; t < 3; ++t) {
    MadeTrace buy(world.names, t);
    buy.Entry("gate", "buy").Call(kNone, "", "gate", Kind::kHttp);
    buy.Call(0, "gate", "cart").Call(1, "cart", "db", Kind::kDatabase);
    buy.Call(1, "cart", "db", Kind::kDatabase).Call(0, "gate", "auth");
    Sharing::Observe(state, buy.Graph(), {});
  }
  MadeTrace browse(world.names, 9);
  browse.Entry("shop", "browse").Call(kNone, "", "shop", Kind::kHttp).Call(0, "shop", "auth");
  Sharing::Observe(state, browse.Graph(), {});
  MadeTrace nameless(world.names, 10);
  Sharing::Observe(state, nameless.Call(kNone, "", "gate").Graph(), {});

  const document::Section section = Concluded(state, world.names);
  EXPECT_EQ(HeadlineOf(section, "entries"), 2);
  EXPECT_EQ(HeadlineOf(section, "used_by_most_entries"), 0.2);  // auth, of five
  EXPECT_EQ(HeadlineOf(section, "used_by_half"), 4);            // all but shop
  const document::Table& blast = TableOf(section, "blast_radius");
  const auto& auth = RowOfService(blast, "auth");
  EXPECT_EQ(std::get<int64_t>(auth[2]), 4);
  EXPECT_EQ(std::get<double>(auth[3]), 0.8);
  EXPECT_EQ(std::get<int64_t>(auth[4]), 2);
  EXPECT_EQ(std::get<double>(auth[5]), 1);
  const auto& gate = RowOfService(blast, "gate");
  EXPECT_EQ(std::get<std::string>(gate[1]), "entry");
  EXPECT_EQ(std::get<int64_t>(gate[2]), 4);
  EXPECT_EQ(std::get<int64_t>(gate[4]), 1);  // the entry without a name is none
  EXPECT_EQ(std::get<std::string>(RowOfService(blast, "db")[1]), "stateful");
  EXPECT_EQ(std::get<double>(RowOfService(blast, "db")[6]), 2);
  const document::Table& hot = TableOf(section, "hot_spots");
  EXPECT_EQ(std::get<std::string>(hot.rows[0][0]), "db");
  EXPECT_EQ(std::get<int64_t>(hot.rows[0][1]), 6);
  EXPECT_EQ(std::get<double>(hot.rows[0][2]), 6.0 / 18);
  EXPECT_EQ(std::get<int64_t>(RowOfService(hot, "auth")[3]), 2);  // gate and shop
  EXPECT_EQ(std::get<int64_t>(RowOfService(hot, "gate")[3]), 0);
}

TEST(Sharing, PointsOfFailureNeedTraces) {
  World world;
  const auto finding = [&](uint64_t traces, uint64_t in) {
    Sharing::State state;
    for (uint64_t t = 0; t < traces; ++t) {
      MadeTrace trace(world.names, t);
      trace.Call(kNone, "", t % 4 == 0 ? "gate" : t % 4 == 1 ? "shop" : "db");
      if (t % 10 < in) trace.Call(0, "gate", "auth");
      Sharing::Observe(state, trace.Graph(), {});
    }
    return Concluded(state, world.names).findings.at(0);
  };
  EXPECT_EQ(finding(400, 6).verdict, Verdict::kSupported);
  EXPECT_NE(finding(400, 6).claim.find("auth"), std::string::npos);
  EXPECT_NE(finding(400, 6).reason.find("no call is marked as failed"), std::string::npos);
  EXPECT_EQ(finding(10, 6).verdict, Verdict::kCannotSay);
  EXPECT_EQ(finding(400, 1).verdict, Verdict::kCannotSay);  // db: half
  EXPECT_EQ(finding(0, 0).verdict, Verdict::kCannotSay);
}

// One trace that stands for many by its sampling weight tells no more than one.
TEST(Sharing, WeightsDoNotMakeEvidence) {
  World world;
  Sharing::State state;
  MadeTrace trace(world.names, 1);
  Sharing::Observe(state, trace.Call(kNone, "", "gate").Weight(1000).Graph(), {});
  EXPECT_EQ(Concluded(state, world.names).findings[0].verdict, Verdict::kCannotSay);
  EXPECT_EQ(SharedServices(state).effective_traces, 1);
  graph::CallGraph ready = trace.Graph();
  ready.ready_made = true;
  ready.calls = {};
  Sharing::State many;
  Sharing::Observe(many, ready, {});
  EXPECT_EQ(Concluded(many, world.names).findings[0].verdict, Verdict::kSupported);
}

TEST(Sharing, CallsOfAReadyMadeGraphCountForEachOfItsTraces) {
  World world;
  MadeTrace trace(world.names, 1);
  trace.Call(kNone, "", "gate").Call(0, "gate", "db", Kind::kDatabase).Weight(50);
  graph::CallGraph ready = trace.Graph();
  ready.ready_made = true;
  ready.calls = {};
  Sharing::State state;
  Sharing::Observe(state, ready, {});
  const Sharing::Work db = state.work.Get(world.names.Service("db"));
  EXPECT_EQ(db.calls, 50u);
  EXPECT_TRUE(db.stateful);
}

TEST(Sharing, SeesWhetherACallerSurvives) {
  World world;
  std::vector<graph::TraceCall> calls(4);
  const char* callees[] = {"gate", "cart", "db", "auth"};
  const uint32_t parents[] = {kNone, 0, 1, 0};
  for (size_t i = 0; i < calls.size(); ++i) {
    calls[i].parent = parents[i];
    calls[i].callee = world.names.Service(callees[i]);
    calls[i].caller = parents[i] == kNone ? model::kNoService : calls[parents[i]].callee;
    calls[i].callee_instance = world.names.Instance(i == 3 ? "pod-b" : "pod-a");
  }
  calls[1].status = calls[2].status = calls[3].status = model::Status::kError;
  graph::MeasuredGraph measured;
  graph::Measure(calls, measured);
  graph::CallGraph graph;
  graph.calls = calls;
  graph.nodes = measured.nodes;
  graph.edges = measured.edges;
  Sharing::State state;
  Sharing::Observe(state, graph, {});
  calls[3].callee_instance = world.names.Instance("pod-c");
  Sharing::Observe(state, graph, {});
  const auto work = [&](const char* service) {
    return state.work.Get(world.names.Service(service));
  };
  EXPECT_EQ(work("db").failed, 2u);
  EXPECT_EQ(work("db").survived, 0u);  // cart failed as well
  EXPECT_EQ(work("cart").survived, 2u);
  EXPECT_TRUE(work("cart").instances.one());
  EXPECT_FALSE(work("auth").instances.one());
  const document::Section section = Concluded(state, world.names);
  EXPECT_EQ(std::get<std::string>(RowOfService(TableOf(section, "blast_radius"), "auth")[7]),
            "several");
  EXPECT_EQ(std::get<std::string>(RowOfService(TableOf(section, "blast_radius"), "cart")[7]),
            "one");
}

// By definition, with sets, on random trees.
TEST(Sharing, EqualsABruteForceTwin) {
  std::mt19937_64 random(8);
  model::Names names;
  for (int i = 0; i < 20; ++i) {
    names.Service("s" + std::to_string(10 + i));
    names.Operation("e" + std::to_string(10 + i));
  }
  Sharing::State state;
  std::map<std::string, std::set<uint64_t>> traces_of;
  std::map<std::string, std::set<std::string>> entries_of, callers_of;
  std::map<std::string, int64_t> calls_of;
  std::set<std::string> entries;
  constexpr uint64_t kTraces = 200;
  for (uint64_t t = 0; t < kTraces; ++t) {
    MadeTrace trace(names, t);
    const std::string entry = "e" + std::to_string(10 + random() % 7);
    std::vector<std::string> callees;
    for (uint64_t i = 0; i < 1 + random() % 12; ++i) {
      const std::string callee = "s" + std::to_string(10 + random() % 20);
      const std::string caller = i == 0 ? "" : callees.back();
      trace.Call(i == 0 ? kNone : static_cast<uint32_t>(i - 1), caller, callee);
      callees.push_back(callee);
      traces_of[callee].insert(t);
      entries_of[callee].insert(entry);
      if (i > 0) callers_of[callee].insert(caller);
      ++calls_of[callee];
    }
    entries.insert(entry);
    Sharing::Observe(state, trace.Entry(callees[0], entry).Graph(), {});
  }
  const document::Section section = Concluded(state, names);
  const document::Table& blast = TableOf(section, "blast_radius");
  const document::Table& hot = TableOf(section, "hot_spots");
  ASSERT_EQ(blast.rows.size(), traces_of.size());
  for (const auto& [service, traces] : traces_of) {
    const auto& row = RowOfService(blast, service);
    EXPECT_EQ(std::get<int64_t>(row[2]), static_cast<int64_t>(traces.size()));
    EXPECT_EQ(std::get<double>(row[5]), static_cast<double>(entries_of[service].size()) /
                                            static_cast<double>(entries.size()));
    const auto& hot_row = RowOfService(hot, service);
    EXPECT_EQ(std::get<int64_t>(hot_row[1]), calls_of[service]);
    EXPECT_EQ(std::get<int64_t>(hot_row[3]), static_cast<int64_t>(callers_of[service].size()));
  }
  const auto& popularity = section.figures.at(0);
  EXPECT_EQ(popularity.series[0].points.back().y, 1);
  EXPECT_TRUE(popularity.series[1].published);
}

}  // namespace
}  // namespace plumbago::analysis
