#include "render/html_report.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "render/graph_layout.h"
#include "render/html_text.h"
#include "render/plot_scale.h"
#include "render/report_style.h"
#include "render/svg_graph.h"
#include "render/test_document.h"
#include "render/testing/html_check.h"
#include "render/testing/sha256.h"

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

TEST(Html, FirstScreenHasWhereTheTimeGoesBelowTheGraph) {
  document::Document document = WithPictures();
  document::Figure stacked;
  stacked.title = "Where the time goes";
  stacked.kind = FigureKind::kStackedBars;
  stacked.y = {"mean", Unit::kNanoseconds, false};
  stacked.labels = {"fast", "slow"};
  stacked.series = {{"cart", {{0, 1e6}, {1, 5e6}}}};
  stacked.key = true;
  document.sections.front().figures.push_back(stacked);
  const std::string page = RenderHtml(document);
  EXPECT_EQ(testing::CheckHtml(page), "");
  const std::string first = page.substr(0, page.find("<nav class=\"contents"));
  EXPECT_EQ(Occurrences(first, "<figure"), 2u);
  EXPECT_LT(first.find("Around cart"), first.find("Where the time goes"));
}

TEST(Html, OfMoreFindingsTheFirstScreenHasFive) {
  document::Document document = WithPictures();
  size_t findings = 0;
  for (const document::Section& section : document.sections) findings += section.findings.size();
  document::Finding more;
  more.claim = "more";
  document.sections.back().findings.resize(8 - findings, more);
  const std::string page = RenderHtml(document);
  const std::string first = page.substr(0, page.find("<nav class=\"contents"));
  EXPECT_EQ(Occurrences(first, "<p class=\"claim\">"), 5u);
  EXPECT_NE(first.find("3 more in the sections below"), std::string::npos);
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
  EXPECT_EQ(Occurrences(page, "<summary>The numbers, and how they were computed</summary>"),
            figures);
  EXPECT_NE(page.find("class=\"line p0\""), std::string::npos);  // the published curve, dashed
  EXPECT_NE(page.find("class=\"h6\""), std::string::npos);
  EXPECT_NE(page.find("12.3 k × · 41.0 ms"), std::string::npos);
  EXPECT_NE(page.find("7 more services are next"), std::string::npos);
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

// Every value of an attribute, in order.
std::vector<std::string> Values(const std::string& page, const std::string& attribute) {
  std::vector<std::string> values;
  const std::string key = " " + attribute + "=\"";
  for (size_t at = page.find(key); at != std::string::npos; at = page.find(key, at + 1)) {
    const size_t begin = at + key.size();
    values.push_back(page.substr(begin, page.find('"', begin) - begin));
  }
  return values;
}

TEST(Html, PolicyAllowsTheTwoTextsOfThePageAndNothingElse) {
  // Known answers of FIPS 180-4 and of a policy's notation.
  EXPECT_EQ(testing::PolicyHash("abc"), "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
  EXPECT_EQ(testing::PolicyHash(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  EXPECT_EQ(kReportStyleHash, testing::PolicyHash(kReportStyle)) << "put that into report_style.cc";
  EXPECT_EQ(kReportScriptHash, testing::PolicyHash(kReportScript));
  const std::string page = RenderHtml(WithPictures());
  EXPECT_NE(page.find(std::string("style-src '") + kReportStyleHash + "';script-src '" +
                      kReportScriptHash + "'\""),
            std::string::npos);
  EXPECT_EQ(page.find("unsafe"), std::string::npos);
  EXPECT_EQ(Occurrences(page, "<style>"), 1u);
  EXPECT_NE(page.find(std::string("<style>") + kReportStyle + "</style>"), std::string::npos);
  EXPECT_NE(page.find(std::string("<script>") + kReportScript + "</script>"), std::string::npos);
}

TEST(Html, CanBeReadWithoutEyesAndUsedWithoutAMouse) {
  const std::string page = RenderHtml(WithPictures());
  EXPECT_NE(page.find("<html lang=\"en\">"), std::string::npos);
  // Headings: one h1, and none a level deeper than its own would be.
  EXPECT_EQ(Occurrences(page, "<h1>"), 1u);
  char last = '0';
  for (size_t at = page.find("<h"); at != std::string::npos; at = page.find("<h", at + 1)) {
    if (page[at + 2] < '1' || page[at + 2] > '6') continue;
    EXPECT_LE(page[at + 2], last + 1) << page.substr(at, 60);
    last = page[at + 2];
  }
  // Every cell of a head says what it heads; every picture has a name or is left out.
  EXPECT_EQ(Occurrences(page, "<th "), Values(page, "scope").size());
  EXPECT_EQ(Occurrences(page, "<th>"), 0u);
  for (size_t at = page.find("<svg viewBox"); at != std::string::npos;
       at = page.find("<svg viewBox", at + 1)) {
    const std::string tag = page.substr(at, page.find('>', at) - at);
    EXPECT_TRUE(tag.find("role=\"img\" aria-label=\"") != std::string::npos ||
                tag.find("aria-hidden=\"true\"") != std::string::npos)
        << tag;
  }
  // What can be used is a link, a button, a field or a summary, which the keyboard reaches; what
  // can be scrolled takes the focus, and says what it is. Links lead to what is there.
  for (size_t at = page.find("tabindex=\"0\""); at != std::string::npos;
       at = page.find("tabindex=\"0\"", at + 1)) {
    EXPECT_EQ(page.substr(at, 38).find("tabindex=\"0\" role=\"region\" aria-label"), 0u);
  }
  EXPECT_EQ(page.find(" onclick"), std::string::npos);
  const std::string script = kReportScript, style = kReportStyle;
  EXPECT_EQ(Occurrences(script, "addEventListener(\"click\""), 2u);
  EXPECT_EQ(Occurrences(script, "b.addEventListener(\"click\"") +
                Occurrences(script, "button.addEventListener(\"click\""),
            2u);
  EXPECT_NE(style.find(":focus-visible{outline:3px"), std::string::npos);
  EXPECT_EQ(style.find("outline:none"), std::string::npos);
  EXPECT_EQ(style.find("outline:0"), std::string::npos);
  const std::vector<std::string> ids = Values(page, "id");
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size());
  for (const std::string& href : Values(page, "href")) {
    ASSERT_EQ(href[0], '#');
    EXPECT_EQ(std::count(ids.begin(), ids.end(), href.substr(1)), 1) << href;
  }
}

// Relative luminance of "#rgb" or "#rrggbb", as WCAG 2 defines it.
double Luminance(std::string hex) {
  if (hex.size() == 4) hex = {'#', hex[1], hex[1], hex[2], hex[2], hex[3], hex[3]};
  double sum = 0;
  constexpr double kWeights[] = {0.2126, 0.7152, 0.0722};
  for (size_t i = 0; i < 3; ++i) {
    const double v = std::stoi(hex.substr(1 + 2 * i, 2), nullptr, 16) / 255.0;
    sum += kWeights[i] * (v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4));
  }
  return sum;
}

std::string Colour(const std::string& theme, const std::string& name) {
  const size_t at = theme.find("--" + name + ":");
  if (at == std::string::npos) return "";
  const size_t begin = at + name.size() + 3;
  return theme.substr(begin, theme.find_first_of(";}", begin) - begin);
}

double Contrast(const std::string& theme, const std::string& a, const std::string& b) {
  const double x = Luminance(Colour(theme, a)), y = Luminance(Colour(theme, b));
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

TEST(Html, ColoursHaveTheContrastThatWcagAsksFor) {
  EXPECT_NEAR((Luminance("#fff") + 0.05) / (Luminance("#000000") + 0.05), 21, 1e-9);
  const std::string style = kReportStyle;
  const auto theme = [&](const char* selector) {
    const size_t at = style.find(selector);
    EXPECT_NE(at, std::string::npos) << selector;
    return style.substr(at, style.find('}', at) - at);
  };
  const std::string light = theme(":root{"), dark = theme(":root[data-theme=dark]{");
  // What the system asks for and what the button sets are one theme.
  const std::string asked = theme(":root:not([data-theme=light]){");
  EXPECT_EQ(asked.substr(asked.find('{')), dark.substr(dark.find('{')));
  for (const std::string& colours : {light, dark}) {
    // Text: AA, 4.5.
    for (const auto& [text, ground] :
         std::vector<std::pair<std::string, std::string>>{{"ink", "paper"},
                                                          {"ink", "card"},
                                                          {"soft", "paper"},
                                                          {"soft", "card"},
                                                          {"own", "paper"},
                                                          {"own", "card"},
                                                          {"good", "good-bg"},
                                                          {"bad", "bad-bg"},
                                                          {"warn", "warn-bg"},
                                                          {"ink", "warn-bg"},
                                                          {"ink", "own-soft"},
                                                          {"soft", "own-soft"},
                                                          {"hi4", "h4"},
                                                          {"hi", "h5"},
                                                          {"hi", "h6"}}) {
      EXPECT_GE(Contrast(colours, text, ground), 4.5) << text << " on " << ground;
    }
    // Lines, marks, the frame of the focus: 3.
    for (const char* line :
         {"own", "pub", "s1", "s2", "s3", "soft", "good", "warn", "bad", "focus"}) {
      EXPECT_GE(Contrast(colours, line, "card"), 3) << line;
      EXPECT_GE(Contrast(colours, line, "paper"), 3) << line;
    }
  }
}

TEST(Html, TheDamageIsTabledOnce) {
  document::Document document = WithPictures();
  ASSERT_EQ(document.sections[0].id, "completeness");
  document::Table damage{"damage", "Damage", {{"kind", "kind", Unit::kNone, ""}}, {}, false};
  for (const auto& kind : document.input.by_kind) damage.rows.push_back({kind.title});
  document.sections[0].tables.push_back(damage);
  const std::string page = RenderHtml(document);
  EXPECT_EQ(Occurrences(page, ">lost propagation</bdi></td>"), 1u);
}

TEST(Html, ALongTableSaysHowMuchIsLeftOutAndWhereItIs) {
  document::Document document = WithPictures();
  document::Table& table = document.sections.back().tables[0];
  while (table.rows.size() < 700) table.rows.push_back(table.rows[0]);
  table.more_rows = 300;
  const std::string page = RenderHtml(document, {.top = 1'000'000});
  EXPECT_NE(page.find("200 of 1,000 rows; all: <code>analyze --json --top all</code>"),
            std::string::npos);
}

TEST(Html, AGraphOfManyIsTrimmedToItsStrongest) {
  document::Figure graph;
  graph.kind = FigureKind::kGraph;
  graph.title = "g";
  graph.nodes.push_back({"focus", "service", 1e9, true});
  for (uint32_t i = 1; i <= 15; ++i) {
    graph.nodes.push_back({"n" + std::to_string(i), "service", 1e6, false});
    graph.links.push_back({0, i, "rpc", i, 1e6, 2e6, 1e6 * i});
  }
  // Behind the weakest callee and behind the strongest.
  graph.nodes.push_back({"behind-weak", "service", 1e6, false});
  graph.nodes.push_back({"behind-strong", "service", 1e6, false});
  graph.links.push_back({1, 16, "rpc", 9, 1e6, 2e6, 9e9});
  graph.links.push_back({15, 17, "rpc", 9, 1e6, 2e6, 1});
  const std::string picture = SvgWideGraph(graph, 5);
  for (const char* shown : {">n15<", ">n11<", ">behind-strong<"}) {
    EXPECT_NE(picture.find(shown), std::string::npos) << shown;
  }
  for (const char* hidden : {">n10<", ">n1<", ">behind-weak<"}) {
    EXPECT_EQ(picture.find(hidden), std::string::npos) << hidden;
  }
  EXPECT_EQ(SvgGraphLeftOut(graph, 5), 11u);
  EXPECT_EQ(SvgGraphLeftOut(graph, 40), 0u);
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
