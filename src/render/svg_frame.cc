#include "render/svg_frame.h"

#include <fmt/format.h>

#include "render/html_text.h"

namespace plumbago::render {

std::string SvgText(double x, double y, const char* anchor, const std::string& classes,
                    std::string_view text, size_t most) {
  return fmt::format(R"(<text x="{}" y="{}" text-anchor="{}" class="{}">{}</text>)", Coordinate(x),
                     Coordinate(y), anchor, classes, Html(text, most));
}

std::string SvgFrame(const PlotBox& box, const document::Axis& x_axis, const PlotScale& x,
                     const document::Axis& y_axis, const PlotScale& y) {
  std::string out;
  for (const PlotScale::Tick& tick : y.Ticks(5)) {
    out += fmt::format(R"(<path class="grid" d="M{} {}H{}"/>)", Coordinate(box.left),
                       Coordinate(tick.at), Coordinate(box.right));
    out += SvgText(box.left - 6, tick.at + 4, "end", "tick", tick.text);
  }
  double free_from = -1e9;
  for (const PlotScale::Tick& tick : x.Ticks(6)) {
    out += fmt::format(R"(<path class="grid" d="M{} {}V{}"/>)", Coordinate(tick.at),
                       Coordinate(box.top), Coordinate(box.bottom));
    const double half = 3.4 * static_cast<double>(tick.text.size());
    if (tick.at - half < free_from) continue;  // labels never touch
    free_from = tick.at + half + 6;
    const bool end = tick.at + half > box.right + 12;
    out += SvgText(end ? box.right + 10 : tick.at, box.bottom + 17, end ? "end" : "middle", "tick",
                   tick.text);
  }
  out += fmt::format(R"(<path class="axis" d="M{} {}V{}H{}"/>)", Coordinate(box.left),
                     Coordinate(box.top), Coordinate(box.bottom), Coordinate(box.right));
  const auto title = [](const document::Axis& axis) {
    return axis.title + (axis.logarithmic ? " (log)" : "");
  };
  out += SvgText(4, 16, "start", "title", title(y_axis), 62);
  out += SvgText((box.left + box.right) / 2, box.bottom + 38, "middle", "title", title(x_axis), 62);
  return out;
}

}  // namespace plumbago::render
