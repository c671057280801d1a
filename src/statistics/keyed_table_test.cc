#include "statistics/keyed_table.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

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

// Looked up together or one by one, a key in a batch once or often, new or known: the same records,
// visited in the order asked for.
TEST(KeyedTable, ForEachOfFindsWhatLookingUpFinds) {
  Dice dice(6);
  KeyedTable<Tally> table;
  Counts counts;
  for (int round = 0; round < 300; ++round) {
    std::vector<std::array<uint32_t, 3>> keys(dice.Below32(100));
    for (auto& key : keys) key = {dice.Below32(50), dice.Below32(50), dice.Below32(3)};
    size_t next = 0;
    table.ForEachOf(
        keys.size(), [&](size_t i) { return keys[i]; },
        [&](size_t i, Tally& tally) {
          EXPECT_EQ(i, next++);
          ASSERT_EQ(tally.key(), keys[i]);
          tally.count += i + 1;
          counts[keys[i]] += i + 1;
        });
    EXPECT_EQ(next, keys.size());
    if (round == 200) table.Freeze();
  }
  EXPECT_EQ(Of(table), counts);
}

// Runs joined in place read as before; a run that a copy shares stays as it is.
TEST(KeyedTable, JoiningChangesNothingThatIsRead) {
  Dice dice(7);
  for (const size_t parts : {1u, 2u, 3u, 7u}) {
    KeyedTable<Tally> all;
    Counts counts;
    for (size_t p = 0; p < parts; ++p) {
      KeyedTable<Tally> part;
      for (int i = 0; i < 500; ++i) {
        const std::array<uint32_t, 3> key{dice.Below32(20), dice.Below32(20), 1};
        ++part[key].count;
        ++counts[key];
      }
      all.Merge(std::move(part));
    }
    {
      const KeyedTable<Tally> shares = all;
      all.Join();
      EXPECT_EQ(all.runs().count(), parts);
      EXPECT_EQ(Of(shares), counts);
    }
    all.Join();
    EXPECT_EQ(all.runs().count(), 1u);
    EXPECT_EQ(Of(all), counts);
    ++all[{500, 0, 0}].count;
    all.Freeze();
    all.Join();
    counts[{500, 0, 0}] = 1;
    EXPECT_EQ(Of(all), counts);
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
