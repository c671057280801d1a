#include "base/block_store.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plumbago {
namespace {

std::vector<std::string> All(const BlockStore& store) {
  std::vector<std::string> blocks;
  const auto cursor = store.Open();
  std::string block = "what was there before";
  while (cursor->Next(block)) blocks.push_back(block);
  EXPECT_FALSE(cursor->Next(block)) << "an end stays an end";
  return blocks;
}

TEST(SpilledBlocks, ComeBackInOrderAsOftenAsWanted) {
  const auto file = std::make_shared<SpillFile>();
  SpilledBlocks first(file), second(file);
  EXPECT_TRUE(All(first).empty());
  std::vector<std::string> expected;
  for (int i = 0; i < 40; ++i) {
    expected.push_back(std::string(static_cast<size_t>(i * 997), static_cast<char>('a' + i % 26)));
    ASSERT_TRUE(first.Add(expected.back()));
    ASSERT_TRUE(second.Add("between"));
  }
  EXPECT_EQ(All(first), expected);
  EXPECT_EQ(All(first), expected);
  EXPECT_EQ(All(second), std::vector<std::string>(40, "between"));
  EXPECT_TRUE(file->status());
}

TEST(SpilledBlocks, CursorsOfOneStoreStandApart) {
  const auto file = std::make_shared<SpillFile>();
  SpilledBlocks store(file);
  ASSERT_TRUE(store.Add("one"));
  ASSERT_TRUE(store.Add("two"));
  const auto a = store.Open(), b = store.Open();
  std::string block;
  ASSERT_TRUE(a->Next(block));
  ASSERT_TRUE(a->Next(block));
  EXPECT_EQ(block, "two");
  ASSERT_TRUE(b->Next(block));
  EXPECT_EQ(block, "one");
}

TEST(SpilledBlocks, SayWhenThereIsNoRoom) {
  const auto file = std::make_shared<SpillFile>("/nowhere/at/all");
  SpilledBlocks store(file);
  EXPECT_FALSE(store.Add("x"));
  EXPECT_FALSE(file->status()) << "kept for whoever asks at the end";
}

}  // namespace
}  // namespace plumbago
