#include "store/parquet/nested_set.h"

#include <gtest/gtest.h>

#include <random>

namespace plumbago::store {
namespace {

model::Call Call(uint64_t span, uint64_t parent, model::Side side = model::Side::kUnknown) {
  model::Call call;
  call.span = span;
  call.parent_span = parent;
  call.side = side;
  return call;
}

TEST(NestedSet, NumbersAsTempoDoes) {
  const std::vector<model::Call> calls = {Call(3, 1), Call(1, 0), Call(2, 1), Call(4, 3)};
  const auto sets = NestedSetsOf(calls);
  EXPECT_EQ(sets[1].left, 1);
  EXPECT_EQ(sets[1].right, 8);
  EXPECT_EQ(sets[0].left, 2);
  EXPECT_EQ(sets[3].left, 3);
  EXPECT_EQ(sets[3].right, 4);
  EXPECT_EQ(sets[3].depth, 2);
  EXPECT_EQ(sets[0].right, 5);
  EXPECT_EQ(sets[2].left, 6);
}

TEST(NestedSet, HalvesOfASharedIdHangTogether) {
  const auto sets = NestedSetsOf(std::vector<model::Call>{
      Call(5, 1, model::Side::kServer), Call(5, 1, model::Side::kClient), Call(1, 0), Call(6, 5)});
  EXPECT_EQ(sets[1].depth, 1);
  EXPECT_EQ(sets[0].depth, 2);
  EXPECT_EQ(sets[3].depth, 3);
}

// Whatever the ids say: each number once, a span within its parent, and an end.
TEST(NestedSet, AnyIds) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 2000; ++round) {
    std::vector<model::Call> calls(random() % 12);
    for (model::Call& call : calls) {
      call = Call(1 + random() % 8, random() % 9, static_cast<model::Side>(random() % 3));
    }
    const auto sets = NestedSetsOf(calls);
    std::vector<bool> used(2 * calls.size() + 1);
    for (size_t i = 0; i < calls.size(); ++i) {
      ASSERT_LT(sets[i].left, sets[i].right);
      for (const int32_t number : {sets[i].left, sets[i].right}) {
        ASSERT_GE(number, 1);
        ASSERT_LT(static_cast<size_t>(number), used.size());
        ASSERT_FALSE(used[static_cast<size_t>(number)]);
        used[static_cast<size_t>(number)] = true;
      }
      int32_t above = 0;
      for (const NestedSet& other : sets) {
        ASSERT_TRUE(other.right < sets[i].left || other.left > sets[i].right ||
                    (other.left <= sets[i].left) == (other.right >= sets[i].right));
        above += other.left < sets[i].left && other.right > sets[i].right ? 1 : 0;
      }
      ASSERT_EQ(sets[i].depth, above);
    }
  }
}

}  // namespace
}  // namespace plumbago::store
