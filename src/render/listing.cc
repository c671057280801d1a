#include "render/listing.h"

#include "render/grid.h"

namespace plumbago::render {

std::string RenderTable(const Listing& listing, int width, bool colour) {
  Grid grid;
  for (const std::string& title : listing.titles) {
    grid.columns.push_back({title, grid.columns.empty() ? Fill::kWhole : Fill::kProse});
  }
  grid.rows = listing.rows;
  Screen screen(width, colour);
  screen.Add(LayOut(grid, width, 0).lines);
  return screen.text();
}

}  // namespace plumbago::render
