#include "analysis/pair_counts.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

#include "model/names.h"

namespace plumbago::analysis {
namespace {

using model::ServiceId;
using Twin = std::map<std::pair<uint32_t, uint32_t>, uint64_t>;

Twin Content(const PairCounts& pairs) {
  Twin content;
  pairs.ForEach<ServiceId, ServiceId>([&](ServiceId a, ServiceId b, uint64_t count) {
    EXPECT_TRUE(content.insert({{Index(a), Index(b)}, count}).second);
  });
  EXPECT_EQ(content.size(), pairs.size());
  return content;
}

TEST(PairCounts, EqualsAMapAndMergesInAnyOrder) {
  std::mt19937 random(1);
  std::vector<PairCounts> parts(3);
  std::vector<Twin> twins(3);
  for (int i = 0; i < 30'000; ++i) {
    const size_t part = random() % 3;
    const auto a = static_cast<uint32_t>(random() % 300);
    const auto b = static_cast<uint32_t>(random() % (part == 2 ? 3 : 300));
    const uint64_t times = random() % 4;
    parts[part].Add(Id<ServiceId>(a), Id<ServiceId>(b), times);
    if (times > 0) twins[part][{a, b}] += times;
  }
  Twin all;
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(Content(parts[i]), twins[i]);
    for (const auto& [pair, count] : twins[i]) all[pair] += count;
  }
  for (const auto& order : {std::vector<size_t>{0, 1, 2}, {2, 1, 0}, {1, 2, 0}}) {
    PairCounts merged;
    for (const size_t part : order) merged.Merge(PairCounts(parts[part]));
    EXPECT_EQ(Content(merged), all);
  }
}

}  // namespace
}  // namespace plumbago::analysis
