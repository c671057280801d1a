#include "render/chart.h"

#include <gtest/gtest.h>

namespace plumbago::render {
namespace {

using document::Figure;
using document::FigureKind;
using document::Unit;

std::string Text(const Lines& lines) {
  std::string out;
  for (const Line& line : lines) out += line.Text(1000, false) + "\n";
  return out;
}

TEST(Bar, IsExactToAnEighth) {
  EXPECT_EQ(Bar(1, 4), "████");
  EXPECT_EQ(Bar(0.5, 4), "██");
  EXPECT_EQ(Bar(0.53125, 4), "██▏");
  EXPECT_EQ(Bar(0.25, 1), "▎");
  EXPECT_EQ(Bar(0, 4), "");
  EXPECT_EQ(Bar(-1, 4), "");
  EXPECT_EQ(Bar(1e-9, 4), "▏");  // what is not zero shows
  EXPECT_EQ(Bar(7, 4), "████");
}

TEST(SmallChart, HistogramJoinsNeighboursAndKeepsTheSum) {
  Figure figure{
      "f", "",  FigureKind::kHistogram, {"", Unit::kCount, false}, {"", Unit::kCount, false}, {},
      {},  true};
  document::Series series;
  for (int i = 1; i <= 16; ++i) series.points.push_back({static_cast<double>(i), 10});
  figure.series = {series};
  EXPECT_EQ(Text(SmallChart(figure, 30)),
            "1 – 2   ███████████████████ 20\n"
            "3 – 4   ███████████████████ 20\n"
            "5 – 6   ███████████████████ 20\n"
            "7 – 8   ███████████████████ 20\n"
            "9 – 10  ███████████████████ 20\n"
            "11 – 12 ███████████████████ 20\n"
            "13 – 14 ███████████████████ 20\n"
            "from 15 ███████████████████ 20\n");
}

TEST(SmallChart, DistributionsAreQuantiles) {
  // 100 values 1..100: P(X <= x) = x / 100.
  Figure cdf{"f", "",  FigureKind::kCdf, {"", Unit::kCount, false}, {"", Unit::kShare, false}, {},
             {},  true};
  Figure ccdf = cdf;
  ccdf.kind = FigureKind::kCcdf;
  document::Series up, down, published;
  published.published = true;
  published.points = {{7, 1}};
  for (int i = 1; i <= 100; ++i) {
    up.points.push_back({static_cast<double>(i), i / 100.0});
    down.points.push_back({static_cast<double>(i), 1 - i / 100.0});
  }
  cdf.series = {published, up};
  ccdf.series = {published, down};
  const std::string text = Text(SmallChart(cdf, 20));
  EXPECT_EQ(text,
            "p25   ██▌         25\n"
            "p50   █████       50\n"
            "p75   ███████▌    75\n"
            "p90   █████████   90\n"
            "p99   █████████▉  99\n"
            "p99.9 ██████████ 100\n");
  EXPECT_EQ(Text(SmallChart(ccdf, 20)), text);
}

TEST(FullChart, PublishedBarsStandBelowTheUsers) {
  Figure figure{"f", "", FigureKind::kBars, {}, {"", Unit::kShare, false}, {}, {"rpc", "db", "mc"},
                true};
  figure.series = {{"this data", {{0, 0.5}, {1, 0.25}, {2, 0.125}}, false},
                   {"paper", {{0, 0.25}}, true}};
  EXPECT_EQ(Text(FullChart(figure, 24, 2)),
            "rpc     █████████ 50.0 %\n"
            "  paper ░░░░░     25.0 %\n"
            "db      ████▌     25.0 %\n"
            "… 1 more\n");
}

TEST(FullChart, CurveOnLogarithmicAxes) {
  Figure figure{"f",
                "",
                FigureKind::kCcdf,
                {"calls", Unit::kCount, true},
                {"traces", Unit::kShare, true},
                {},
                {},
                true};
  figure.series = {{"this data", {{1, 1}, {0, 0.5}, {10000, 0.0001}}, false}};
  // A power law is a straight line there; the point that has no logarithm is left out.
  EXPECT_EQ(Text(FullChart(figure, 60, 20)),
            "traces\n"
            "   100 % │⠉⠒⠤⣀\n"
            "         │    ⠉⠒⠤⣀\n"
            "         │        ⠉⠑⠢⢄⡀\n"
            "         │            ⠈⠑⠢⢄⡀\n"
            "         │                ⠈⠉⠒⠤⣀\n"
            "         │                     ⠉⠒⠤⣀\n"
            "  1.00 % │                         ⠉⠒⠤⣀\n"
            "         │                             ⠉⠒⠤⣀⡀\n"
            "         │                                 ⠈⠑⠢⢄⡀\n"
            "         │                                     ⠈⠑⠢⢄⣀\n"
            "         │                                          ⠉⠒⠤⣀\n"
            "0.0100 % │                                              ⠉⠒⠤⣀\n"
            "         └──────────────────────────────────────────────────\n"
            "          1                       100                 10,000\n"
            "          calls (log)\n");
}

TEST(Charts, NothingToDraw) {
  for (const FigureKind kind : {FigureKind::kBars, FigureKind::kCdf, FigureKind::kCcdf,
                                FigureKind::kHistogram, FigureKind::kLine}) {
    Figure figure;
    figure.kind = kind;
    EXPECT_TRUE(SmallChart(figure, 40).empty());
    FullChart(figure, 40, 20);
    figure.series.emplace_back();
    EXPECT_TRUE(SmallChart(figure, 40).empty());
    FullChart(figure, 40, 20);
  }
}

}  // namespace
}  // namespace plumbago::render
