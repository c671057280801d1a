// The merged critical path against sums made by hand and by a twin that asks for each moment.
#include "analysis/critical_path.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "analysis/timed_trace.h"
#include "base/strong_id.h"
#include "document/testing/report_text.h"
#include "graph/testing/span_trees.h"

namespace plumbago::analysis {
namespace {

using document::Cell;
using graph::kNone;

const document::Table& TableOf(const document::Section& section, const std::string& id) {
  return *std::find_if(section.tables.begin(), section.tables.end(),
                       [&](const document::Table& table) { return table.id == id; });
}
std::string Text(const Cell& cell) { return std::get<std::string>(cell); }
int64_t Whole(const Cell& cell) { return std::get<int64_t>(cell); }
double Number(const Cell& cell) { return std::get<double>(cell); }

// gate (0..100): auth 0..20, then cart 20..90 with stock 30..80; mail is a message.
void MakeTrace(TimedTrace& trace, int64_t scale, bool together = false) {
  trace.Call(kNone, "gate", "buy", 0, 100 * scale, model::Kind::kHttp);
  trace.Call(0, "auth", "check", 0, 20 * scale);
  const int64_t cart = together ? 5 * scale : 20 * scale;
  trace.Call(0, "cart", "add", cart, 70 * scale);
  trace.Call(2, "stock", "take", cart + 10 * scale, 50 * scale);
  trace.Call(0, "mail", "send", cart, 3 * scale, model::Kind::kMessage);
}

struct World {
  model::Names names;
  Facts facts;
  CriticalPath::State state;
  uint64_t id = 0;

