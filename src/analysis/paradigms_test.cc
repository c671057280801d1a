#include "analysis/paradigms.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "analysis/made_trace.h"

namespace plumbago::analysis {
namespace {

using document::Section;
using graph::kNone;
using model::Kind;

static_assert(Analysis<Paradigms>);

std::optional<double> Value(const Section& section, const std::string& name) {
  for (const document::Headline& headline : section.headline) {
    if (headline.name == name) return headline.value;
  }
  ADD_FAILURE() << "no headline " << name;
  return {};
}

std::vector<MadeTrace> Traces(model::Names& names) {
  std::vector<MadeTrace> traces;
  traces.emplace_back(names, 1)
      .Call(kNone, "", "gate", Kind::kHttp)  // of the user: not between services
      .Call(0, "gate", "cart", Kind::kRpc)   // counts
      .Call(1, "cart", "store",
            Kind::kRpc)  // would count, but `store` is a database (second trace)
      .Call(1, "cart", "redis", Kind::kCache)
      .Call(0, "gate", "mail", Kind::kMessage)   // counts
      .Call(0, "gate", "gate", Kind::kInternal)  // counts
      .Call(0, "gate", "", Kind::kRpc);          // callee not known
  traces.emplace_back(names, 2)
      .Call(kNone, "", "cart", Kind::kUnknown)
      .Call(0, "cart", "store", Kind::kDatabase)
      .Call(1, "store", "mail", Kind::kMessage)  // caller is stateful
      .Call(0, "cart", "mail", Kind::kHttp)      // counts
      .Call(0, "cart", "mail", Kind::kUnknown);  // kind not known
  return traces;
}

TEST(Paradigms, SharesAreOfCallsBetweenStatelessServices) {
  model::Names names;
  Paradigms::State state;
  for (MadeTrace& trace : Traces(names)) Paradigms::Observe(state, trace.Graph(), {});
  const Section section = Paradigms::Conclude(state, {});
  EXPECT_EQ(Value(section, "stateless_calls"), 4);
  EXPECT_EQ(Value(section, "rpc"), 0.5);
  EXPECT_EQ(Value(section, "message"), 0.25);
  EXPECT_EQ(Value(section, "internal"), 0.25);
  EXPECT_EQ(Value(section, "other"), 0);
  EXPECT_EQ(Value(section, "cache"), 1.0 / 12);
  EXPECT_EQ(Value(section, "database"), 1.0 / 12);
  const document::Table& kinds = section.tables.at(0);
  int64_t calls = 0;
  for (const auto& row : kinds.rows) calls += std::get<int64_t>(row[1]);
  EXPECT_EQ(calls, 12);
  EXPECT_EQ(std::get<std::string>(kinds.rows[0][0]), "rpc");
  EXPECT_EQ(std::get<int64_t>(kinds.rows[0][1]), 3);
  EXPECT_EQ(std::get<int64_t>(kinds.rows[0][3]), 1);
}

TEST(Paradigms, NoOrderOfMergesShows) {
  for (const bool turned : {false, true}) {
    model::Names names;
    if (turned) names.Service("store");
    Paradigms::State a, b;
    std::vector<MadeTrace> traces = Traces(names);
    Paradigms::Observe(a, traces[0].Graph(), {});
    Paradigms::Observe(b, traces[1].Graph(), {});
    if (turned) std::swap(a, b);
    MergeFields(a, std::move(b));
    MergeFields(a, Paradigms::State{});
    const Section section = Paradigms::Conclude(a, {});
    EXPECT_EQ(Value(section, "stateless_calls"), 4);
    EXPECT_EQ(Value(section, "rpc"), 0.5);
  }
}

TEST(Paradigms, SaysNothingOfNothing) {
  const Section section = Paradigms::Conclude({}, {});
  for (const auto& headline : section.headline) EXPECT_FALSE(headline.value) << headline.name;
  EXPECT_TRUE(section.tables.at(0).rows.empty());
  EXPECT_TRUE(section.figures.empty());
}

TEST(Paradigms, AWeightedGraphWithoutATreeCountsItsEdges) {
  model::Names names;
  MadeTrace trace(names, 1);
  trace.Call(kNone, "", "a")
      .Call(0, "a", "b")
      .Call(0, "a", "b")
      .Call(0, "a", "c", Kind::kCache)
      .Weight(5);
  graph::CallGraph graph = trace.Graph();
  graph.calls = {};
  Paradigms::State state;
  Paradigms::Observe(state, graph, {});
  const Section section = Paradigms::Conclude(state, {});
  EXPECT_EQ(Value(section, "stateless_calls"), 10);
  EXPECT_DOUBLE_EQ(*Value(section, "cache"), 1.0 / 3);
}

}  // namespace
}  // namespace plumbago::analysis
