#include "render/html_report.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <vector>

#include "render/graph_layout.h"
#include "render/html_text.h"
#include "render/plot_scale.h"
#include "render/svg_graph.h"
#include "render/test_document.h"
#include "render/testing/html_check.h"

namespace plumbago::render {
namespace {

using document::FigureKind;
using document::Unit;

document::Figure TestGraph() {
  document::Figure graph;
  graph.id = "focal_graph";
  graph.title = "Around cart";
  graph.kind = FigureKind::kGraph;
  graph.key = true;
  graph.nodes = {{"cart", "service", 8e9, true},
                 {"(outside)", "entry", 0, false},
                 {"store", "database", 3e9, false},
                 {"<b>&\"quick'", "cache", 1e9, false},
                 {"far", "service", 1e9, false}};
  graph.links = {{1, 0, "http", 12345, 4e6, 41e6, 9e9},
                 {0, 2, "database", 30000, 1e6, 7e6, 3e9},
                 {0, 3, "cache", 90000, {}, {}, 0},
                 {2, 4, "rpc", 5, 1e6, 2e6, 1e7},
                 {4, 0, "rpc", 2, 1e6, 2e6, 1e6}};
  graph.more_nodes = 7;
  return graph;
}

document::Document WithPictures() {
  document::Document document = TestDocument();
  document::Section& edges = document.sections.back();
  edges.figures.push_back(TestGraph());
  document::Figure heat;
  heat.id = "heat";
  heat.title = "Where the time is";
  heat.kind = FigureKind::kHeatMap;
  heat.x = {"calls", Unit::kCount, true};
  heat.y = {"median latency", Unit::kNanoseconds, true};
  heat.value = {"share of own time", Unit::kShare, false};
  heat.cells = {{1, 2, 1e6, 2e6, 0.5}, {2, 5, 2e6, 5e6, 0.25}, {5, 10, 1e6, 2e6, 0.001}};
  edges.figures.push_back(heat);
  return document;
}

size_t Occurrences(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(Html, FirstScreenHasCompletenessFiveFindingsAndOneGraph) {
  const std::string page = RenderHtml(WithPictures());
  EXPECT_EQ(testing::CheckHtml(page), "");
  const std::string first = page.substr(0, page.find("<nav class=\"contents"));
  EXPECT_EQ(Occurrences(first, "class=\"kicker\""), 2u);  // completeness, findings
  EXPECT_EQ(Occurrences(first, "<p class=\"claim\">"), 4u);
  EXPECT_EQ(Occurrences(first, "<figure"), 1u);
  EXPECT_NE(first.find("Around cart"), std::string::npos);
  EXPECT_NE(first.find("8,807 whole (64.8 %)"), std::string::npos);
  EXPECT_EQ(first.find("<table>"), std::string::npos);
}

TEST(Html, IsOneFileThatReachesForNothing) {
  const std::string page = RenderHtml(WithPictures());
  for (const char* outside : {"http://", "https://", "src=", "@import", "<link", "<img"}) {
    EXPECT_EQ(page.find(outside), std::string::npos) << outside;
  }
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
}

TEST(Html, EachFigureHasItsNumbersAndHowItWasComputed) {
  const std::string page = RenderHtml(WithPictures());
  const size_t figures = Occurrences(page, "<figure");
  EXPECT_GE(figures, 6u);
  EXPECT_EQ(Occurrences(page, "<summary>The numbers</summary>"), figures);
  EXPECT_NE(page.find("class=\"line p0\""), std::string::npos);  // the published curve, dashed
  EXPECT_NE(page.find("class=\"h6\""), std::string::npos);
  EXPECT_NE(page.find("12.3 k × · 41.0 ms"), std::string::npos);
  EXPECT_NE(page.find("7 more services"), std::string::npos);
}

TEST(Html, WhatTheDataSaysStaysText) {
  document::Document document = WithPictures();
  const std::string nasty = "</title></script><script>alert(1)</script>\x01\u202E\" onload='x";
  document.title = nasty;
  document.input.files = {nasty};
  for (document::Section& section : document.sections) {
    section.id = section.title = section.question = section.computed = nasty;
    for (auto& finding : section.findings) finding.claim = finding.id = nasty;
    for (auto& table : section.tables) {
      table.title = nasty;
      for (auto& column : table.columns) column.title = column.help = nasty;
      for (auto& row : table.rows) row[0] = nasty;
    }
    for (auto& figure : section.figures) {
      figure.title = figure.x.title = figure.y.title = nasty;
      for (auto& label : figure.labels) label = nasty;
      for (auto& node : figure.nodes) node.name = nasty;
      for (auto& link : figure.links) link.kind = nasty;
      for (auto& series : figure.series) series.name = nasty;
    }
  }
  const std::string page = RenderHtml(document);
  EXPECT_EQ(testing::CheckHtml(page), "");
  EXPECT_EQ(Occurrences(page, "<script>"), 1u);
  EXPECT_EQ(page.find('\x01'), std::string::npos);
  EXPECT_EQ(page.find("\u202E"), std::string::npos);
}

TEST(Html, NeverMoreThanTheLimit) {
  document::Document document = WithPictures();
  const std::string name(3'000, 'x');
  document::Section large = document.sections.back();
  for (int i = 0; i < 300; ++i) {
    large.tables[0].rows.push_back(
        {name, name, std::string("rpc"), int64_t{i}, 1.0, 2.0, 3.0, 4.0});
  }
  for (int i = 0; i < 1'000; ++i) {
    large.figures[0].nodes.push_back({name.substr(0, 50), "service", 1, false});
  }
  document::Figure curve;
  curve.title = name;
  curve.kind = FigureKind::kCcdf;
  curve.x = {"x", Unit::kCount, true};
  curve.y = {"y", Unit::kShare, true};
  curve.series.resize(3);
  for (int i = 1; i < 20'000; ++i) curve.series[0].points.push_back({1.0 * i, 1.0 / i});
  large.figures.push_back(curve);
  large.computed = name;
  for (int i = 0; i < 30; ++i) document.sections.push_back(large);
  const std::string page = RenderHtml(document, {.top = 1'000'000});
  EXPECT_LE(page.size(), 2'000'000u);
  EXPECT_GT(page.size(), 100'000u);
  EXPECT_EQ(testing::CheckHtml(page), "");
  document::Section small = large;
  small.tables[0].rows.resize(40);
  small.figures.resize(1);
  for (int i = 0; i < 1'000; ++i) document.sections.push_back(small);
  const std::string longer = RenderHtml(document);
  EXPECT_LE(longer.size(), 2'000'000u);
  EXPECT_NE(longer.find("no room in this file"), std::string::npos);
  EXPECT_EQ(testing::CheckHtml(longer), "");
}

TEST(Html, SaysNothingOfTheRun) {
  document::Document there = WithPictures(), here = there;
  here.run = {99, 64, 1};
  EXPECT_EQ(RenderHtml(there), RenderHtml(here));
}

TEST(HtmlCheck, SeesWhatIsWrong) {
  EXPECT_EQ(testing::CheckHtml("<p class=\"a\">x &amp; y</p>"), "");
  for (const char* bad : {"<p>", "<p></b>", "<p onload=\"x\"></p>", "<p class=x></p>", "a & b",
                          "<blink></blink>", "<p title=\"a<b\"></p>"}) {
    EXPECT_NE(testing::CheckHtml(bad), "") << bad;
  }
}

document::GraphLink Link(uint32_t caller, uint32_t callee) {
  document::GraphLink link;
  link.caller = caller;
  link.callee = callee;
  return link;
}

TEST(GraphLayout, PutsCallersLeftAndCalleesRightOfTheFocus) {
  const GraphLayout layout = LayOutGraph(TestGraph(), 40);
  ASSERT_EQ(layout.layers.size(), 3u);
  EXPECT_EQ(layout.layers[1], std::vector<size_t>{0});
  // "far" is called by a callee and calls the focus: the nearer side is the callers'.
  EXPECT_EQ(layout.layer[4], 0);
  EXPECT_EQ(layout.layer[1], 0);
  EXPECT_EQ(layout.layer[2], 2);
  EXPECT_EQ(layout.crossings, 0u);
}

TEST(GraphLayout, UntanglesAndBreaksCycles) {
  document::Figure figure;
  figure.nodes.resize(6);
  // 0->5, 1->4, 2->3 in two layers: crossed in the order of numbers.
  figure.links = {Link(0, 5), Link(1, 4), Link(2, 3)};
  EXPECT_EQ(LayOutGraph(figure, 40).crossings, 0u);
  figure.links = {Link(0, 1), Link(1, 2), Link(2, 0)};
  const GraphLayout cycle = LayOutGraph(figure, 40);
  EXPECT_LT(cycle.layer[0], cycle.layer[1]);
  EXPECT_LT(cycle.layer[1], cycle.layer[2]);
  EXPECT_EQ(LayOutGraph(figure, 4).nodes_left_out, 2u);
  EXPECT_TRUE(LayOutGraph({}, 40).layers.empty());
}

TEST(PlotScale, TicksAreRoundAndShort) {
  const auto texts = [](const PlotScale& scale, size_t most) {
    std::string out;
    for (const auto& tick : scale.Ticks(most)) out += tick.text + "|";
    return out;
  };
  const document::Axis time{"t", Unit::kNanoseconds, true}, count{"n", Unit::kCount, true},
      share{"s", Unit::kShare, false};
  EXPECT_EQ(texts(PlotScale(time, 1e6, 1e10, 0, 100), 6), "1 ms|10 ms|100 ms|1 s|10 s|");
  EXPECT_EQ(texts(PlotScale(count, 1, 1e6, 0, 100), 7), "1|10|100|1,000|10 k|100 k|1 M|");
  EXPECT_EQ(texts(PlotScale(share, 0, 1, 0, 100), 5), "0 %|20 %|40 %|60 %|80 %|100 %|");
  EXPECT_FALSE(PlotScale(time, 1e6, 1e10, 0, 100).At(0).has_value());
  EXPECT_DOUBLE_EQ(*PlotScale(time, 1e6, 1e10, 0, 100).At(1e8), 50);
}

TEST(HtmlText, EscapesAndCuts) {
  EXPECT_EQ(Html("a<b>&\"'\n\x02"), "a&lt;b&gt;&amp;&quot;&#39; \uFFFD");
  EXPECT_EQ(Html("abcdefgh", 4), "abc…");
  EXPECT_EQ(HtmlId("s-", "a b\"<é"), "s-a-b----");
  EXPECT_EQ(Coordinate(1.5), "1.5");
  EXPECT_EQ(Coordinate(-0.001), "0");
  EXPECT_EQ(Coordinate(1e300), "0");
}

}  // namespace
}  // namespace plumbago::render
