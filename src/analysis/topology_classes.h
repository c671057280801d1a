// Which call graphs of a service look alike: its variants in a few classes by the form of their
// graphs, whoever takes part in them.
//
// Features of a variant: how many services, how deep, how wide, the largest fan-out, the share of
// databases and caches, of messages among its edges, of services with several callers, and how many
// edges there are beyond those of a tree. Each is brought to mean 0 and deviation 1 over the
// service's traces. Classes: k-means (Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf.
// Theory 28, 1982), a variant weighing as many traces as it has, begun with the heaviest variant
// and then the farthest (Gonzalez, 1985): nothing is drawn. k from 2 to 9 by the largest mean
// silhouette (Rousseeuw, J. Comput. Appl. Math. 20, 1987); one class where it stays at or below
// 0.25, which is no structure (Kaufman, Rousseeuw, "Finding groups in data", 1990, table 4).
//
// Cost: n^2 distances for the silhouettes: 5 ms for 256 variants.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace plumbago::analysis {

inline constexpr size_t kTopologyFeatures = 8;
inline constexpr size_t kMostClasses = 9;  // the published "up to 9"
inline constexpr double kLeastSilhouette = 0.25;

struct TopologyItem {
  std::array<double, kTopologyFeatures> features{};
  double weight = 1;  // traces; above 0
};

struct TopologyClasses {
  std::vector<uint32_t> class_of;  // of each item; class 0 weighs most
  uint32_t classes = 0;
  double silhouette = 0;  // mean over the traces; 0 for one class
};

// The same for the same items in the same order.
TopologyClasses FindTopologyClasses(std::span<const TopologyItem> items);

// Mean silhouette over the weights: of an item (b - a) / max(a, b), with a its mean distance to its
// own class and b the least to another one; each of the traces of an item is an item of its own
// (distance 0). For tests as well.
double MeanSilhouette(std::span<const TopologyItem> items, std::span<const uint32_t> class_of,
                      uint32_t classes);

}  // namespace plumbago::analysis
