#include "render/chart_rows.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "render/quantity.h"
#include "render/text_width.h"

namespace plumbago::render {
namespace {

using document::Figure;
using document::Series;
using document::Unit;

std::string BarLabel(const Figure& figure, double x) {
  if (x >= 0 && x < static_cast<double>(figure.labels.size())) {
    return ShortName(Printable(figure.labels[static_cast<size_t>(x)]));
  }
  return Quantity(x, figure.x.unit);
}

std::string BinLabel(const Figure& figure, const std::vector<document::Point>& points, size_t first,
                     size_t end) {
  const Unit unit = figure.x.unit;
  const bool counts = unit == Unit::kCount || unit == Unit::kNone;
  const double low = points[first].x;
  if (end == points.size()) {
    return counts && end == first + 1 ? Quantity(low, unit) : "from " + Quantity(low, unit);
  }
  const bool whole = counts && low == std::floor(low) && points[end].x == std::floor(points[end].x);
  const double high = whole ? points[end].x - 1 : points[end].x;
  return high <= low ? Quantity(low, unit) : Range(low, high, unit);
}

}  // namespace

const Series* OwnSeries(const Figure& figure) {
  const auto own = std::find_if(figure.series.begin(), figure.series.end(),
                                [](const Series& series) { return !series.published; });
  return own == figure.series.end() ? nullptr : &*own;
}

ChartRows BarRows(const Figure& figure, size_t limit, bool published) {
  ChartRows out;
  out.unit = figure.y.unit;
  std::vector<const Series*> shown;
  for (const Series& series : figure.series) {
    if (published || !series.published) shown.push_back(&series);
  }
  // Bars of all series in the order of their first appearance.
  std::vector<double> order;
  std::set<double> seen;
  for (const Series* series : shown) {
    for (const document::Point& point : series->points) {
      if (!std::isnan(point.x) && seen.insert(point.x).second) order.push_back(point.x);
    }
  }
  if (order.size() > limit) {
    out.left_out = order.size() - limit;
    order.resize(limit);
  }
  const auto named = [](const Series* series) {
    return Printable(series->name.empty() && series->published ? "published" : series->name);
  };
  const size_t own = static_cast<size_t>(std::count_if(
      shown.begin(), shown.end(), [](const Series* series) { return !series->published; }));
  for (const double x : order) {
    // One series of the user's needs no name; several get one each, below the label.
    if (own > 1) out.rows.push_back({BarLabel(figure, x), std::nullopt});
    bool labelled = own > 1;
    for (const Series* series : shown) {
      const auto point = std::find_if(series->points.begin(), series->points.end(),
                                      [&](const document::Point& p) { return p.x == x; });
      if (point == series->points.end()) continue;
      const bool below = labelled || series->published;
      if (!labelled && series->published) out.rows.push_back({BarLabel(figure, x), std::nullopt});
      labelled = true;
      out.rows.push_back({below ? named(series) : BarLabel(figure, x), point->y, series->published,
                          below, static_cast<size_t>(series - figure.series.data())});
    }
  }
  return out;
}

ChartRows HistogramRows(const Figure& figure, size_t limit) {
  ChartRows out;
  out.unit = figure.y.unit;
  const Series* own = OwnSeries(figure);
  if (own == nullptr || own->points.empty() || limit == 0) return out;
  const size_t joined = (own->points.size() + limit - 1) / limit;
  for (size_t first = 0; first < own->points.size(); first += joined) {
    const size_t end = std::min(first + joined, own->points.size());
    double sum = 0;
    for (size_t i = first; i < end; ++i) sum += own->points[i].y;
    out.rows.push_back({BinLabel(figure, own->points, first, end), sum});
  }
  return out;
}

ChartRows QuantileRows(const Figure& figure) {
  ChartRows out;
  out.unit = figure.x.unit;
  const Series* own = OwnSeries(figure);
  if (own == nullptr) return out;
  const bool falling = figure.kind == document::FigureKind::kCcdf;
  constexpr std::pair<double, const char*> kQuantiles[] = {
      {0.25, "p25"}, {0.5, "p50"}, {0.75, "p75"}, {0.9, "p90"}, {0.99, "p99"}, {0.999, "p99.9"}};
  constexpr double kRounding = 1e-12;
  for (const auto& [share, label] : kQuantiles) {
    for (const document::Point& point : own->points) {
      if ((falling ? 1 - point.y : point.y) < share - kRounding) continue;
      out.rows.push_back({label, point.x, false, false});
      break;
    }
  }
  return out;
}

}  // namespace plumbago::render
