// The graph of a figure (kGraph) as SVG, twice: in layers for a wide screen, and as a list with
// rails, callers above and callees below the focus, for a phone. The page shows the one that fits.
#pragma once

#include <string>

#include "document/document.h"

namespace plumbago::render {

inline constexpr size_t kDrawnNodes = 40;

// "" where there are no nodes. A box holds calls and p99 of its strongest link (most time waited)
// towards the focus, so that no label can lie across a line; at most `side` boxes stand above each
// other. All links stand in the table beside.
std::string SvgWideGraph(const document::Figure& figure, size_t side);
// How many of the figure's nodes it does not show.
size_t SvgGraphLeftOut(const document::Figure& figure, size_t side);
std::string SvgNarrowGraph(const document::Figure& figure);

}  // namespace plumbago::render
