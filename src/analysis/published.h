// A source's curve, to be drawn beside the user's own.
#pragma once

#include <span>
#include <string>
#include <utility>

#include "document/document.h"

namespace plumbago::analysis {

// `name`: what it is of, `source`: who says so.
inline document::Series Published(std::span<const document::Point> points, std::string name,
                                  std::string source) {
  document::Series series;
  series.name = std::move(name);
  series.points.assign(points.begin(), points.end());
  series.published = true;
  series.source = std::move(source);
  return series;
}

}  // namespace plumbago::analysis
