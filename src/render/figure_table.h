// The numbers of a figure as a table: what stands below a picture, and instead of one where there
// are no pictures.
#pragma once

#include <string>

#include "document/document.h"

namespace plumbago::render {

// At most `rows` rows, the rest counted in more_rows. Curves are thinned evenly (first and last
// point stay), all series in one table; bars, bins, cells and links come as they are, the first or
// largest first.
document::Table FigureTable(const document::Figure& figure, size_t rows);

// Its title, or what it is called without one.
std::string AxisTitle(const document::Axis& axis, const char* unnamed);

}  // namespace plumbago::render
