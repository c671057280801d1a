#include "statistics/keyed_runs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "base/kept_blocks.h"

namespace plumbago::statistics {
namespace {

template <size_t N>
struct Counted {
  std::array<uint32_t, N> id{};
  uint64_t count = 0;

  static constexpr std::array<KeyPart, N> kKey = [] {
    std::array<KeyPart, N> parts{};
    for (size_t i = 0; i < N; ++i) parts[i] = i % 2 == 0 ? KeyPart::kService : KeyPart::kPlain;
    return parts;
  }();
  std::array<uint32_t, N> key() const { return id; }
  void set_key(const std::array<uint32_t, N>& key) { id = key; }
  void Merge(const Counted& other) { count += other.count; }
  void Save(std::string& out) const { AppendVarint(out, count); }
  bool Load(StateReader& in) {
    count = in.Varint();
    return in.ok() && count > 0;
  }
};

template <size_t N>
using Oracle = std::map<std::array<uint32_t, N>, uint64_t>;

template <class R>
std::shared_ptr<Run<R>> MakeRun(const std::map<decltype(R{}.key()), uint64_t>& counts,
                                size_t allocated = 1) {
  std::vector<R> records;
  for (const auto& [key, count] : counts) records.push_back({key, count});
  return std::make_shared<MemoryRun<R>>(std::move(records), allocated);
}

template <class R>
auto Contents(const KeyedRuns<R>& runs) {
  std::map<decltype(R{}.key()), uint64_t> counts;
  auto last = counts.end();
  runs.ForEach([&](const R& record) {
    const auto [at, added] = counts.emplace(record.key(), record.count);
    EXPECT_TRUE(added) << "a key twice";
    EXPECT_TRUE(std::next(at) == counts.end()) << "keys that do not ascend";
    last = at;
  });
  return counts;
}

template <class R>
std::vector<std::string> Written(const KeyedRuns<R>& runs) {
  std::vector<std::string> blocks;
  EXPECT_TRUE(runs.Write([&](const std::string& block) -> Result<void> {
    blocks.push_back(block);
    return {};
  }));
  return blocks;
}

template <size_t N>
Oracle<N> RandomCounts(std::mt19937_64& random, size_t most, uint32_t spread) {
  Oracle<N> counts;
  for (size_t i = random() % (most + 1); i > 0; --i) {
    std::array<uint32_t, N> key;
    for (uint32_t& part : key) part = static_cast<uint32_t>(random() % spread);
    if (random() % 20 == 0) key[random() % N] = UINT32_MAX;
    counts[key] += 1 + random() % (uint64_t{1} << random() % 40);
  }
  return counts;
}

template <class Size>
class KeyedRunsOf : public testing::Test {};
using KeySizes =
    testing::Types<std::integral_constant<size_t, 1>, std::integral_constant<size_t, 2>,
                   std::integral_constant<size_t, 3>, std::integral_constant<size_t, 4>>;
TYPED_TEST_SUITE(KeyedRunsOf, KeySizes);

// Against a std::map, runs of any kind side by side.
TYPED_TEST(KeyedRunsOf, AreOneTableWhereverTheyLie) {
  constexpr size_t kN = TypeParam::value;
  using R = Counted<kN>;
  std::mt19937_64 random(kN);
  for (int round = 0; round < 30; ++round) {
    const auto spill = std::make_shared<SpillFile>();
    KeyedRuns<R> runs;
    Oracle<kN> all;
    for (uint64_t i = random() % 8; i > 0; --i) {
      const Oracle<kN> counts = RandomCounts<kN>(random, 400, round % 2 == 0 ? 6 : 1'000'000'000);
      for (const auto& [key, count] : counts) all[key] += count;
      KeyedRuns<R> one;
      one.Add(MakeRun<R>(counts));
      if (random() % 3 == 0) {
        const auto stored = std::make_shared<KeptBlocks>(Written(one));
        one = {};
        one.AddStored(stored, nullptr);
      }
      runs.Take(std::move(one));
      if (random() % 3 == 0) {
        ASSERT_TRUE(runs.Spill(spill));
      }
    }
    EXPECT_EQ(Contents(runs), all);
    EXPECT_EQ(Contents(runs), all) << "reading leaves it as it is";
    KeyedRuns<R> direct;
    direct.Add(MakeRun<R>(all));
    EXPECT_EQ(Written(runs), Written(direct)) << "the bytes do not tell how it came about";
    EXPECT_TRUE(spill->status());
  }
}

TEST(KeyedRuns, CutsBlocksAndReadsThemBack) {
  using R = Counted<2>;
  Oracle<2> counts;
  for (uint32_t i = 0; i < 100'000; ++i) counts[{i / 300, i * 7}] = 1 + i % 1000;
  KeyedRuns<R> runs;
  runs.Add(MakeRun<R>(counts));
  const std::vector<std::string> blocks = Written(runs);
  ASSERT_GT(blocks.size(), 4u);
  for (const std::string& block : blocks) EXPECT_LT(block.size(), kRunBlock + 40);
  KeyedRuns<R> stored;
  stored.AddStored(std::make_shared<KeptBlocks>(blocks), nullptr);
  EXPECT_EQ(Contents(stored), counts);
}

TEST(KeyedRuns, SpillingManyTimesKeepsFewRuns) {
  using R = Counted<1>;
  const auto spill = std::make_shared<SpillFile>();
  KeyedRuns<R> runs;
  Oracle<1> all;
  size_t most = 0;
  for (uint32_t i = 0; i < 300; ++i) {
    runs.Add(MakeRun<R>({{{i % 7}, i + 1}, {{1000 + i}, 1}}));
    all[{i % 7}] += i + 1;
    all[{1000 + i}] += 1;
    ASSERT_TRUE(runs.Spill(spill));
    EXPECT_EQ(runs.allocated(), 0u);
    most = std::max(most, runs.count());
  }
  EXPECT_EQ(most, kMostRuns);
  EXPECT_EQ(Contents(runs), all);
}

TEST(KeyedRuns, SpillsOnlyWhatLiesInMemory) {
  using R = Counted<1>;
  const auto spill = std::make_shared<SpillFile>();
  KeyedRuns<R> runs;
  ASSERT_TRUE(runs.Spill(spill));
  EXPECT_EQ(spill->bytes(), 0u);
  runs.Add(MakeRun<R>({{{1}, 1}}));
  ASSERT_TRUE(runs.Spill(spill));
  const uint64_t bytes = spill->bytes();
  EXPECT_GT(bytes, 0u);
  ASSERT_TRUE(runs.Spill(spill));
  EXPECT_EQ(spill->bytes(), bytes);
}

TEST(KeyedRuns, CopiesShareRuns) {
  using R = Counted<1>;
  KeyedRuns<R> runs;
  runs.Add(MakeRun<R>({{{1}, 1}}));
  KeyedRuns<R> copy = runs;
  copy.Add(MakeRun<R>({{{1}, 5}}));
  EXPECT_EQ(Contents(runs), (Oracle<1>{{{1}, 1}}));
  EXPECT_EQ(Contents(copy), (Oracle<1>{{{1}, 6}}));
}

TEST(KeyedRuns, RenumbersNames) {
  using R = Counted<3>;  // service, plain, service
  KeyedRuns<R> saved;
  saved.Add(MakeRun<R>({{{0, 9, 1}, 1}, {{1, 0, 0}, 2}, {{2, 5, 2}, 3}}));
  auto maps = std::make_shared<IdMaps>();
  maps->of[static_cast<size_t>(KeyPart::kService)] = {0, 4, 9};
  KeyedRuns<R> runs;
  runs.AddStored(std::make_shared<KeptBlocks>(Written(saved)), maps);
  runs.Add(MakeRun<R>({{{4, 0, 0}, 40}}));
  EXPECT_EQ(Contents(runs), (Oracle<3>{{{0, 9, 4}, 1}, {{4, 0, 0}, 42}, {{9, 5, 9}, 3}}));
}

// What a damaged file may say: the reader stops there, and complains.
TEST(KeyedRuns, StopsAtWhatMakesNoSense) {
  using R = Counted<2>;
  const auto block = [](std::initializer_list<uint64_t> numbers) {
    std::string bytes;
    for (const uint64_t number : numbers) AppendVarint(bytes, number);
    return bytes;
  };
  const auto read = [](std::vector<std::string> blocks, std::shared_ptr<const IdMaps> maps,
                       Oracle<2>& found) {
    const auto store = std::make_shared<KeptBlocks>(std::move(blocks));
    KeyedRuns<R> runs;
    runs.AddStored(store, std::move(maps));
    found = Contents(runs);
    return store->trouble();
  };
  Oracle<2> found;
  const std::string good = block({3, 4, 10, 0, 1, 11, 2, 0, 12});
  EXPECT_EQ(read({good}, nullptr, found), "");
  EXPECT_EQ(found, (Oracle<2>{{{3, 4}, 10}, {{3, 5}, 11}, {{5, 0}, 12}}));
  EXPECT_NE(read({good.substr(0, 5)}, nullptr, found), "");
  EXPECT_EQ(found, (Oracle<2>{{{3, 4}, 10}})) << "what came before is used";
  EXPECT_NE(read({block({3, 4, 0})}, nullptr, found), "") << "a record that says no";
  EXPECT_NE(read({block({3, 4, 1, 0, 0, 1})}, nullptr, found), "") << "a key twice";
  EXPECT_NE(read({good, block({5, 0, 1})}, nullptr, found), "") << "twice, in two blocks";
  EXPECT_NE(read({good, block({4, 9, 1})}, nullptr, found), "") << "backwards";
  EXPECT_NE(read({block({uint64_t{UINT32_MAX} + 1, 0, 1})}, nullptr, found), "");
  EXPECT_NE(read({block({UINT32_MAX, 0, 1, 1, 0, 1})}, nullptr, found), "") << "wraps around";
  auto maps = std::make_shared<IdMaps>();
  maps->of[static_cast<size_t>(KeyPart::kService)] = {0, 1, 2, 3};
  EXPECT_NE(read({good}, maps, found), "") << "a name that is not there";
  EXPECT_EQ(found.size(), 2u);
}

}  // namespace
}  // namespace plumbago::statistics
