#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "render/html_text.h"
#include "render/plot_scale.h"
#include "render/quantity.h"
#include "render/svg_chart.h"
#include "render/svg_frame.h"
#include "render/text_width.h"

namespace plumbago::render {
namespace {

constexpr size_t kSteps = 6;  // of colour; the highest say their value, too

// Steps of half the value each, from the largest down: what differs twofold differs in colour.
size_t StepOf(double value, double most) {
  if (!(value > 0) || !(most > 0)) return 0;
  const double below = std::floor(std::log2(most / value) + 1e-9);
  return below >= kSteps ? 1 : kSteps - static_cast<size_t>(std::max(below, 0.0));
}

}  // namespace

std::string SvgHeatMap(const document::Figure& figure, const ChartLimits& limits) {
  PlotBox box;
  box.bottom = 252;
  constexpr int kHeight = 334;
  std::vector<const document::HeatCell*> cells;
  PlotRange xs(figure.x.logarithmic), ys(figure.y.logarithmic);
  double most = 0;
  for (const document::HeatCell& cell : figure.cells) {
    if (!(cell.value > 0) || !std::isfinite(cell.value)) continue;
    cells.push_back(&cell);
    most = std::max(most, cell.value);
    for (const double x : {cell.x_low, cell.x_high}) xs.Add(x);
    for (const double y : {cell.y_low, cell.y_high}) ys.Add(y);
  }
  if (cells.empty() || xs.empty() || ys.empty()) return "";
  std::stable_sort(cells.begin(), cells.end(),
                   [](const auto* a, const auto* b) { return a->value > b->value; });
  if (cells.size() > limits.cells) cells.resize(limits.cells);

  const PlotScale x(figure.x, xs.low(), xs.high(), box.left, box.right);
  const PlotScale y(figure.y, ys.low(), ys.high(), box.bottom, box.top);
  std::string out =
      SvgBegin(kChartWidth, kHeight, figure.title.empty() ? figure.id : figure.title, "heat");
  out += SvgFrame(box, figure.x, x, figure.y, y);
  for (const document::HeatCell* cell : cells) {
    const double left = x.At(cell->x_low).value_or(box.left);
    const double right = x.At(cell->x_high).value_or(left);
    const double bottom = y.At(cell->y_low).value_or(box.bottom);
    const double top = y.At(cell->y_high).value_or(bottom);
    const size_t step = StepOf(cell->value, most);
    const std::string value = Quantity(cell->value, figure.value.unit);
    out += fmt::format(
        R"(<rect x="{}" y="{}" width="{}" height="{}" class="h{}"><title>{}: {}; {}: {}; {}</title></rect>)",
        Coordinate(left), Coordinate(top), Coordinate(std::max(right - left, 0.5)),
        Coordinate(std::max(bottom - top, 0.5)), step, Html(figure.x.title, 60),
        Range(cell->x_low, cell->x_high, figure.x.unit), Html(figure.y.title, 60),
        Range(cell->y_low, cell->y_high, figure.y.unit), value);
    // Colour is never alone: the strongest cells say their value where there is room.
    std::string shown = figure.value.unit == document::Unit::kShare
                            ? fmt::format("{:.0f}", cell->value * 100)
                            : value;
    const bool room = right - left > 6.6 * TextWidth(shown) && bottom - top > 11;
    if (step + 2 >= kSteps && room) {
      out += SvgText((left + right) / 2, (top + bottom) / 2 + 4, "middle",
                     fmt::format("cell c{}", step), shown);
    }
  }
  // Legend: each step with the value it begins at.
  const double wide = (box.right - box.left) / static_cast<double>(kSteps);
  for (size_t step = 1; step <= kSteps; ++step) {
    const double at = box.left + wide * static_cast<double>(step - 1);
    out += fmt::format(R"(<rect x="{}" y="300" width="{}" height="9" class="h{}"/>)",
                       Coordinate(at), Coordinate(wide), step);
    const double from = most * std::pow(0.5, static_cast<double>(kSteps - step + 1));
    const std::string least = figure.value.unit == document::Unit::kShare
                                  ? fmt::format("{:.2g} %", from * 100)
                                  : Quantity(from, figure.value.unit);
    out += SvgText(at, 325, "start", "tick", step == 1 ? "less" : least + "+");
  }
  return out + "</svg>";
}

}  // namespace plumbago::render
