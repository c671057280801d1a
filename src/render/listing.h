// Listings of the command line (analyses, formats, columns): titles, rows of text, the same layout
// as a report's tables.
#pragma once

#include <string>
#include <vector>

namespace plumbago::render {

struct Listing {
  std::vector<std::string> titles;
  std::vector<std::vector<std::string>> rows;
};

// Columns at the left edge; the first stays whole, the others wrap where the width asks for it.
std::string RenderTable(const Listing& listing, int width = 100, bool colour = false);

}  // namespace plumbago::render
