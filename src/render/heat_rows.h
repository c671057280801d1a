// A heat map (document::FigureKind::kHeatMap) on a terminal: rows of shaded blocks, the highest
// values of y above, with a scale that says what a shade stands for.
#pragma once

#include "document/document.h"
#include "render/screen.h"

namespace plumbago::render {

// Neighbouring columns and rows are joined where the screen has no room for each: counts and shares
// are summed, of others the largest counts. Nothing where no cell has a value above 0.
Lines DrawHeatMap(const document::Figure& figure, int width);

}  // namespace plumbago::render
