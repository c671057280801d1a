// Heat maps, graphs and the range of curves as rows of a terminal.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "render/curve_range.h"
#include "render/heat_rows.h"
#include "render/link_rows.h"

namespace plumbago::render {
namespace {

using document::Unit;

std::string Text(const Lines& lines, int width) {
  std::string out;
  for (const Line& line : lines) {
    EXPECT_LE(line.width(), width);
    out += line.Text(width, false) + "\n";
  }
  return out;
}

TEST(HeatRows, ShadesByFourfoldStepsAndSaysWhatTheyAre) {
  document::Figure heat;
  heat.kind = document::FigureKind::kHeatMap;
  heat.x = {"calls", Unit::kCount, true};
  heat.y = {"latency", Unit::kNanoseconds, true};
  heat.value = {"share", Unit::kShare, false};
  // The step from 5 to 10 is empty, and so is the row of 2 ms.
  heat.cells = {{1, 2, 1e6, 2e6, 0.64},
                {2, 5, 1e6, 2e6, 0.16},
                {10, 20, 5e6, 1e7, 0.001},
                {2, 5, 5e6, 1e7, 0.04},
                {1, 2, 5e6, 1e7, 0}};
  EXPECT_EQ(Text(DrawHeatMap(heat, 60), 60),
            R"(latency, from
5.00 ms │    ▒▒▒▒    ░░░░
2.00 ms │
1.00 ms │████▓▓▓▓
        └────────────────
         1   2   5   10
         calls, from
share · █ above 16.0 % · ▓ above 4.00 % · ▒ above 1.00 %
░ less · most 64.0 %
)");
  heat.cells.clear();
  EXPECT_TRUE(DrawHeatMap(heat, 60).empty());
}

TEST(HeatRows, ManyCellsAreJoined) {
  document::Figure heat;
  heat.value.unit = Unit::kCount;
  for (int x = 0; x < 300; ++x) {
    for (int y = 0; y < 100; ++y) heat.cells.push_back({x + 0.0, x + 1.0, y + 0.0, y + 1.0, 1});
  }
  const Lines lines = DrawHeatMap(heat, 60);
  EXPECT_LE(lines.size(), 30u);
  // 300 columns in at most 55, 100 rows in at most 24: six by five are summed.
  EXPECT_NE(Text(lines, 60).find("most 30"), std::string::npos);
}

TEST(LinkRows, CallersAboveCalleesBelowTheirsBelowThem) {
  document::Figure graph;
  graph.kind = document::FigureKind::kGraph;
  graph.nodes = {{"cart", "service", 8e9, true},
                 {"web", "service", 1e9, false},
                 {"store", "database", 3e9, false},
                 {"stock", "service", 1e9, false},
                 {"disk", "service", 1e9, false}};
  graph.links = {{0, 3, "rpc", 7, 1e6, 2e6, 1e9},
                 {1, 0, "http", 12345, 4e6, 41e6, 8e9},
                 {0, 2, "database", 30000, 1e6, 7e6, 4e9},
                 {2, 4, "rpc", 5, {}, {}, 0},
                 {3, 2, "rpc", 5, {}, {}, 0}};
  graph.more_nodes = 2;
  EXPECT_EQ(Text(DrawLinks(graph, 80, 20), 80),
            R"(web →             12,345 ×   p99 41.0 ms ██████████
cart  own time 8.00 s
  → store         30,000 ×   p99 7.00 ms █████
      → disk           5 ×
  → stock              7 ×   p99 2.00 ms █▎
1 more link between these · 2 more services beside them
bars: time that callers waited
)");
  // The strongest first, on either side; nothing is longer than asked for.
  const std::string few = Text(DrawLinks(graph, 40, 2), 40);
  EXPECT_NE(few.find("web →"), std::string::npos);
  EXPECT_NE(few.find("→ store"), std::string::npos);
  EXPECT_EQ(few.find("stock"), std::string::npos);
  graph.nodes[0].focus = false;
  EXPECT_EQ(Text(DrawLinks(graph, 80, 1), 80).find("web → cart"), 0u);
  EXPECT_TRUE(DrawLinks({}, 80, 5).empty());
}

TEST(CurveRange, APublishedCurveReachesADecadeFurtherAtMost) {
  document::Figure figure;
  figure.x.logarithmic = true;
  figure.series = {{"own", {{1, 1}, {0, 5}, {50, 0.1}}, false},
                   {"theirs", {{1, 1}, {300, 0.05}, {400, 2}, {501, 0.01}}, true}};
  const CurveRange range = RangeOfCurves(figure);
  EXPECT_EQ(range.x_low, 1);
  EXPECT_EQ(range.x_high, 500);
  EXPECT_EQ(range.y_low, 0.01);  // a linear axis shows all of it
  EXPECT_EQ(range.y_high, 2);
  EXPECT_EQ(Within(figure.series[1], range).points.size(), 3u);
  figure.series.erase(figure.series.begin());
  EXPECT_EQ(RangeOfCurves(figure).x_high, 501);
  EXPECT_TRUE(RangeOfCurves({}).empty);
}

}  // namespace
}  // namespace plumbago::render
