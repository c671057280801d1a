#include <gtest/gtest.h>

#include <limits>

#include "render/chart.h"
#include "render/stacked.h"
#include "render/svg_chart.h"

namespace plumbago::render {
namespace {

using document::Figure;
using document::FigureKind;
using document::Unit;

Figure Stacked() {
  Figure figure;
  figure.id = "f";
  figure.kind = FigureKind::kStackedBars;
  figure.y = {"mean", Unit::kNanoseconds, false};
  figure.labels = {"fast", "slow"};
  figure.series = {{"db", {{0, 10e6}, {1, 40e6}}}, {"a <b>", {{0, 10e6}, {1, 20e6}}}};
  return figure;
}

std::string Text(const Lines& lines) {
  std::string text;
  for (const Line& line : lines) text += line.Text(60, false) + "\n";
  return text;
}

TEST(StackedBars, PartsInTheDigitOfTheirSeries) {
  EXPECT_EQ(Text(FullChart(Stacked(), 44, 10)),
            "fast 1111122222                      20.0 ms\n"
            "slow 1111111111111111111112222222222 60.0 ms\n"
            "     1 db\n"
            "     2 a <b>\n");
}

TEST(StackedBars, PictureHasAPartForEach) {
  const std::string svg = SvgChart(Stacked(), {});
  size_t parts = 0;
  for (size_t at = svg.find("class=\"stack"); at != svg.npos;
       at = svg.find("class=\"stack", at + 1))
    ++parts;
  EXPECT_EQ(parts, 4u);
  EXPECT_NE(svg.find("a &lt;b&gt;: 20.0 ms, 33.3 % of 60.0 ms"), svg.npos) << svg;
  const std::string legend = ChartLegend(Stacked());
  EXPECT_NE(legend.find("a &lt;b&gt;"), legend.npos) << legend;
}

TEST(StackedBars, WhatIsNoPartIsLeftOut) {
  Figure figure = Stacked();
  figure.series[0].points = {{0, -1}, {7, 5}, {1, std::numeric_limits<double>::infinity()}};
  const std::vector<StackedBar> bars = StackedBarsOf(figure);
  ASSERT_EQ(bars.size(), 2u);
  EXPECT_EQ(bars[0].total, 10e6);
  EXPECT_EQ(bars[1].total, 20e6);
  figure.series.clear();
  EXPECT_TRUE(FullChart(figure, 44, 10).empty());
  EXPECT_EQ(SvgChart(figure, {}), "");
}

}  // namespace
}  // namespace plumbago::render