  World() { facts.names = &names; }
  void Observe(TimedTrace& trace) { CriticalPath::Observe(state, trace.Graph(), facts); }
  TimedTrace Next() { return TimedTrace(names, ++id * 0x9E3779B97F4A7C15u); }
};

// Ids in the order of the texts, as in a run.
void NamesInOrder(World& world) {
  for (const char* name : {"auth", "cart", "gate", "mail", "stock"}) world.names.Service(name);
  for (const char* name : {"add", "buy", "check", "send", "take"}) world.names.Operation(name);
}

TEST(CriticalPathAnalysis, SharesAreOfTheTimeOfRequests) {
  World world;
  NamesInOrder(world);
  for (int i = 0; i < 40; ++i) {
    TimedTrace trace = world.Next();
    MakeTrace(trace, 1000);
    world.Observe(trace);
  }
  const document::Section section = CriticalPath::Conclude(world.state, world.facts);
  const document::Table& table = TableOf(section, "critical_path");
  ASSERT_EQ(table.rows.size(), 5u);
  // stock 50, auth 20, cart 20, gate 10 of 100; among equals by name.
  const std::vector<std::tuple<std::string, double>> expected{
      {"stock", 0.5}, {"auth", 0.2}, {"cart", 0.2}, {"gate", 0.1}, {"mail", 0.0}};
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(Text(table.rows[i][0]), std::get<0>(expected[i]));
    EXPECT_DOUBLE_EQ(Number(table.rows[i][2]), std::get<1>(expected[i]));
  }
  EXPECT_EQ(Whole(table.rows[0][4]), 40);                        // spans
  EXPECT_DOUBLE_EQ(Number(table.rows[0][5]), 50'000'000);        // mean
  EXPECT_EQ(Whole(table.rows[0][7]), int64_t{40} * 50'000'000);  // drag: nothing beside it
  EXPECT_EQ(Whole(table.rows[4][8]), int64_t{40} * 3'000'000);   // mail, apart
  const document::Finding& finding = section.findings.front();
  EXPECT_EQ(finding.verdict, document::Verdict::kSupported);
  EXPECT_NEAR(*finding.effect.value, 0.9, 1e-12);
  EXPECT_NEAR(*finding.effect.low, 0.9, 1e-9);  // all alike
  EXPECT_EQ(finding.claim,
            "90.0 % of the time of requests goes to 3 operations: stock (take) 50.0 %, auth "
            "(check) 20.0 % and cart (add) 20.0 %");
}

// Of 100 requests the slow tenth waits in the gate.
void ObserveSlowTenth(World& world, int i) {
  TimedTrace trace = world.Next();
  trace.Call(kNone, "gate", "buy", 0, i < 90 ? 1000 : 9000, model::Kind::kHttp);
  trace.Call(0, "auth", "check", 0, 800);
  world.Observe(trace);
}

TEST(CriticalPathAnalysis, BandsAreOfOneEntryOperation) {
  World world;
  NamesInOrder(world);
  for (int i = 0; i < 100; ++i) {
    ObserveSlowTenth(world, i);
    TimedTrace other = world.Next();
    other.Call(kNone, "cart", "add", 0, 50, model::Kind::kHttp);
    world.Observe(other);
  }
  const document::Section section = CriticalPath::Conclude(world.state, world.facts);
  const document::Table& table = TableOf(section, "critical_path_by_latency");
  ASSERT_EQ(table.rows.size(), 3u);
  EXPECT_EQ(Text(table.rows[0][0]), "gate (buy)");
  EXPECT_EQ(Text(table.rows[0][1]), "gate");
  EXPECT_NEAR(Number(table.rows[0][4]), 0.2, 1e-12);  // the 90 % stand in one cell
  EXPECT_NEAR(Number(table.rows[0][6]), 8200.0 / 9000, 1e-12);
  EXPECT_EQ(Text(table.rows[2][0]), "cart (add)");
  EXPECT_EQ(Whole(table.rows[2][8]), 100);
}

TEST(CriticalPathAnalysis, PicturesOfFastAndSlowRequestsAddUpToTheirMean) {
  World world;
  NamesInOrder(world);
  for (int i = 0; i < 100; ++i) ObserveSlowTenth(world, i);
  const document::Section section = CriticalPath::Conclude(world.state, world.facts);
  ASSERT_EQ(section.figures.size(), 1u);
  const document::Figure& figure = section.figures.front();
  EXPECT_EQ(figure.labels, (std::vector<std::string>{"fastest half", "p90 to p99"}));
  ASSERT_EQ(figure.series.size(), 2u);
  EXPECT_EQ(figure.series[0].name, "gate (buy)");
  EXPECT_EQ(figure.series[1].name, "auth (check)");
  EXPECT_DOUBLE_EQ(figure.series[0].points[0].y, 200e3);
  EXPECT_DOUBLE_EQ(figure.series[0].points[1].y, 8200e3);
  EXPECT_DOUBLE_EQ(figure.series[1].points[1].y, 800e3);
}

TEST(CriticalPathAnalysis, ASampledTraceCountsAsOftenAsItsWeightSays) {
  World once, often;
  NamesInOrder(once);
  NamesInOrder(often);
  const std::vector<Faster> options = {*ParseFaster("stock=50%")};
  once.facts.faster = options;
  often.facts.faster = options;
  for (int i = 0; i < 40; ++i) {
    TimedTrace a = once.Next();
    MakeTrace(a, 100 + i, i % 3 == 0);
    graph::CallGraph graph = a.Graph();
    graph.weight = 1 + i % 4;
    CriticalPath::Observe(once.state, graph, once.facts);
    TimedTrace b = often.Next();
    MakeTrace(b, 100 + i, i % 3 == 0);
    for (int k = 0; k < 1 + i % 4; ++k) often.Observe(b);
  }
  const document::Section x = CriticalPath::Conclude(once.state, once.facts);
  const document::Section y = CriticalPath::Conclude(often.state, often.facts);
  for (const char* id : {"critical_path", "critical_path_by_latency", "faster"})
    EXPECT_EQ(TableOf(x, id).rows, TableOf(y, id).rows) << id;
  EXPECT_EQ(x.findings.front().effect.low, y.findings.front().effect.low);
  EXPECT_EQ(x.headline[3].value, y.headline[3].value);  // what is at stake in uncertain orders
  // How often an order was seen is another matter.
  EXPECT_EQ(Whole(TableOf(x, "sibling_orders").rows[0][5]), 14);
  EXPECT_EQ(Whole(TableOf(y, "sibling_orders").rows[0][5]), 35);
}

TEST(CriticalPathAnalysis, WhereAnOrderIsNotCertainItIsSaid) {
  World world;
  NamesInOrder(world);
  for (int i = 0; i < 30; ++i) {
    TimedTrace trace = world.Next();
    MakeTrace(trace, 1000, i >= 20);
    world.Observe(trace);
  }
  const document::Section section = CriticalPath::Conclude(world.state, world.facts);
  const document::Table& table = TableOf(section, "sibling_orders");
  ASSERT_EQ(table.rows.size(), 1u);
  const auto& row = table.rows[0];
  EXPECT_EQ(Text(row[0]), "gate (buy)");
  EXPECT_EQ(Text(row[1]), "add");
  EXPECT_EQ(Text(row[2]), "check");
  EXPECT_EQ(Whole(row[3]), 0);
  EXPECT_EQ(Whole(row[4]), 20);  // check before add
  EXPECT_EQ(Whole(row[5]), 10);
  EXPECT_EQ(Text(row[6]), "not certain");
  EXPECT_NEAR(Number(row[7]), 1.0 / 3, 1e-12);
  EXPECT_EQ(Whole(row[8]), 20);
  EXPECT_EQ(Whole(row[9]), int64_t{20} * 20'000'000);
}

TEST(CriticalPathAnalysis, FasterIsReplayed) {
  World world;
  NamesInOrder(world);
  const std::vector<Faster> faster{*ParseFaster("stock=50%"), *ParseFaster("gate/buy=100%")};
  world.facts.faster = faster;
  for (int i = 0; i < 40; ++i) {
    TimedTrace trace = world.Next();
    MakeTrace(trace, 1000);
    world.Observe(trace);
  }
  const document::Section section = CriticalPath::Conclude(world.state, world.facts);
  const document::Table& table = TableOf(section, "faster");
  ASSERT_EQ(table.rows.size(), 3u);
  EXPECT_EQ(Text(table.rows[0][0]), "gate/buy=100%, stock=50%");
  EXPECT_NEAR(Number(table.rows[0][5]), 0.35, 1e-12);
  EXPECT_NEAR(Number(table.rows[1][5]), 0.25, 1e-12);  // stock alone
  EXPECT_NEAR(Number(table.rows[2][5]), 0.10, 1e-12);
  EXPECT_NEAR(Number(table.rows[0][6]), 100e6, 1e6);
  EXPECT_NEAR(Number(table.rows[0][7]), 65e6, 1e6);
  const document::Finding& finding = section.findings[1];
  EXPECT_EQ(finding.id, "faster");
  EXPECT_EQ(finding.verdict, document::Verdict::kSupported);
  EXPECT_NEAR(*finding.saves_ns, 40 * 35e6, 1);

  World none;
  NamesInOrder(none);
  const std::vector<Faster> nobody{*ParseFaster("nobody=50%")};
  none.facts.faster = nobody;
  TimedTrace trace = none.Next();
  MakeTrace(trace, 1000);
  none.Observe(trace);
  const document::Section said = CriticalPath::Conclude(none.state, none.facts);
  EXPECT_EQ(said.findings[1].verdict, document::Verdict::kCannotSay);
  EXPECT_FALSE(said.findings[1].reason.empty());
}

TEST(CriticalPathAnalysis, WithoutTimesItCannotSay) {
  World world;
  TimedTrace trace = world.Next();
  trace.Call(kNone, "gate", "buy", 0, 1);
  trace[0].client = {};
  world.Observe(trace);
  const document::Section section = CriticalPath::Conclude(world.state, world.facts);
  EXPECT_EQ(section.findings[0].verdict, document::Verdict::kCannotSay);
  EXPECT_FALSE(section.findings[0].reason.empty());
  EXPECT_EQ(world.state.without_times, 1u);
}

// Random spans: what the tables hold is the time of the roots, by whoever owns each moment.
TEST(CriticalPathAnalysis, SumsAreThoseOfTheSpansWhateverTheOrderOfTraces) {
  std::mt19937_64 random(9);
  std::vector<graph::testing::SpanList> lists(200);
  for (auto& list : lists) {
    for (const char* name : {"S0", "S1", "S2"}) list.names.Service(name);
    for (const char* name : {"O0", "O1"}) list.names.Operation(name);
    graph::testing::RandomSpans(random, true, list);
  }
  const auto observe = [&](size_t i, CriticalPath::State& state) {
    Facts facts;
    facts.names = &lists[0].names;
    const graph::TraceCall call;
    graph::CallGraph graph;
    graph.trace = {.hi = 1, .lo = i * 0x9E3779B97F4A7C15u};
    graph.calls = std::span(&call, 1);
    graph.spans = lists[i].spans;
    CriticalPath::Observe(state, graph, facts);
  };
  std::map<std::pair<uint32_t, uint32_t>, std::pair<uint64_t, uint64_t>> twin;  // own, apart
  uint64_t roots_ns = 0;
  CriticalPath::State whole;
  for (size_t i = 0; i < lists.size(); ++i) {
    observe(i, whole);
    const auto& spans = lists[i].spans;
    graph::SpanWindows windows;
    windows.Set(spans, {.tick_ns = 1});
    graph::CriticalPath path;
    path.Find(windows);
    for (const auto& one : path.paths()) {
      if (!one.asynchronous) roots_ns += static_cast<uint64_t>(spans[one.root].duration_ns);
      for (const auto& section : path.sections(one)) {
        auto& sums =
            twin[{Index(spans[section.span].service), Index(spans[section.span].operation)}];
        (one.asynchronous ? sums.second : sums.first) += static_cast<uint64_t>(section.length());
      }
    }
  }
  uint64_t steps = 0, own = 0;
  whole.steps.ForEach([&](const CriticalPath::Step& step) {
    ++steps;
    own += step.own_ns.Total();
    const auto& sums = twin.at({Index(step.service), Index(step.operation)});
    EXPECT_EQ(step.own_ns.Total(), sums.first);
    EXPECT_EQ(step.asynchronous_ns, sums.second);
    EXPECT_LE(step.drag_ns, sums.first);
  });
  EXPECT_EQ(steps, twin.size());
  EXPECT_EQ(own, roots_ns);
  EXPECT_GT(own, 0u);
  // The same by entry.
  std::map<std::array<uint32_t, 2>, uint64_t> parts, entries;
  whole.parts.ForEach([&](const CriticalPath::Part& part) {
    parts[{Index(part.entry_service), Index(part.entry)}] += part.own.ns();
  });
  whole.entries.ForEach(
      [&](const CriticalPath::Entry& entry) { entries[entry.key()] = entry.requests.ns(); });
  std::erase_if(entries, [](const auto& entry) { return entry.second == 0; });
  EXPECT_EQ(parts, entries);

  std::vector<size_t> order(lists.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::shuffle(order.begin(), order.end(), random);
  std::array<CriticalPath::State, 3> states;
  for (const size_t i : order) observe(i, states[random() % 3]);
  MergeFields(states[2], std::move(states[0]));
  MergeFields(states[2], std::move(states[1]));
  Facts facts;
  facts.names = &lists[0].names;
  EXPECT_EQ(document::testing::ReportText::Of(CriticalPath::Conclude(states[2], facts)),
            document::testing::ReportText::Of(CriticalPath::Conclude(whole, facts)));
}

}  // namespace
}  // namespace plumbago::analysis
