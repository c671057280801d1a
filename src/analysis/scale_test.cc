#include "analysis/scale.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/made_trace.h"

namespace plumbago::analysis {
namespace {

using document::Section;
using graph::kNone;
using model::Kind;

static_assert(Analysis<Scale>);

double Value(const Section& section, const std::string& name) {
  for (const document::Headline& headline : section.headline) {
    if (headline.name == name) return headline.value.value_or(-1);
  }
  return -2;
}

const document::Table& TableOf(const Section& section, const std::string& id) {
  return *std::find_if(section.tables.begin(), section.tables.end(),
                       [&](const auto& t) { return t.id == id; });
}

Facts Of(const model::Names& names) {
  Facts facts;
  facts.names = &names;
  return facts;
}

// A shop: three traces, written down by whoever calls it, in an order of names of its own.
std::vector<MadeTrace> Shop(model::Names& names) {
  std::vector<MadeTrace> traces;
  traces.emplace_back(names, 1)
      .Call(kNone, "", "gate", Kind::kHttp, "/buy")
      .Call(0, "gate", "cart", Kind::kRpc, "add")
      .Call(1, "cart", "redis", Kind::kCache)
      .Call(1, "cart", "redis", Kind::kCache)
      .Call(0, "gate", "pay", Kind::kRpc, "charge")
      .Entry("gate", "/buy");
  traces.emplace_back(names, 2)
      .Call(kNone, "", "gate", Kind::kHttp, "/look")
      .Call(0, "gate", "cart", Kind::kRpc, "list")
      .Entry("gate", "/look");
  traces.emplace_back(names, 3)
      .Call(kNone, "", "cart", Kind::kRpc, "add")
      .Call(0, "cart", "cart", Kind::kRpc, "check")
      .Call(0, "cart", "", Kind::kRpc)
      .Entry("", "/look");  // its entry call is lost: the same entry as above
  return traces;
}

std::string Text(const Section& section) {
  std::string text;
  for (const auto& headline : section.headline)
    text += headline.name + "=" + std::to_string(headline.value.value_or(-1)) + "\n";
  for (const auto& table : section.tables) {
    for (const auto& row : table.rows) {
      for (const auto& cell : row) {
        if (const auto* s = std::get_if<std::string>(&cell)) text += *s;
        if (const auto* i = std::get_if<int64_t>(&cell)) text += std::to_string(*i);
        if (const auto* d = std::get_if<double>(&cell)) text += std::to_string(*d);
        text += ",";
      }
      text += "\n";
    }
  }
  return text;
}

TEST(Scale, CountsDistinctThings) {
  model::Names names;
  Scale::State state;
  for (MadeTrace& trace : Shop(names)) Scale::Observe(state, trace.Graph(), {});
  const Section section = Scale::Conclude(state, Of(names));
  EXPECT_EQ(Value(section, "traces"), 3);
  EXPECT_EQ(Value(section, "calls"), 10);
  EXPECT_EQ(Value(section, "services"), 4);           // gate, cart, redis, pay
  EXPECT_EQ(Value(section, "stateful_services"), 1);  // redis
  EXPECT_EQ(Value(section, "operations"), 6);         // /buy /look add list check charge
  EXPECT_EQ(Value(section, "edges"), 4);              // gate-cart cart-redis gate-pay cart-cart
  EXPECT_EQ(Value(section, "entries"), 2);

  const document::Table& entries = TableOf(section, "entries");
  ASSERT_EQ(entries.rows.size(), 2u);
  EXPECT_EQ(std::get<std::string>(entries.rows[0][1]), "/look");
  EXPECT_EQ(std::get<int64_t>(entries.rows[0][2]), 2);

  const document::Table& roles = TableOf(section, "roles");
  EXPECT_EQ(std::get<int64_t>(roles.rows[0][1]), 1);  // entry: gate
  EXPECT_EQ(std::get<int64_t>(roles.rows[1][1]), 1);  // middle: cart
  EXPECT_EQ(std::get<int64_t>(roles.rows[2][1]), 2);  // leaf: redis, pay

  const document::Table& distinct = TableOf(section, "distinct");
  EXPECT_EQ(std::get<int64_t>(distinct.rows[2][2]), 2);  // edges seen once: gate-pay, cart-cart
  EXPECT_EQ(std::get<int64_t>(distinct.rows[2][3]), 2);  // twice: gate-cart, cart-redis
  EXPECT_DOUBLE_EQ(std::get<double>(distinct.rows[2][4]), 4 + 2.0 * 1 / (2 * 3));
}

TEST(Scale, SaysNothingOfNothing) {
  const Section section = Scale::Conclude({}, {});
  ASSERT_FALSE(section.headline.empty());
  for (const auto& headline : section.headline) EXPECT_FALSE(headline.value) << headline.name;
  for (const auto& table : section.tables) EXPECT_TRUE(table.rows.empty()) << table.id;
}

TEST(Scale, NoOrderOfTracesMergesOrIdsShows) {
  std::vector<std::string> texts;
  for (const int order : {0, 1, 2}) {
    model::Names names;
    if (order == 1) {  // other ids
      for (const char* name : {"pay", "redis", "cart"}) names.Service(name);
      for (const char* name : {"list", "/look"}) names.Operation(name);
    }
    std::vector<MadeTrace> traces = Shop(names);
    Scale::State a, b, c;
    Scale::Observe(a, traces[order % 3].Graph(), {});
    Scale::Observe(b, traces[(order + 1) % 3].Graph(), {});
    Scale::Observe(c, traces[(order + 2) % 3].Graph(), {});
    if (order == 2) {
      MergeFields(b, std::move(a));
      MergeFields(c, std::move(b));
      MergeFields(c, Scale::State{});
      texts.push_back(Text(Scale::Conclude(c, Of(names))));
    } else {
      MergeFields(b, std::move(c));
      MergeFields(a, std::move(b));
      texts.push_back(Text(Scale::Conclude(a, Of(names))));
    }
  }
  EXPECT_EQ(texts[0], texts[1]);
  EXPECT_EQ(texts[0], texts[2]);
}

TEST(Scale, AWeightedGraphCountsAsOften) {
  model::Names names;
  Scale::State state;
  MadeTrace trace(names, 1);
  trace.Call(kNone, "", "a").Call(0, "a", "b").Call(0, "a", "b").Entry("a", "x").Weight(10);
  graph::CallGraph graph = trace.Graph();
  Scale::Observe(state, graph, {});
  graph.calls = {};  // without a tree of calls: the two calls of its edge
  Scale::Observe(state, graph, {});
  const Section section = Scale::Conclude(state, Of(names));
  EXPECT_EQ(Value(section, "traces"), 20);
  EXPECT_EQ(Value(section, "calls"), 50);
  EXPECT_EQ(Value(section, "edges"), 1);
}

}  // namespace
}  // namespace plumbago::analysis
