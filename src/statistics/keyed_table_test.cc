#include "statistics/keyed_table.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "base/testing/dice.h"

namespace plumbago::statistics {
namespace {

struct Tally {
  std::array<uint32_t, 3> parts{};
  uint64_t count = 0;
  [[maybe_unused]] static constexpr std::array kKey{KeyPart::kPlain, KeyPart::kPlain,
                                                    KeyPart::kPlain};
  std::array<uint32_t, 3> key() const { return parts; }
  void set_key(const std::array<uint32_t, 3>& key) { parts = key; }
  void Merge(const Tally& other) { count += other.count; }
  void Save(std::string& out) const { AppendVarint(out, count); }
  bool Load(StateReader& in) {
    count = in.Varint();
    return in.ok();
  }
};

using Counts = std::map<std::array<uint32_t, 3>, uint64_t>;

Counts Of(const KeyedTable<Tally>& table) {
  Counts counts;
  std::array<uint32_t, 3> last{};
  table.ForEach([&](const Tally& tally) {
    EXPECT_TRUE(counts.empty() || last < tally.key());
    last = tally.key();
    EXPECT_TRUE(counts.emplace(tally.key(), tally.count).second);
  });
  return counts;
}

// Whatever is frozen, merged or still counted when: the same as a map.
TEST(KeyedTable, CountsAsAMapDoes) {
  Dice dice(5);
  for (int round = 0; round < 20; ++round) {
    Counts counts;
    KeyedTable<Tally> table;
    KeyedTable<Tally> other;
    const uint32_t range = 1 + dice.Below32(40);
    for (int i = 0; i < 4000; ++i) {
      const std::array<uint32_t, 3> key{dice.Below32(range), dice.Below32(range), dice.Below32(3)};
      (dice.Below(2) == 0 ? table : other)[key].count += 1;
      ++counts[key];
      if (dice.Below(1000) == 0) table.Freeze();
      if (dice.Below(1000) == 0) {
        table.Merge(std::move(other));
        other = {};
      }
    }
    table.Merge(std::move(other));
    EXPECT_EQ(Of(table), counts);
    table[{1, 1, 1}].count += 7;
    counts[{1, 1, 1}] += 7;
    EXPECT_EQ(Of(table), counts);
  }
}

TEST(KeyedTable, GrowsWithoutLosingAny) {
  KeyedTable<Tally> table;
  for (uint32_t i = 0; i < 100'000; ++i) table[{i, i / 7, 0}].count += i;
  for (uint32_t i = 0; i < 100'000; ++i) EXPECT_EQ((table[{i, i / 7, 0}].count), i);
  EXPECT_GT(table.allocated(), 100'000 * sizeof(Tally));
}

}  // namespace
}  // namespace plumbago::statistics
