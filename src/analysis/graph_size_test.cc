#include "analysis/graph_size.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "analysis/made_trace.h"
#include "statistics/distribution_fit.h"
#include "statistics/random.h"

namespace plumbago::analysis {
namespace {

using document::Section;
using document::Verdict;
using graph::kNone;
using model::Kind;

static_assert(Analysis<GraphSize>);

std::optional<double> Value(const Section& section, const std::string& name) {
  for (const document::Headline& headline : section.headline) {
    if (headline.name == name) return headline.value;
  }
  ADD_FAILURE() << "no headline " << name;
  return {};
}

// A graph of so many services and calls, without their content.
void Observe(GraphSize::State& state, uint64_t trace, size_t services, size_t calls) {
  static const std::vector<graph::Node> nodes(5000);
  static const std::vector<graph::TraceCall> many(20000);
  graph::CallGraph graph;
  graph.trace = {.hi = 2, .lo = trace};
  graph.nodes = std::span(nodes).first(services);
  graph.calls = std::span(many).first(calls);
  GraphSize::Observe(state, graph, {});
}

// `n` traces with sizes from a distribution.
GraphSize::State Drawn(const statistics::Distribution& distribution, uint64_t n) {
  GraphSize::State state;
  statistics::Random random(4);
  for (uint64_t i = 0; i < n; ++i) {
    const auto size =
        static_cast<size_t>(std::min(4999.0, 1 + distribution.Quantile(random.Unit())));
    Observe(state, i, size, size + 1);
  }
  return state;
}

TEST(GraphSize, CountsUniqueServices) {
  model::Names names;
  GraphSize::State state;
  // Two services, of which one calls itself: 2, and three calls (clusterdata issue 148). The user
  // is none.
  MadeTrace trace(names, 1);
  trace.Call(kNone, "", "a", Kind::kHttp).Call(0, "a", "a").Call(1, "a", "b");
  GraphSize::Observe(state, trace.Graph(), {});
  const Section section = GraphSize::Conclude(state, {});
  EXPECT_EQ(Value(section, "services_mean"), 2);
  EXPECT_EQ(Value(section, "calls_mean"), 3);
  EXPECT_EQ(Value(section, "services_above_40"), 0);
}

TEST(GraphSize, QuantilesAndClassesAreExact) {
  GraphSize::State state;
  for (uint64_t i = 1; i <= 100; ++i) Observe(state, i, i, 2 * i);
  const Section section = GraphSize::Conclude(state, {});
  EXPECT_EQ(Value(section, "services_mean"), 50.5);
  EXPECT_EQ(Value(section, "services_p50"), 50);
  EXPECT_EQ(Value(section, "services_p90"), 90);
  EXPECT_EQ(Value(section, "services_p99"), 99);
  EXPECT_EQ(Value(section, "services_max"), 100);
  EXPECT_EQ(Value(section, "services_above_40"), 0.6);
  EXPECT_EQ(Value(section, "calls_p50"), 100);
  EXPECT_EQ(Value(section, "calls_max"), 200);
  const document::Table& sizes = section.tables[0];
  ASSERT_EQ(sizes.id, "sizes");
  int64_t traces = 0, calls = 0;
  for (const auto& row : sizes.rows) {
    traces += std::get<int64_t>(row[1]);
    calls += std::get<int64_t>(row[3]);
  }
  EXPECT_EQ(traces, 100);
  EXPECT_EQ(calls, 10'100);
  EXPECT_EQ(std::get<std::string>(sizes.rows[7][0]), "33 to 40");
  EXPECT_EQ(std::get<int64_t>(sizes.rows[7][1]), 8);
  EXPECT_EQ(std::get<int64_t>(sizes.rows[7][3]), 2 * (33 + 40) * 4);
  EXPECT_EQ(std::get<int64_t>(sizes.rows[8][1]), 40);
}

TEST(GraphSize, AHeavyTailIsFoundAndItsFamilyNamed) {
  const GraphSize::State state = Drawn({statistics::Family::kBurr, std::log(4), 1.5, 0.8}, 20'000);
  const Section section = GraphSize::Conclude(state, {});
  const document::Finding& finding = section.findings.at(0);
  EXPECT_EQ(finding.id, "heavy-tail");
  EXPECT_EQ(finding.verdict, Verdict::kSupported);
  EXPECT_EQ(std::get<std::string>(finding.evidence.back().value),
            "Burr XII is nearer than log-normal (Vuong)");
  const auto fits = std::find_if(section.tables.begin(), section.tables.end(),
                                 [](const auto& t) { return t.id == "fits"; });
  ASSERT_EQ(fits->rows.size(), 4u);
}

TEST(GraphSize, ALightTailIsNot) {
  GraphSize::State state;
  for (uint64_t i = 0; i < 20'000; ++i) Observe(state, i, 10 + i % 11, 30);
  const document::Finding finding = GraphSize::Conclude(state, {}).findings.at(0);
  EXPECT_EQ(finding.verdict, Verdict::kContradicted);
  EXPECT_EQ(*finding.effect.value, 0);
}

TEST(GraphSize, FewTracesSayNothingOfTheTail) {
  GraphSize::State state;
  for (uint64_t i = 0; i < 300; ++i) Observe(state, i, 3 + i % 3, 5);
  const document::Finding finding = GraphSize::Conclude(state, {}).findings.at(0);
  EXPECT_EQ(finding.verdict, Verdict::kCannotSay);
  EXPECT_FALSE(finding.reason.empty());
}

TEST(GraphSize, SaysNothingOfNothing) {
  const Section section = GraphSize::Conclude({}, {});
  for (const auto& headline : section.headline) EXPECT_FALSE(headline.value) << headline.name;
  EXPECT_EQ(section.findings.at(0).verdict, Verdict::kCannotSay);
  EXPECT_TRUE(section.figures.empty());
  GraphSize::State unnamed;  // a trace of which no service is known
  Observe(unnamed, 1, 0, 1);
  EXPECT_EQ(GraphSize::Conclude(unnamed, {}).findings.at(0).verdict, Verdict::kCannotSay);
}

TEST(GraphSize, NoOrderOfMergesShows) {
  std::vector<GraphSize::State> parts(4);
  GraphSize::State whole;
  statistics::Random random(9);
  for (uint64_t i = 0; i < 3000; ++i) {
    const size_t size = 1 + static_cast<size_t>(1 / random.Unit()) % 4000;
    Observe(parts[random.Below(4)], i, size, size * 2);
    Observe(whole, i, size, size * 2);
  }
  GraphSize::State merged;
  for (const size_t i : {2, 0, 3, 1}) MergeFields(merged, std::move(parts[i]));
  EXPECT_EQ(merged.services, whole.services);
  EXPECT_EQ(merged.calls, whole.calls);
  EXPECT_EQ(merged.calls_of_class, whole.calls_of_class);
  EXPECT_EQ(merged.calls_mean, whole.calls_mean);
  const Section a = GraphSize::Conclude(merged, {}), b = GraphSize::Conclude(whole, {});
  for (size_t t = 0; t < a.tables.size(); ++t) EXPECT_EQ(a.tables[t].rows, b.tables[t].rows);
}

}  // namespace
}  // namespace plumbago::analysis
