#include "analysis/pair_counts.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <vector>

#include "model/names.h"

namespace plumbago::analysis {
namespace {

using model::ServiceId;
using Twin = std::map<std::pair<uint32_t, uint32_t>, uint64_t>;

using Pairs = PairCounts<ServiceId, ServiceId>;

Twin Content(const Pairs& pairs) {
  Twin content;
  std::pair<uint32_t, uint32_t> last;
  pairs.ForEach([&](ServiceId a, ServiceId b, uint64_t count) {
    const std::pair pair(Index(a), Index(b));
    EXPECT_TRUE(content.empty() || last < pair);
    content[pair] = count;
    last = pair;
  });
  return content;
}

TEST(PairCounts, EqualsAMapAndMergesInAnyOrder) {
  std::mt19937 random(1);
  std::vector<Pairs> parts(3);
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
    Pairs merged;
    for (const size_t part : order) merged.Merge(Pairs(parts[part]));
    EXPECT_EQ(Content(merged), all);
    // Runs on disk and in memory, and what is counted after them, are one table.
    const auto file = std::make_shared<SpillFile>();
    ASSERT_TRUE(merged.runs().Spill(file));
    EXPECT_EQ(merged.allocated(), 0u);
    EXPECT_EQ(Content(merged), all);
    Twin more = all;
    merged.Add(Id<ServiceId>(2), Id<ServiceId>(900));
    more[{2, 900}] += 1;
    merged.Merge(Pairs(parts[0]));
    for (const auto& [pair, count] : twins[0]) more[pair] += count;
    EXPECT_EQ(Content(merged), more);
    merged.Freeze();
    ASSERT_TRUE(merged.runs().Spill(file));
    EXPECT_EQ(Content(merged), more);
  }
}

}  // namespace
}  // namespace plumbago::analysis
