#include "analysis/topology_classes.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace plumbago::analysis {
namespace {

using Features = std::array<double, kTopologyFeatures>;

constexpr int kMostRounds = 50;

double SquaredDistance(const Features& a, const Features& b) {
  double sum = 0;
  for (size_t i = 0; i < kTopologyFeatures; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

// Mean 0 and deviation 1 of each feature over the weights; a feature that never differs is 0.
std::vector<TopologyItem> Standardised(std::span<const TopologyItem> items) {
  std::vector<TopologyItem> out(items.begin(), items.end());
  double weight = 0;
  for (const TopologyItem& item : items) weight += item.weight;
  for (size_t f = 0; f < kTopologyFeatures; ++f) {
    double sum = 0, squares = 0;
    for (const TopologyItem& item : items) sum += item.weight * item.features[f];
    const double mean = sum / weight;
    for (const TopologyItem& item : items) {
      squares += item.weight * (item.features[f] - mean) * (item.features[f] - mean);
    }
    const double deviation = std::sqrt(squares / weight);
    for (TopologyItem& item : out) {
      item.features[f] = deviation > 1e-9 ? (item.features[f] - mean) / deviation : 0;
    }
  }
  return out;
}

// The heaviest item, then again and again the one farthest from all chosen.
std::vector<Features> FirstCentres(std::span<const TopologyItem> items, size_t k) {
  std::vector<double> nearest(items.size(), std::numeric_limits<double>::infinity());
  size_t next = 0;
  for (size_t i = 1; i < items.size(); ++i) {
    if (items[i].weight > items[next].weight) next = i;
  }
  std::vector<Features> centres;
  while (centres.size() < k) {
    centres.push_back(items[next].features);
    for (size_t i = 0; i < items.size(); ++i) {
      nearest[i] = std::min(nearest[i], SquaredDistance(items[i].features, centres.back()));
    }
    next = static_cast<size_t>(std::max_element(nearest.begin(), nearest.end()) - nearest.begin());
    if (nearest[next] <= 0) break;  // no more distinct items
  }
  return centres;
}

// Fewer centres than k where classes run empty.
std::vector<uint32_t> KMeans(std::span<const TopologyItem> items, std::vector<Features> centres) {
  std::vector<uint32_t> class_of(items.size(), 0);
  for (int round = 0; round < kMostRounds; ++round) {
    bool changed = round == 0;
    for (size_t i = 0; i < items.size(); ++i) {
      uint32_t best = 0;
      double least = std::numeric_limits<double>::infinity();
      for (uint32_t c = 0; c < centres.size(); ++c) {
        const double distance = SquaredDistance(items[i].features, centres[c]);
        if (distance < least) {
          least = distance;
          best = c;
        }
      }
      changed |= class_of[i] != best;
      class_of[i] = best;
    }
    if (!changed) break;
    std::vector<double> weights(centres.size(), 0);
    std::vector<Features> sums(centres.size(), Features{});
    for (size_t i = 0; i < items.size(); ++i) {
      weights[class_of[i]] += items[i].weight;
      for (size_t f = 0; f < kTopologyFeatures; ++f) {
        sums[class_of[i]][f] += items[i].weight * items[i].features[f];
      }
    }
    for (size_t c = 0; c < centres.size(); ++c) {
      if (weights[c] <= 0) continue;  // keeps its place
      for (size_t f = 0; f < kTopologyFeatures; ++f) centres[c][f] = sums[c][f] / weights[c];
    }
  }
  return class_of;
}

// Numbers classes without gaps, the heaviest first. Returns how many there are.
uint32_t Renumber(std::span<const TopologyItem> items, std::vector<uint32_t>& class_of) {
  std::array<double, kMostClasses> weights{};
  for (size_t i = 0; i < items.size(); ++i) weights[class_of[i]] += items[i].weight;
  std::array<uint32_t, kMostClasses> order{}, rank{};
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(),
                   [&](uint32_t a, uint32_t b) { return weights[a] > weights[b]; });
  uint32_t classes = 0;
  for (uint32_t i = 0; i < kMostClasses; ++i) {
    rank[order[i]] = i;
    classes += weights[order[i]] > 0;
  }
  for (uint32_t& one : class_of) one = rank[one];
  return classes;
}

double SilhouetteOf(std::span<const TopologyItem> items, std::span<const double> distances,
                    std::span<const uint32_t> class_of, uint32_t classes) {
  const size_t n = items.size();
  std::vector<double> weights(classes, 0);
  for (size_t i = 0; i < n; ++i) weights[class_of[i]] += items[i].weight;
  double sum = 0, all = 0;
  std::vector<double> to(classes);
  for (size_t i = 0; i < n; ++i) {
    std::fill(to.begin(), to.end(), 0);
    for (size_t j = 0; j < n; ++j) to[class_of[j]] += items[j].weight * distances[i * n + j];
    all += items[i].weight;
    const uint32_t own = class_of[i];
    // A trace alone in its class counts 0.
    if (weights[own] <= 1) continue;
    const double a = to[own] / (weights[own] - 1);
    double b = std::numeric_limits<double>::infinity();
    for (uint32_t c = 0; c < classes; ++c) {
      if (c != own && weights[c] > 0) b = std::min(b, to[c] / weights[c]);
    }
    const double larger = std::max(a, b);
    if (larger > 0 && std::isfinite(b)) sum += items[i].weight * (b - a) / larger;
  }
  return all > 0 ? sum / all : 0;
}

std::vector<double> Distances(std::span<const TopologyItem> items) {
  const size_t n = items.size();
  std::vector<double> distances(n * n, 0);
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < i; ++j) {
      const double distance = std::sqrt(SquaredDistance(items[i].features, items[j].features));
      distances[i * n + j] = distances[j * n + i] = distance;
    }
  }
  return distances;
}

}  // namespace

double MeanSilhouette(std::span<const TopologyItem> items, std::span<const uint32_t> class_of,
                      uint32_t classes) {
  return SilhouetteOf(items, Distances(items), class_of, classes);
}

TopologyClasses FindTopologyClasses(std::span<const TopologyItem> items) {
  TopologyClasses best;
  best.class_of.assign(items.size(), 0);
  best.classes = items.empty() ? 0 : 1;
  if (items.size() < 2) return best;
  const std::vector<TopologyItem> standard = Standardised(items);
  const std::vector<double> distances = Distances(standard);
  const std::vector<Features> centres = FirstCentres(standard, kMostClasses);
  double largest = kLeastSilhouette;
  for (size_t k = 2; k <= centres.size(); ++k) {
    std::vector<uint32_t> class_of =
        KMeans(standard, {centres.begin(), centres.begin() + static_cast<std::ptrdiff_t>(k)});
    const uint32_t classes = Renumber(standard, class_of);
    if (classes < 2) continue;
    const double silhouette = SilhouetteOf(standard, distances, class_of, classes);
    if (silhouette <= largest) continue;
    largest = silhouette;
    best = {std::move(class_of), classes, silhouette};
  }
  return best;
}

}  // namespace plumbago::analysis
