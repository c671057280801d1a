#include "render/curve_range.h"

#include <algorithm>
#include <cmath>

namespace plumbago::render {
namespace {

using document::Figure;
using document::Point;
using document::Series;

constexpr double kReach = 10;  // how far beyond the user's own a published curve is shown

bool Shows(const document::Axis& axis, double value) {
  return std::isfinite(value) && (!axis.logarithmic || value > 0);
}

void Include(const Point& point, CurveRange& range) {
  range.x_low = range.empty ? point.x : std::min(range.x_low, point.x);
  range.x_high = range.empty ? point.x : std::max(range.x_high, point.x);
  range.y_low = range.empty ? point.y : std::min(range.y_low, point.y);
  range.y_high = range.empty ? point.y : std::max(range.y_high, point.y);
  range.empty = false;
}

CurveRange RangeOf(const Figure& figure, bool published) {
  CurveRange range;
  for (const Series& series : figure.series) {
    if (series.published != published) continue;
    for (const Point& point : series.points) {
      if (Shows(figure.x, point.x) && Shows(figure.y, point.y)) Include(point, range);
    }
  }
  return range;
}

void Widen(const document::Axis& axis, double from_low, double from_high, double& low,
           double& high) {
  const double least = axis.logarithmic ? low / kReach : from_low;
  const double most = axis.logarithmic ? high * kReach : from_high;
  low = std::min(low, std::max(from_low, least));
  high = std::max(high, std::min(from_high, most));
}

}  // namespace

CurveRange RangeOfCurves(const Figure& figure) {
  CurveRange range = RangeOf(figure, false);
  const CurveRange published = RangeOf(figure, true);
  if (range.empty) return published;
  if (published.empty) return range;
  Widen(figure.x, published.x_low, published.x_high, range.x_low, range.x_high);
  Widen(figure.y, published.y_low, published.y_high, range.y_low, range.y_high);
  return range;
}

Series Within(const Series& series, const CurveRange& range) {
  Series out = series;
  std::erase_if(out.points, [&](const Point& point) {
    return !(point.x >= range.x_low && point.x <= range.x_high && point.y >= range.y_low &&
             point.y <= range.y_high);
  });
  return out;
}

}  // namespace plumbago::render
