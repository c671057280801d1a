// A look-up of KeyedTable beside one of bare robin-map, over as many keys as edges of a small and
// of a large system. Both count the same; the sums are held against each other.
#include <benchmark/benchmark.h>
#include <tsl/robin_map.h>

#include <random>
#include <vector>

#include "statistics/keyed_table.h"

namespace plumbago::statistics {
namespace {

struct Tally {
  uint32_t first = 0, second = 0;
  uint64_t count = 0;
  [[maybe_unused]] static constexpr std::array kKey{KeyPart::kPlain, KeyPart::kPlain};
  std::array<uint32_t, 2> key() const { return {first, second}; }
  void set_key(const std::array<uint32_t, 2>& key) {
    first = key[0];
    second = key[1];
  }
  void Merge(const Tally& other) { count += other.count; }
  void Save(std::string&) const {}
  bool Load(StateReader&) { return true; }
};

std::vector<std::array<uint32_t, 2>> Keys(int64_t distinct) {
  std::mt19937 random(1);
  std::vector<std::array<uint32_t, 2>> keys(distinct > 1'000'000 ? 1u << 23 : 1u << 16);
  for (auto& key : keys) {
    const auto number = static_cast<uint32_t>(random() % static_cast<uint64_t>(distinct));
    key = {number / 3, number * 7};
  }
  return keys;
}

void BM_KeyedTable(benchmark::State& state) {
  const auto keys = Keys(state.range(0));
  KeyedTable<Tally> table;
  for (const auto& key : keys) ++table[key].count;
  for (auto _ : state) {
    for (const auto& key : keys) ++table[key].count;
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(keys.size()));
}
BENCHMARK(BM_KeyedTable)->Arg(2'000)->Arg(56'000)->Arg(8'000'000);

// As BM_KeyedTable, 32 keys at a time.
void BM_ForEachOf(benchmark::State& state) {
  const auto keys = Keys(state.range(0));
  KeyedTable<Tally> table;
  for (const auto& key : keys) ++table[key].count;
  for (auto _ : state) {
    for (size_t begin = 0; begin < keys.size(); begin += 32) {
      table.ForEachOf(
          32, [&](size_t i) { return keys[begin + i]; },
          [](size_t, Tally& tally) { ++tally.count; });
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(keys.size()));
}
BENCHMARK(BM_ForEachOf)->Arg(2'000)->Arg(56'000)->Arg(8'000'000);

void BM_RobinMap(benchmark::State& state) {
  const auto keys = Keys(state.range(0));
  struct Hash {
    size_t operator()(uint64_t key) const { return (key ^ (key >> 29)) * 0x9E3779B97F4A7C15ull; }
  };
  tsl::robin_map<uint64_t, uint64_t, Hash> map;
  for (auto _ : state) {
    for (const auto& key : keys) ++map[PackKey(key)];
  }
  uint64_t sum = 0;
  for (const auto& [key, count] : map) sum += count;
  if (sum != static_cast<uint64_t>(state.iterations()) * keys.size()) state.SkipWithError("lost");
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(keys.size()));
}
BENCHMARK(BM_RobinMap)->Arg(2'000)->Arg(56'000)->Arg(8'000'000);

}  // namespace
}  // namespace plumbago::statistics
