// A grid of text laid out in a given width: the one layout behind every table of a terminal.
//
// Columns get their natural width where all fit. Where they do not, the widest text columns give
// way first, down to 12 columns: names are cut in the middle, sentences wrap. Where that is not
// enough, the columns that do not fit follow in further blocks below, each led by the first column.
// Titles wrap at spaces and are never cut.
#pragma once

#include <string>
#include <vector>

#include "render/screen.h"

namespace plumbago::render {

enum class Fill : uint8_t {
  kNumber,  // at the right edge, never cut
  kName,    // at the left edge, cut in the middle
  kWhole,   // at the left edge, never cut
  kProse,   // at the left edge, wrapped
};

struct GridColumn {
  std::string title;
  Fill fill = Fill::kName;
};

struct Grid {
  std::vector<GridColumn> columns;
  std::vector<std::vector<std::string>> rows;  // a row may be short: the rest is empty
  int gap = 2;
};

struct LaidOut {
  Lines lines;
  size_t columns_left_out = 0;
};

// At most `blocks` blocks; what does not fit then is left out and counted.
LaidOut LayOut(const Grid& grid, int width, int indent, size_t blocks = 1000);

}  // namespace plumbago::render
