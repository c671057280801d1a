#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "render/html_text.h"
#include "render/plot_scale.h"
#include "render/quantity.h"
#include "render/stacked.h"
#include "render/svg_chart.h"
#include "render/svg_frame.h"
#include "render/text_width.h"

namespace plumbago::render {
namespace {

constexpr size_t kColours = 8;

}  // namespace

std::string SvgStackedBars(const document::Figure& figure) {
  constexpr double kHigh = 30, kTop = 4, kLetter = 7.3, kLeastNumbered = 11;
  const std::vector<StackedBar> bars = StackedBarsOf(figure);
  double most = 0;
  int label_width = 1, value_width = 1;
  for (const StackedBar& bar : bars) {
    most = std::max(most, bar.total);
    label_width = std::max(label_width, TextWidth(bar.label));
    value_width = std::max(value_width, TextWidth(Quantity(bar.total, figure.y.unit)));
  }
  if (most <= 0) return "";
  const double labels = std::clamp(kLetter * label_width + 10, 34.0, 150.0);
  const double room = kChartWidth - labels - 12 - 7.2 * value_width;
  std::string body;
  double y = kTop;
  for (const StackedBar& bar : bars) {
    body += SvgText(2, y + kHigh / 2 + 4, "start", "label",
                    CutMiddle(Printable(bar.label), static_cast<int>((labels - 8) / kLetter)));
    double x = labels;
    for (size_t s = 0; s < bar.parts.size(); ++s) {
      const double wide = bar.parts[s] / most * room;
      if (wide <= 0) continue;
      body += fmt::format(
          R"(<rect x="{}" y="{}" width="{}" height="{}" class="stack t{}"><title>{}: {}, {:.3g} % of {}</title></rect>)",
          Coordinate(x), Coordinate(y + 3), Coordinate(wide), Coordinate(kHigh - 6), s % kColours,
          Html(figure.series[s].name, 120), Quantity(bar.parts[s], figure.y.unit),
          100 * bar.parts[s] / bar.total, Quantity(bar.total, figure.y.unit));
      if (wide >= kLeastNumbered)
        body += SvgText(x + wide / 2, y + kHigh / 2 + 4, "middle", "part", std::to_string(s + 1));
      x += wide;
    }
    body += SvgText(x + 6, y + kHigh / 2 + 4, "start", "value", Quantity(bar.total, figure.y.unit));
    y += kHigh;
  }
  return SvgBegin(kChartWidth, static_cast<int>(y + kTop),
                  figure.title.empty() ? figure.id : figure.title, "bars") +
         body + "</svg>";
}

std::string StackedLegend(const document::Figure& figure) {
  std::string out = R"(<ul class="legend">)";
  for (size_t s = 0; s < std::min(figure.series.size(), kStackedSeries); ++s) {
    out += fmt::format(
        R"(<li><svg viewBox="0 0 34 18" class="swatch tall" aria-hidden="true"><rect x="1" y="1" width="32" height="16" class="t{}"/>{}</svg>{}</li>)",
        s % kColours, SvgText(17, 13, "middle", "part", std::to_string(s + 1)),
        Html(figure.series[s].name, 120));
  }
  return out + "</ul>";
}

}  // namespace plumbago::render
