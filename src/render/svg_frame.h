// The frame of a plot: axes, grid lines, tick labels and titles.
#pragma once

#include <string>

#include "document/document.h"
#include "render/plot_scale.h"

namespace plumbago::render {

struct PlotBox {
  double left = 62, right = 428, top = 30, bottom = 232;
  static constexpr int kHeight = 280;
};

// Grid and labels; drawn first, below the data.
std::string SvgFrame(const PlotBox& box, const document::Axis& x_axis, const PlotScale& x,
                     const document::Axis& y_axis, const PlotScale& y);

// <text>: escaped here. `anchor`: start, middle, end.
std::string SvgText(double x, double y, const char* anchor, const std::string& classes,
                    std::string_view text, size_t most = 60);

}  // namespace plumbago::render
