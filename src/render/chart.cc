#include "render/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "render/chart_rows.h"
#include "render/curve.h"
#include "render/heat_rows.h"
#include "render/link_rows.h"
#include "render/quantity.h"
#include "render/stacked_rows.h"
#include "render/text_width.h"

namespace plumbago::render {
namespace {

using document::Figure;
using document::FigureKind;

constexpr size_t kSmallRows = 8;
constexpr int kLeastBar = 12;  // labels wrap before bars get shorter

std::string Spark(const document::Series& series, int width) {
  constexpr const char* kLevels[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  double high = 0;
  for (const document::Point& point : series.points) {
    if (std::isfinite(point.y)) high = std::max(high, point.y);
  }
  std::string out;
  const size_t columns = std::min(series.points.size(), static_cast<size_t>(std::max(width, 1)));
  for (size_t c = 0; c < columns; ++c) {
    // The highest of the points that share a column: a peak must not vanish.
    double y = 0;
    const size_t end =
        std::max((c + 1) * series.points.size() / columns, c * series.points.size() / columns + 1);
    for (size_t i = c * series.points.size() / columns; i < end; ++i) {
      if (std::isfinite(series.points[i].y)) y = std::max(y, series.points[i].y);
    }
    const double level = high > 0 ? y / high * 7 : 0;
    out += kLevels[static_cast<size_t>(std::clamp(std::lround(level), 0L, 7L))];
  }
  return out;
}

std::string Hatched(double share, int width) {
  std::string out;
  const long cells = share > 0 ? std::clamp(std::lround(std::min(share, 1.0) * width), 1L,
                                            static_cast<long>(width))
                               : 0;
  for (long i = 0; i < cells; ++i) out += "░";
  return out;
}

Lines DrawRows(const ChartRows& chart, int width) {
  Lines lines;
  int label_width = 0, value_width = 0;
  double most = 0;
  for (const ChartRow& row : chart.rows) {
    if (!row.value) continue;
    value_width = std::max(value_width, TextWidth(Quantity(*row.value, chart.unit)));
    if (std::isfinite(*row.value)) most = std::max(most, *row.value);
  }
  const int label_limit = std::max(width - value_width - 2 - kLeastBar, 8);
  const auto label_of = [&](const ChartRow& row) {
    return Wrap(row.label, label_limit - (row.below ? 2 : 0));
  };
  for (const ChartRow& row : chart.rows) {
    if (!row.value) continue;
    for (const std::string& part : label_of(row)) {
      label_width = std::max(label_width, TextWidth(part) + (row.below ? 2 : 0));
    }
  }
  const int bar_width = std::clamp(width - label_width - value_width - 2, 1, 48);
  for (const ChartRow& row : chart.rows) {
    for (const std::string& part : row.value ? label_of(row) : Wrap(row.label, width)) {
      lines.push_back(Line(row.below ? "  " : "").Add(part));
    }
    if (!row.value) continue;
    const double share = most > 0 ? *row.value / most : 0;
    lines.back()
        .PadTo(label_width + 1)
        .Add(row.published ? Hatched(share, bar_width) : Bar(share, bar_width));
    lines.back().Right(Quantity(*row.value, chart.unit),
                       label_width + 1 + bar_width + 1 + value_width);
  }
  if (chart.left_out > 0)
    lines.emplace_back(fmt::format("… {} more", Count(chart.left_out)), Style::kDim);
  return lines;
}

}  // namespace

std::string Bar(double fraction, int width) {
  constexpr const char* kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  if (!(fraction > 0) || width <= 0) return "";
  const long eighths = std::clamp(std::lround(std::min(fraction, 1.0) * width * 8), 1L, 8L * width);
  std::string out;
  for (long i = 0; i < eighths / 8; ++i) out += "█";
  return out + kEighths[eighths % 8];
}

Lines SmallChart(const Figure& figure, int width) {
  switch (figure.kind) {
    case FigureKind::kBars:
      return DrawRows(BarRows(figure, kSmallRows, false), width);
    case FigureKind::kHistogram:
      return DrawRows(HistogramRows(figure, kSmallRows), width);
    case FigureKind::kCdf:
    case FigureKind::kCcdf:
      return DrawRows(QuantileRows(figure), width);
    case FigureKind::kLine:
      break;
    case FigureKind::kHeatMap:
    case FigureKind::kGraph:
    case FigureKind::kStackedBars:
      return {};  // too much for the first screen; the section has it
  }
  Lines lines;
  const document::Series* own = OwnSeries(figure);
  if (own == nullptr || own->points.empty()) return lines;
  const auto [low, high] =
      std::minmax_element(own->points.begin(), own->points.end(),
                          [](const auto& a, const auto& b) { return a.y < b.y; });
  const std::string range = Range(low->y, high->y, figure.y.unit);
  lines.push_back(Line(Spark(*own, width - TextWidth(range) - 1)).Add(" ").Add(range));
  return lines;
}

Lines FullChart(const Figure& figure, int width, size_t top) {
  if (figure.kind == FigureKind::kBars) return DrawRows(BarRows(figure, top, true), width);
  if (figure.kind == FigureKind::kHistogram) return DrawRows(HistogramRows(figure, top), width);
  if (figure.kind == FigureKind::kHeatMap) return DrawHeatMap(figure, width);
  if (figure.kind == FigureKind::kGraph) return DrawLinks(figure, width, top);
  if (figure.kind == FigureKind::kStackedBars) return DrawStackedBars(figure, width);
  return DrawCurve(figure, width);
}

}  // namespace plumbago::render
