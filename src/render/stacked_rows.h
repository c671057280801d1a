// Stacked bars (document::FigureKind::kStackedBars) on a terminal: each part is drawn in the digit
// of its series, which the legend below explains.
#pragma once

#include "document/document.h"
#include "render/screen.h"

namespace plumbago::render {

// Nothing where no part is above 0. A part shorter than half a column is not drawn.
Lines DrawStackedBars(const document::Figure& figure, int width);

}  // namespace plumbago::render
