// The graph of a figure (kGraph) as SVG, twice: in layers for a wide screen, and as a list with
// rails, callers above and callees below the focus, for a phone. The page shows the one that fits.
#pragma once

#include <string>

#include "document/document.h"

namespace plumbago::render {

inline constexpr size_t kDrawnNodes = 40;

// "" where there are no nodes. The strongest link (most time waited) of each node towards the focus
// is labelled with calls and p99; all links stand in the table beside.
std::string SvgWideGraph(const document::Figure& figure);
std::string SvgNarrowGraph(const document::Figure& figure);

}  // namespace plumbago::render
