// Figures as SVG, in the colours of the page (report_style.cc names the classes). Every chart is
// 440 units wide, so that on a phone its text stays readable; its numbers stand in a table beside
// it.
#pragma once

#include <string>

#include "document/document.h"

namespace plumbago::render {

inline constexpr int kChartWidth = 440;

struct ChartLimits {
  size_t points = 300;  // of a curve
  size_t bars = 24;
  size_t cells = 800;
};

// "" where there is nothing to draw (no point that the axes can show). Bars, histogram and curves
// (CDF, CCDF, line): svg_chart.cc; heat map: svg_heat_map.cc; stacked bars:
// svg_stacked_bars.cc; graph: svg_graph.cc.
std::string SvgChart(const document::Figure& figure, const ChartLimits& limits);
std::string SvgHeatMap(const document::Figure& figure, const ChartLimits& limits);
std::string SvgStackedBars(const document::Figure& figure);

// What the lines and colours mean, as a list; "" where one series of the user's says it all.
std::string ChartLegend(const document::Figure& figure);
std::string StackedLegend(const document::Figure& figure);

// <svg ...>: an image with a name; height in units.
std::string SvgBegin(int width, int height, const std::string& label, const char* classes);

}  // namespace plumbago::render
