#include "serverless/pareto_front.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace plumbago::serverless {

std::vector<size_t> ParetoFront(std::span<const Cost2> points) {
  std::vector<size_t> order(points.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return points[a].x != points[b].x ? points[a].x < points[b].x : points[a].y < points[b].y;
  });
  std::vector<size_t> front;
  double least = std::numeric_limits<double>::infinity();
  for (const size_t i : order) {
    if (points[i].y >= least) continue;
    least = points[i].y;
    front.push_back(i);
  }
  return front;
}

std::optional<size_t> Knee(std::span<const Cost2> points, std::span<const size_t> front) {
  if (front.size() < 3) return std::nullopt;
  const Cost2 from = points[front.front()], to = points[front.back()];
  std::optional<size_t> knee;
  double farthest = 0;
  for (const size_t i : front) {
    const double x = (points[i].x - from.x) / (to.x - from.x);
    const double y = (points[i].y - to.y) / (from.y - to.y);
    if (1 - x - y > farthest) {
      farthest = 1 - x - y;
      knee = i;
    }
  }
  return knee;
}

}  // namespace plumbago::serverless
