#include "analysis/topology_classes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

namespace plumbago::analysis {
namespace {

TopologyItem At(double x, double y, double weight = 1) {
  TopologyItem item;
  item.features[0] = x;
  item.features[3] = y;
  item.weight = weight;
  return item;
}

TEST(TopologyClasses, FindsPlantedClasses) {
  std::mt19937 random(7);
  std::normal_distribution<double> noise(0, 0.2);
  for (uint32_t planted = 2; planted <= kMostClasses; ++planted) {
    std::vector<TopologyItem> items;
    std::vector<uint32_t> truth;
    for (uint32_t i = 0; i < 20 * planted; ++i) {
      const uint32_t c = i % planted;
      // A feature of noise alone would weigh as much as one that tells classes apart.
      const double y = planted > 3 ? 4.0 * (c / 3) + noise(random) : 1;
      items.push_back(At(4.0 * (c % 3) + noise(random), y, 1 + static_cast<double>(random() % 5)));
      truth.push_back(c);
    }
    const TopologyClasses found = FindTopologyClasses(items);
    EXPECT_EQ(found.classes, planted);
    EXPECT_GT(found.silhouette, 0.6);
    std::set<std::pair<uint32_t, uint32_t>> pairs;
    for (size_t i = 0; i < items.size(); ++i) pairs.emplace(truth[i], found.class_of[i]);
    EXPECT_EQ(pairs.size(), planted);  // one to one
    // The heaviest first.
    std::map<uint32_t, double> weight;
    for (size_t i = 0; i < items.size(); ++i) weight[found.class_of[i]] += items[i].weight;
    for (uint32_t c = 1; c < found.classes; ++c) EXPECT_GE(weight[c - 1], weight[c]);
  }
}

TEST(TopologyClasses, OneClassWhereNothingStandsApart) {
  EXPECT_EQ(FindTopologyClasses({}).classes, 0u);
  EXPECT_EQ(FindTopologyClasses(std::vector{At(1, 2)}).classes, 1u);
  EXPECT_EQ(FindTopologyClasses(std::vector{At(1, 2), At(1, 2), At(1, 2)}).classes, 1u);
  // Directions of a ball in eight dimensions.
  std::mt19937 random(3);
  std::normal_distribution<double> noise;
  std::vector<TopologyItem> items(200);
  for (TopologyItem& item : items) {
    for (double& feature : item.features) feature = noise(random);
  }
  EXPECT_EQ(FindTopologyClasses(items).classes, 1u);
}

// Against the definition over single traces.
TEST(TopologyClasses, SilhouetteIsThatOfSingleTraces) {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    std::vector<TopologyItem> items;
    std::vector<uint32_t> class_of;
    std::vector<TopologyItem> singles;
    std::vector<uint32_t> class_of_single;
    for (size_t i = 2 + random() % 8; i > 0; --i) {
      items.push_back(At(static_cast<double>(random() % 10), static_cast<double>(random() % 10),
                         static_cast<double>(1 + random() % 4)));
      class_of.push_back(static_cast<uint32_t>(random() % 3));
      for (double w = 0; w < items.back().weight; ++w) {
        singles.push_back(items.back());
        class_of_single.push_back(class_of.back());
      }
    }
    double sum = 0;
    for (size_t i = 0; i < singles.size(); ++i) {
      std::map<uint32_t, std::pair<double, double>> to;
      for (size_t j = 0; j < singles.size(); ++j) {
        if (i == j) continue;
        to[class_of_single[j]].first += std::hypot(singles[i].features[0] - singles[j].features[0],
                                                   singles[i].features[3] - singles[j].features[3]);
        ++to[class_of_single[j]].second;
      }
      const auto own = to.find(class_of_single[i]);
      if (own == to.end()) continue;
      const double a = own->second.first / own->second.second;
      double b = HUGE_VAL;
      for (const auto& [c, distance] : to) {
        if (c != class_of_single[i]) b = std::min(b, distance.first / distance.second);
      }
      if (std::isfinite(b) && std::max(a, b) > 0) sum += (b - a) / std::max(a, b);
    }
    EXPECT_NEAR(MeanSilhouette(items, class_of, 3), sum / static_cast<double>(singles.size()),
                1e-9);
  }
}

}  // namespace
}  // namespace plumbago::analysis
