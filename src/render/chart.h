// Figures in characters: bars in eighths of a block, and curves in braille dots.
#pragma once

#include <string>

#include "document/document.h"
#include "render/screen.h"

namespace plumbago::render {

// A bar of `fraction` (0..1) of `width` columns, to an eighth of a column; what is not zero shows.
std::string Bar(double fraction, int width);

// A figure at a glance, a few rows of "label bar value": bars as they are; a histogram with
// neighbours joined; a distribution as its quantiles; a line as one row of blocks with its range.
// Curves of sources are left out.
Lines SmallChart(const document::Figure& figure, int width);

// The figure in full: each bar with its value (published ones hatched), or the curve with axes.
Lines FullChart(const document::Figure& figure, int width, size_t top);

}  // namespace plumbago::render
