// Curves in a grid of braille cells (2 x 4 dots each) with axes, linear or logarithmic.
#pragma once

#include "document/document.h"
#include "render/screen.h"

namespace plumbago::render {

// The first own series as a line of dots, others of the user's as marks (+ x * #), a source's as
// round ones (o O @ %); with a legend where there is more than one. Points that a logarithmic axis
// cannot show (<= 0) are left out.
Lines DrawCurve(const document::Figure& figure, int width);

}  // namespace plumbago::render
