// What the bars of a stacked figure (document::FigureKind::kStackedBars) are made of. Parts are
// told apart by a number, since colour is never alone: that of their series, from 1.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "document/document.h"

namespace plumbago::render {

inline constexpr size_t kStackedSeries = 9;  // a number is one digit

struct StackedBar {
  std::string label;
  std::vector<double> parts;  // of each series, not below 0
  double total = 0;
};

// Those of the figure's labels, in order. Series after the ninth are not drawn, nor counted.
inline std::vector<StackedBar> StackedBarsOf(const document::Figure& figure) {
  const size_t series = std::min(figure.series.size(), kStackedSeries);
  std::vector<StackedBar> bars(figure.labels.size());
  for (size_t i = 0; i < bars.size(); ++i) {
    bars[i].label = figure.labels[i];
    bars[i].parts.resize(series);
  }
  for (size_t s = 0; s < series; ++s) {
    for (const document::Point& point : figure.series[s].points) {
      if (!(point.x >= 0) || !(point.x < static_cast<double>(bars.size()))) continue;
      if (!(point.y > 0) || !std::isfinite(point.y)) continue;
      StackedBar& bar = bars[static_cast<size_t>(point.x)];
      bar.parts[s] += point.y;
      bar.total += point.y;
    }
  }
  return bars;
}

}  // namespace plumbago::render
