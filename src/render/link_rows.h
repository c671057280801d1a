// A graph (document::FigureKind::kGraph) on a terminal: its strongest links as an indented list,
// callers above the focus, callees below it, and theirs below them.
#pragma once

#include "document/document.h"
#include "render/screen.h"

namespace plumbago::render {

// At most `top` links, those with most time waited (then most calls) first on each level; the bar
// is that time. What is left out is counted. Without a focus: caller → callee, line by line.
Lines DrawLinks(const document::Figure& figure, int width, size_t top);

}  // namespace plumbago::render
