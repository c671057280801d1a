// Of ways to do a thing that cost two things: those that no other beats in both, and the one among
// them where giving more of one begins to buy little of the other.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace plumbago::serverless {

struct Cost2 {
  double x = 0, y = 0;
};

// Indices of the points that no other point beats or equals in both (of equal ones the first), by
// rising x and falling y.
std::vector<size_t> ParetoFront(std::span<const Cost2> points);

// The point of the front farthest below the line between its ends, each axis scaled to 0..1
// (Kneedle: Satopää et al., "Finding a kneedle in a haystack", ICDCSW'11). Nothing where the front
// has fewer than three points, or none lies below the line.
std::optional<size_t> Knee(std::span<const Cost2> points, std::span<const size_t> front);

}  // namespace plumbago::serverless
