#include "render/heat_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "render/figure_table.h"
#include "render/quantity.h"
#include "render/text_width.h"

namespace plumbago::render {
namespace {

using document::Figure;
using document::HeatCell;
using document::Unit;

constexpr size_t kMostRows = 24;
constexpr int kMostWide = 4;  // columns of a cell
constexpr std::array<const char*, 4> kShades = {"░", "▒", "▓", "█"};

// The steps of one axis: where cells begin and end, and the gaps between them.
struct Steps {
  std::vector<std::pair<double, double>> bounds;

  Steps(const std::vector<const HeatCell*>& cells, double HeatCell::* low, double HeatCell::* high,
        size_t most) {
    for (const HeatCell* cell : cells) bounds.emplace_back(cell->*low, cell->*high);
    std::sort(bounds.begin(), bounds.end());
    bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
    std::vector<std::pair<double, double>> filled;
    for (const auto& [from, to] : bounds) {
      if (!filled.empty() && from > filled.back().second)
        filled.emplace_back(filled.back().second, from);
      filled.emplace_back(from, to);
    }
    // Joined evenly until they fit.
    const size_t joined = (filled.size() + most - 1) / most;
    bounds.clear();
    for (size_t i = 0; i < filled.size(); i += joined) {
      bounds.emplace_back(filled[i].first, filled[std::min(i + joined, filled.size()) - 1].second);
    }
  }
  size_t Of(double low) const {
    const auto after = std::upper_bound(bounds.begin(), bounds.end(), low,
                                        [](double v, const auto& step) { return v < step.first; });
    return after == bounds.begin() ? 0 : static_cast<size_t>(after - bounds.begin()) - 1;
  }
};

// 0: nothing; 1 to 4: each step is a quarter of the next, for the values span decades.
size_t ShadeOf(double value, double most) {
  if (!(value > 0)) return 0;
  const double below = std::floor(std::log2(most / value) / 2 + 1e-9);
  return below >= 3 ? 1 : kShades.size() - static_cast<size_t>(below);
}

}  // namespace

Lines DrawHeatMap(const Figure& figure, int width) {
  std::vector<const HeatCell*> cells;
  for (const HeatCell& cell : figure.cells) {
    const bool finite = std::isfinite(cell.value) && std::isfinite(cell.x_low) &&
                        std::isfinite(cell.x_high) && std::isfinite(cell.y_low) &&
                        std::isfinite(cell.y_high);
    if (finite && cell.value > 0) cells.push_back(&cell);
  }
  if (cells.empty()) return {};
  const Steps ys(cells, &HeatCell::y_low, &HeatCell::y_high, kMostRows);
  int margin = 0;
  for (const auto& [low, high] : ys.bounds) {
    margin = std::max(margin, TextWidth(Quantity(low, figure.y.unit)) + 1);
  }
  const auto room = static_cast<size_t>(std::clamp(width - margin - 1, 8, 96));
  const Steps xs(cells, &HeatCell::x_low, &HeatCell::x_high, room);
  const int wide = std::clamp(static_cast<int>(room / xs.bounds.size()), 1, kMostWide);
  std::vector<std::vector<double>> sums(ys.bounds.size(), std::vector<double>(xs.bounds.size(), 0));
  const bool adds = figure.value.unit == Unit::kShare || figure.value.unit == Unit::kCount;
  double most = 0;
  for (const HeatCell* cell : cells) {
    double& sum = sums[ys.Of(cell->y_low)][xs.Of(cell->x_low)];
    sum = adds ? sum + cell->value : std::max(sum, cell->value);
    most = std::max(most, sum);
  }

  Lines lines;
  lines.emplace_back(AxisTitle(figure.y, "y") + ", from", Style::kDim);
  for (size_t row = ys.bounds.size(); row-- > 0;) {
    Line line;
    line.Right(Quantity(ys.bounds[row].first, figure.y.unit), margin - 1, Style::kDim)
        .PadTo(margin)
        .Add("│", Style::kDim);
    std::string blocks;
    for (const double value : sums[row]) {
      const size_t shade = ShadeOf(value, most);
      for (int i = 0; i < wide; ++i) blocks += shade == 0 ? " " : kShades[shade - 1];
    }
    lines.push_back(line.Add(blocks));
  }
  std::string rule = "└";
  for (int c = 0; c < wide * static_cast<int>(xs.bounds.size()); ++c) rule += "─";
  lines.push_back(Line().PadTo(margin).Add(rule, Style::kDim));
  // Where columns begin, as many as there is room for.
  Line axis;
  for (size_t i = 0; i < xs.bounds.size(); ++i) {
    const int at = margin + 1 + wide * static_cast<int>(i);
    const std::string text = Quantity(xs.bounds[i].first, figure.x.unit);
    if (at + TextWidth(text) > width) break;
    if (i > 0 && at < axis.width() + 1) continue;
    axis.PadTo(at).Add(text, Style::kDim);
  }
  lines.push_back(std::move(axis));
  lines.push_back(Line().PadTo(margin + 1).Add(AxisTitle(figure.x, "x") + ", from", Style::kDim));

  std::vector<std::string> scale = {AxisTitle(figure.value, "value")};
  for (size_t shade = kShades.size(); shade > 1; --shade) {
    const double from = most * std::pow(0.25, static_cast<double>(kShades.size() - shade + 1));
    scale.push_back(
        fmt::format("{} above {}", kShades[shade - 1], Quantity(from, figure.value.unit)));
  }
  scale.push_back(fmt::format("{} less", kShades[0]));
  scale.push_back("most " + Quantity(most, figure.value.unit));
  for (const std::string& part : JoinParts(scale, width)) lines.emplace_back(part, Style::kDim);
  return lines;
}

}  // namespace plumbago::render
