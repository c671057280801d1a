#include "render/svg_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "render/chart_rows.h"
#include "render/curve_range.h"
#include "render/html_text.h"
#include "render/plot_scale.h"
#include "render/quantity.h"
#include "render/svg_frame.h"
#include "render/text_width.h"
#include "render/thin.h"

namespace plumbago::render {
namespace {

using document::Figure;
using document::FigureKind;
using document::Series;

constexpr size_t kUprightBins = 14;  // more bins than these stand upright
constexpr size_t kMarked = 40;       // points of a published curve that get a mark each

// The class of a series: published ones p0 to p3, the user's s0 to s5 (each a colour and a dash).
std::string ClassOf(const Figure& figure, size_t series) {
  size_t before = 0;
  for (size_t i = 0; i < series; ++i) {
    before += figure.series[i].published == figure.series[series].published;
  }
  return figure.series[series].published ? fmt::format("p{}", before % 4)
                                         : fmt::format("s{}", before % 6);
}

std::string NameOf(const Series& series) {
  if (!series.name.empty()) return series.name;
  return series.published ? "published" : "this data";
}

// Behind the name of a series in a legend.
std::string PublishedNote(const Series& series) {
  if (!series.published) return "";
  if (series.source.empty()) return " <small>(published)</small>";
  return fmt::format(" <small>(published: {})</small>", Html(series.source, 120));
}

// "bar", "bar b1", .. of the user's series, "pbar", "pbar p1", .. of the published.
std::string BarClass(const Figure& figure, size_t series) {
  if (series >= figure.series.size()) return "bar";
  const std::string place = ClassOf(figure, series);
  return figure.series[series].published ? "pbar " + place : "bar b" + place.substr(1);
}

// Rows of a label at the left, a bar, and the value at its end. Where there are several series a
// label's bars follow each other in their order, as the legend has them.
std::string HorizontalBars(const Figure& figure, const ChartRows& chart, const std::string& label) {
  constexpr double kRow = 22, kBelow = 17, kTop = 4, kLetter = 7.3;
  double most = 0;
  size_t value_width = 1;
  int label_width = 1;
  for (const ChartRow& row : chart.rows) {
    if (!row.value || !row.below) label_width = std::max(label_width, TextWidth(row.label));
    if (!row.value) continue;
    if (std::isfinite(*row.value)) most = std::max(most, *row.value);
    value_width =
        std::max(value_width, static_cast<size_t>(TextWidth(Quantity(*row.value, chart.unit))));
  }
  const double labels = std::clamp(kLetter * label_width + 10, 34.0, 190.0);
  const int letters = static_cast<int>((labels - 8) / kLetter);
  const double room = kChartWidth - labels - 12 - 7.2 * static_cast<double>(value_width);
  std::string body, pending;
  double y = kTop;
  for (const ChartRow& row : chart.rows) {
    if (!row.value) {
      pending = row.label;
      if (y > kTop) y += 6;
      continue;
    }
    const double high = row.below ? kBelow : kRow;
    if (!row.below) pending = row.label;
    if (!pending.empty()) {
      body += SvgText(2, y + high - 6, "start", "label", CutMiddle(Printable(pending), letters));
      pending.clear();
    }
    const double share = most > 0 && *row.value > 0 ? std::min(*row.value / most, 1.0) : 0;
    const double wide = share > 0 ? std::max(share * room, 1.5) : 0;
    body += fmt::format(R"(<rect x="{}" y="{}" width="{}" height="{}" class="{}"/>)",
                        Coordinate(labels), Coordinate(y + 3), Coordinate(wide),
                        Coordinate(high - 6), BarClass(figure, row.series));
    body += SvgText(labels + wide + 6, y + high - 6, "start",
                    row.published ? "value soft" : "value", Quantity(*row.value, chart.unit));
    y += high;
  }
  if (chart.left_out > 0) {
    body +=
        SvgText(2, y + 16, "start", "label soft", fmt::format("… {} more", Count(chart.left_out)));
    y += kRow;
  }
  return SvgBegin(kChartWidth, static_cast<int>(std::ceil(y + kTop)), label, "bars") + body +
         "</svg>";
}

std::string UprightBars(const Figure& figure, const ChartRows& chart, const std::string& label) {
  PlotBox box;
  PlotRange range(figure.y.logarithmic);
  if (!figure.y.logarithmic) range.Add(0);
  for (const ChartRow& row : chart.rows) range.Add(row.value.value_or(0));
  if (range.empty()) return "";
  const double low = figure.y.logarithmic ? range.low() / 2 : range.low();
  const PlotScale y(figure.y, low, range.high(), box.bottom, box.top);
  const PlotScale x({figure.x.title, document::Unit::kNone, false}, 0,
                    static_cast<double>(chart.rows.size()), box.left, box.right);
  std::string out = SvgBegin(kChartWidth, PlotBox::kHeight, label, "bars");
  for (const PlotScale::Tick& tick : y.Ticks(5)) {
    out += fmt::format(R"(<path class="grid" d="M{} {}H{}"/>)", Coordinate(box.left),
                       Coordinate(tick.at), Coordinate(box.right));
    out += SvgText(box.left - 6, tick.at + 4, "end", "tick", tick.text);
  }
  const double base = y.At(std::max(low, figure.y.logarithmic ? low : 0.0)).value_or(box.bottom);
  const double step = (box.right - box.left) / static_cast<double>(chart.rows.size());
  double free_from = -1e9;
  for (size_t i = 0; i < chart.rows.size(); ++i) {
    const double at = x.At(static_cast<double>(i)).value_or(box.left);
    const std::optional<double> top = y.At(chart.rows[i].value.value_or(0));
    if (top && *top < base) {
      out += fmt::format(
          R"(<rect x="{}" y="{}" width="{}" height="{}" class="bar"><title>{}: {}</title></rect>)",
          Coordinate(at + 0.5), Coordinate(*top), Coordinate(std::max(step - 1, 0.5)),
          Coordinate(base - *top), Html(chart.rows[i].label, 40),
          Quantity(*chart.rows[i].value, chart.unit));
    }
    const double half = 3.5 * TextWidth(Printable(chart.rows[i].label));
    if (at + step / 2 - half < std::max(free_from, 2.0) || at + step / 2 + half > kChartWidth) {
      continue;
    }
    free_from = at + step / 2 + half + 8;
    out += SvgText(at + step / 2, box.bottom + 17, "middle", "tick", chart.rows[i].label);
  }
  out += fmt::format(R"(<path class="axis" d="M{} {}V{}H{}"/>)", Coordinate(box.left),
                     Coordinate(box.top), Coordinate(box.bottom), Coordinate(box.right));
  out += SvgText(4, 16, "start", "title", figure.y.title + (figure.y.logarithmic ? " (log)" : ""));
  out += SvgText((box.left + box.right) / 2, box.bottom + 38, "middle", "title", figure.x.title);
  return out + "</svg>";
}

std::string Curve(const Series& series, const std::string& classes, const PlotScale& x,
                  const PlotScale& y, size_t most) {
  std::string path, marks;
  std::optional<std::pair<double, double>> last;
  bool pen = false;
  const std::vector<document::Point> points = Thinned(series.points, most);
  for (const document::Point& point : points) {
    const std::optional<double> px = x.At(point.x), py = y.At(point.y);
    if (!px || !py) continue;
    // What falls on the same spot shows nothing more.
    if (last && std::fabs(last->first - *px) < 0.4 && std::fabs(last->second - *py) < 0.4) continue;
    last = {*px, *py};
    path += fmt::format("{}{} {}", pen ? "L" : "M", Coordinate(*px), Coordinate(*py));
    pen = true;
    if (series.published && points.size() <= kMarked) {
      marks += fmt::format(R"(<circle cx="{}" cy="{}" r="2.6" class="mark {}"/>)", Coordinate(*px),
                           Coordinate(*py), classes);
    }
  }
  if (path.empty()) return "";
  // A single point is a line of no length: with round ends it shows as a dot.
  if (path.find('L') == std::string::npos) path += "h0";
  return fmt::format(R"(<path class="line {}" d="{}"/>)", classes, path) + marks;
}

std::string Curves(const Figure& figure, const ChartLimits& limits, const std::string& label) {
  const PlotBox box;
  const CurveRange range = RangeOfCurves(figure);
  PlotRange xs(figure.x.logarithmic), ys(figure.y.logarithmic);
  for (const double x : {range.x_low, range.x_high}) xs.Add(x);
  for (const double y : {range.y_low, range.y_high}) ys.Add(y);
  if (range.empty || xs.empty() || ys.empty()) return "";
  if (figure.kind != FigureKind::kLine) {
    ys.Add(0);  // not shown by a logarithmic axis
    ys.Add(1);
  } else if (!figure.y.logarithmic && ys.low() > 0) {
    ys.Add(0);  // a line's height means something only above its zero
  }
  const PlotScale x(figure.x, xs.low(), xs.high(), box.left, box.right);
  const PlotScale y(figure.y, ys.low(), ys.high(), box.bottom, box.top, 9);
  std::string drawn;
  // The user's own on top of the published.
  for (const bool published : {true, false}) {
    for (size_t i = 0; i < figure.series.size(); ++i) {
      if (figure.series[i].published != published) continue;
      drawn += Curve(Within(figure.series[i], range), ClassOf(figure, i), x, y, limits.points);
    }
  }
  if (drawn.empty()) return "";
  return SvgBegin(kChartWidth, PlotBox::kHeight, label, "curves") +
         SvgFrame(box, figure.x, x, figure.y, y) + drawn + "</svg>";
}

}  // namespace

std::string SvgBegin(int width, int height, const std::string& label, const char* classes) {
  return fmt::format(R"(<svg viewBox="0 0 {} {}" role="img" aria-label="{}" class="{}">)", width,
                     height, Html(label, 200), classes);
}

std::string SvgChart(const Figure& figure, const ChartLimits& limits) {
  const std::string label = figure.title.empty() ? figure.id : figure.title;
  if (figure.kind == FigureKind::kHeatMap) return SvgHeatMap(figure, limits);
  if (figure.kind == FigureKind::kStackedBars) return SvgStackedBars(figure);
  if (figure.kind == FigureKind::kBars) {
    const ChartRows rows = BarRows(figure, limits.bars, true);
    return rows.rows.empty() ? "" : HorizontalBars(figure, rows, label);
  }
  if (figure.kind == FigureKind::kHistogram) {
    const Series* own = OwnSeries(figure);
    if (own == nullptr || own->points.empty()) return "";
    const bool upright = own->points.size() > kUprightBins;
    const ChartRows rows = HistogramRows(figure, upright ? 48 : kUprightBins);
    return upright ? UprightBars(figure, rows, label) : HorizontalBars(figure, rows, label);
  }
  return figure.kind == FigureKind::kGraph ? "" : Curves(figure, limits, label);
}

std::string ChartLegend(const Figure& figure) {
  if (figure.series.empty()) return "";
  if (figure.kind == FigureKind::kStackedBars) return StackedLegend(figure);
  const bool alone = figure.series.size() == 1 && !figure.series[0].published;
  const bool curve = figure.kind == FigureKind::kCdf || figure.kind == FigureKind::kCcdf ||
                     figure.kind == FigureKind::kLine;
  const bool bars = figure.kind == FigureKind::kBars;
  if (alone || (!curve && !bars)) return "";
  std::string out = R"(<ul class="legend">)";
  for (size_t i = 0; i < std::min<size_t>(figure.series.size(), 12); ++i) {
    const std::string mark =
        bars ? fmt::format(R"(<rect x="1" y="1" width="32" height="8" class="{}"/>)",
                           BarClass(figure, i))
             : fmt::format(R"(<path class="line {}" d="M1 5H33"/>)", ClassOf(figure, i));
    out += fmt::format(
        R"(<li><svg viewBox="0 0 34 10" class="swatch" aria-hidden="true">{}</svg>{}{}</li>)", mark,
        Html(NameOf(figure.series[i]), 120), PublishedNote(figure.series[i]));
  }
  return out + "</ul>";
}

}  // namespace plumbago::render
