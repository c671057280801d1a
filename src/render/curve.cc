#include "render/curve.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "render/chart_rows.h"
#include "render/curve_range.h"
#include "render/quantity.h"
#include "render/text_width.h"

namespace plumbago::render {
namespace {

using document::Figure;
using document::Point;
using document::Series;

constexpr int kRows = 12;

// From values of an axis to 0..1.
struct Scale {
  bool logarithmic = false;
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  bool Shows(double v) const { return std::isfinite(v) && (!logarithmic || v > 0); }
  void Include(double v) {
    low = std::min(low, v);
    high = std::max(high, v);
  }
  double At(double v) const {
    if (!(high > low)) return 0.5;
    // Halves and differences of logarithms: a range of 1e300 must not overflow.
    const double share = logarithmic
                             ? (std::log(v) - std::log(low)) / (std::log(high) - std::log(low))
                             : (v / 2 - low / 2) / (high / 2 - low / 2);
    return share >= 0 ? std::min(share, 1.0) : 0;
  }
  double Middle() const {
    return logarithmic ? std::sqrt(low) * std::sqrt(high) : low / 2 + high / 2;
  }
};

class Canvas {
 public:
  Canvas(int columns, int rows)
      : columns_(columns),
        rows_(rows),
        dots_(static_cast<size_t>(columns * rows)),
        marks_(dots_.size()) {}

  size_t At(int row, int column) const {
    return static_cast<size_t>(row) * static_cast<size_t>(columns_) + static_cast<size_t>(column);
  }

  // x and y in 0..1, y upwards.
  void Dot(double x, double y) {
    const int dx = Position(x, columns_ * 2), dy = Position(1 - y, rows_ * 4);
    constexpr unsigned char kBits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    auto& cell = dots_[At(dy / 4, dx / 2)];
    cell = static_cast<unsigned char>(cell | kBits[dy % 4][dx % 2]);
  }
  void Mark(double x, double y, char mark) {
    marks_[At(Position(1 - y, rows_), Position(x, columns_))] = mark;
  }
  void Stroke(double x0, double y0, double x1, double y1) {
    const double longest =
        std::max(std::abs(x1 - x0) * columns_ * 2, std::abs(y1 - y0) * rows_ * 4);
    const int steps = std::max(static_cast<int>(std::ceil(longest)), 1);
    for (int i = 0; i <= steps; ++i) {
      const double t = static_cast<double>(i) / steps;
      Dot(x0 + (x1 - x0) * t, y0 + (y1 - y0) * t);
    }
  }
  std::string Row(int row) const {
    std::string out;
    for (int c = 0; c < columns_; ++c) {
      const size_t at = At(row, c);
      if (dots_[at] != 0) {  // U+2800 + dots
        out += {'\xE2', static_cast<char>(0xA0 | dots_[at] >> 6),
                static_cast<char>(0x80 | (dots_[at] & 0x3F))};
      } else {
        out += marks_[at] != 0 ? marks_[at] : ' ';
      }
    }
    return out;
  }

 private:
  static int Position(double share, int cells) {
    return std::clamp(static_cast<int>(std::lround(share * (cells - 1))), 0, cells - 1);
  }
  int columns_, rows_;
  std::vector<unsigned char> dots_;
  std::vector<char> marks_;
};

void Draw(const Series& series, const Scale& x, const Scale& y, char mark, Canvas& canvas) {
  const Point* last = nullptr;
  for (const Point& point : series.points) {
    if (!x.Shows(point.x) || !y.Shows(point.y)) continue;
    if (mark != 0) {
      canvas.Mark(x.At(point.x), y.At(point.y), mark);
    } else if (last == nullptr) {
      canvas.Dot(x.At(point.x), y.At(point.y));
    } else {
      canvas.Stroke(x.At(last->x), y.At(last->y), x.At(point.x), y.At(point.y));
    }
    last = &point;
  }
}

}  // namespace

Lines DrawCurve(const Figure& figure, int width) {
  Scale x{figure.x.logarithmic}, y{figure.y.logarithmic};
  const CurveRange range = RangeOfCurves(figure);
  if (!range.empty) {
    for (const double at : {range.x_low, range.x_high}) x.Include(at);
    for (const double at : {range.y_low, range.y_high}) y.Include(at);
  }
  if (!(x.low <= x.high)) return {Line("no points", Style::kDim)};

  const std::string top = Quantity(y.high, figure.y.unit),
                    middle = Quantity(y.Middle(), figure.y.unit),
                    bottom = Quantity(y.low, figure.y.unit);
  const int margin = std::max({TextWidth(top), TextWidth(middle), TextWidth(bottom)}) + 1;
  const int columns = std::clamp(width - margin - 1, 8, 72);
  Canvas canvas(columns, kRows);
  Lines legend;
  const Series* own = OwnSeries(figure);
  size_t published = 0, others = 0;
  for (const Series& series : figure.series) {
    // The user's first as a line; each other one has its mark.
    constexpr std::string_view kOwn = "+x*#", kPublished = "oO@%";
    char mark = '\0';
    if (series.published) {
      mark = kPublished[published++ % kPublished.size()];
    } else if (&series != own) {
      mark = kOwn[others++ % kOwn.size()];
    }
    Draw(Within(series, range), x, y, mark, canvas);
    const std::string key = mark == 0 ? "⠒" : std::string(1, mark);
    if (figure.series.size() > 1) {
      legend.push_back(
          Line(std::string(static_cast<size_t>(margin + 1), ' ')).Add(key + " ").Add(series.name));
      if (series.published) {
        legend.back().Add(
            series.source.empty() ? " (published)" : " (published: " + series.source + ")",
            Style::kDim);
      }
    }
  }

  Lines lines;
  if (!figure.y.title.empty()) lines.emplace_back(figure.y.title, Style::kDim);
  for (int row = 0; row < kRows; ++row) {
    Line line;
    const std::string& label = row == 0           ? top
                               : row == kRows / 2 ? middle
                               : row == kRows - 1 ? bottom
                                                  : "";
    line.Right(label, margin - 1, Style::kDim)
        .PadTo(margin)
        .Add("│", Style::kDim)
        .Add(canvas.Row(row));
    lines.push_back(std::move(line));
  }
  std::string rule = "└";
  for (int c = 0; c < columns; ++c) rule += "─";
  lines.push_back(Line().PadTo(margin).Add(rule, Style::kDim));
  const std::string left = Quantity(x.low, figure.x.unit),
                    centre = Quantity(x.Middle(), figure.x.unit),
                    right = Quantity(x.high, figure.x.unit);
  Line axis;
  axis.PadTo(margin + 1).Add(left, Style::kDim);
  const int centre_at = margin + 1 + columns / 2 - TextWidth(centre) / 2;
  if (centre_at > axis.width() + 1) axis.PadTo(centre_at).Add(centre, Style::kDim);
  axis.PadTo(axis.width() + 1).Right(right, margin + 1 + columns, Style::kDim);
  lines.push_back(std::move(axis));
  const std::string title = figure.x.title + (figure.x.logarithmic ? " (log)" : "");
  if (!title.empty()) lines.push_back(Line().PadTo(margin + 1).Add(title, Style::kDim));
  lines.insert(lines.end(), legend.begin(), legend.end());
  return lines;
}

}  // namespace plumbago::render
