#include "analysis/fields.h"

#include <gtest/gtest.h>

#include <vector>

#include "analysis/pair_counts.h"
#include "analysis/per_service.h"
#include "statistics/count_histogram.h"

namespace plumbago::analysis {
namespace {

using model::ServiceId;

struct Inner {
  uint64_t some = 0;
  bool seen = false;
  bool empty() const { return some == 0 && !seen; }
  static constexpr auto Fields() {
    return std::tuple(Field{"some", &Inner::some}, Field{"seen", &Inner::seen});
  }
};

struct Outer {
  uint32_t small = 0;
  std::array<uint64_t, 3> each{};
  Inner inner;
  statistics::CountHistogram histogram;
  PerService<Inner> services;
  PairCounts<ServiceId, ServiceId> pairs;
  std::array<PairCounts<ServiceId, ServiceId>, 2> more_pairs;
  std::vector<int> scratch;  // not listed

  static constexpr auto Fields() {
    return std::tuple(Field{"small", &Outer::small}, Field{"each", &Outer::each},
                      Field{"inner", &Outer::inner}, Field{"histogram", &Outer::histogram},
                      Field{"services", &Outer::services}, Field{"pairs", &Outer::pairs},
                      Field{"more_pairs", &Outer::more_pairs});
  }
};

Outer Make(uint32_t seed) {
  Outer outer;
  outer.small = seed;
  outer.each = {1, seed, 3};
  outer.inner = {seed, seed == 2};
  outer.histogram.Add(seed);
  outer.services[Id<ServiceId>(seed)].some = 7;
  outer.pairs.Add(Id<ServiceId>(seed), Id<ServiceId>(1));
  outer.more_pairs[1].Add(Id<ServiceId>(1), Id<ServiceId>(seed), 5);
  outer.scratch = {1, 2, 3};
  return outer;
}

std::string Saved(const Outer& outer) {
  std::string bytes;
  SaveFields(outer, bytes);
  return bytes;
}

TEST(Fields, MergeEachByItsKind) {
  Outer a = Make(2);
  MergeFields(a, Make(4));
  EXPECT_EQ(a.small, 6u);
  EXPECT_EQ(a.each, (std::array<uint64_t, 3>{2, 6, 6}));
  EXPECT_EQ(a.inner.some, 6u);
  EXPECT_TRUE(a.inner.seen) << "a flag is or, not a sum";
  EXPECT_EQ(a.histogram.Count(), 2u);
  EXPECT_EQ(a.services.Get(Id<ServiceId>(2)).some, 7u);
  EXPECT_EQ(a.services.Get(Id<ServiceId>(4)).some, 7u);
  int pairs = 0;
  a.pairs.ForEach([&](ServiceId, ServiceId, uint64_t count) { pairs += static_cast<int>(count); });
  EXPECT_EQ(pairs, 2);
  EXPECT_EQ(a.scratch.size(), 3u) << "what is not listed stays as it is";
}

TEST(Fields, LoadWhatWasSaved) {
  const Outer outer = Make(3);
  const std::string bytes = Saved(outer);
  statistics::IdMaps maps;
  maps.of[0] = {0, 1, 2, 3};
  Outer loaded;
  statistics::StateReader in(bytes);
  ASSERT_TRUE(LoadFields(loaded, in, maps));
  EXPECT_EQ(in.remaining(), 0u);
  EXPECT_EQ(Saved(loaded), bytes);
  EXPECT_EQ(loaded.small, 3u);
  EXPECT_TRUE(loaded.pairs.runs().empty()) << "tables are apart";

  maps.of[0] = {0, 5, 6, 9};
  statistics::StateReader again(bytes);
  Outer renumbered;
  ASSERT_TRUE(LoadFields(renumbered, again, maps));
  EXPECT_EQ(renumbered.services.Get(Id<ServiceId>(9)).some, 7u);
  EXPECT_EQ(renumbered.services.Get(Id<ServiceId>(3)).some, 0u);
  maps.of[0] = {0, 1, 2};
  statistics::StateReader unknown(bytes);
  EXPECT_FALSE(LoadFields(renumbered, unknown, maps));
  for (size_t size = 0; size < bytes.size(); ++size) {
    statistics::StateReader cut(std::string_view(bytes).substr(0, size));
    Outer partial;
    maps.of[0] = {0, 1, 2, 3};
    EXPECT_FALSE(LoadFields(partial, cut, maps)) << size;
  }
}

TEST(Fields, RefuseANumberThatDoesNotFit) {
  std::string bytes;
  statistics::AppendVarint(bytes, uint64_t{1} << 32);
  statistics::StateReader in(bytes);
  uint32_t number = 0;
  EXPECT_FALSE(LoadFields(number, in, {}));
  bytes.clear();
  statistics::AppendVarint(bytes, 2);
  statistics::StateReader flag_in(bytes);
  bool flag = false;
  EXPECT_FALSE(LoadFields(flag, flag_in, {}));
}

TEST(Fields, NameTheirTables) {
  Outer outer = Make(3);
  std::vector<std::string> names;
  ForEachTable(outer, [&](const std::string& name, auto& table) {
    table.Freeze();
    names.push_back(name);
  });
  EXPECT_EQ(names, (std::vector<std::string>{"pairs", "more_pairs.0", "more_pairs.1"}));
  EXPECT_TRUE(outer.more_pairs[0].runs().empty());
  EXPECT_EQ(outer.more_pairs[1].runs().count(), 1u);
}

TEST(PerService, HoldsEachService) {
  PerService<Inner> a;
  EXPECT_EQ(a.Get(Id<ServiceId>(1000)).some, 0u);
  a[Id<ServiceId>(1000)].some = 2;
  a[Id<ServiceId>(0)].some = 9;  // not a service
  a[Id<ServiceId>(7)];           // stays empty
  PerService<Inner> b;
  b[Id<ServiceId>(3)].seen = true;
  b[Id<ServiceId>(1000)].some = 5;
  b.Merge(std::move(a));
  std::vector<std::pair<uint32_t, uint64_t>> all;
  b.ForEach(
      [&](ServiceId service, const Inner& inner) { all.emplace_back(Index(service), inner.some); });
  EXPECT_EQ(all, (std::vector<std::pair<uint32_t, uint64_t>>{{3, 0}, {1000, 7}}));
}

}  // namespace
}  // namespace plumbago::analysis
