// Fewer points that look the same.
#pragma once

#include <cstddef>
#include <vector>

#include "document/document.h"

namespace plumbago::render {

// At most `most` (2 or more) of the points, evenly by number; first and last stay.
inline std::vector<document::Point> Thinned(const std::vector<document::Point>& points,
                                            size_t most) {
  if (points.size() <= most || most < 2) return points;
  std::vector<document::Point> out;
  out.reserve(most);
  for (size_t i = 0; i < most; ++i) out.push_back(points[i * (points.size() - 1) / (most - 1)]);
  return out;
}

}  // namespace plumbago::render
