#include "render/folded_stacks.h"

#include <gtest/gtest.h>

#include "render/test_call_tree.h"

namespace plumbago::render {
namespace {

TEST(FoldedStacks, ALineAStackThatFlamegraphPlReads) {
  std::string text;
  ASSERT_TRUE(WriteFoldedStacks(MadeTree(), [&](std::string_view piece) -> Result<void> {
    text += piece;
    return {};
  }));
  // Rounded to the nearest; 499 ns are no microsecond.
  EXPECT_EQ(text,
            "shop_GET_/a:_b_7 2000\n"
            "shop_GET_/a:_b_7;cart_get;base_say_\"x\"_ 2\n"
            "shop_GET_/a:_b_7;shop_GET_/a:_b_7 3000\n"
            "\xFFmail 9000\n");
}

TEST(FoldedStacks, ErrorsOfTheFileAreHandedOn) {
  const auto full = [](std::string_view) -> Result<void> {
    return Fail(ErrorKind::kResource, "disk full");
  };
  EXPECT_FALSE(WriteFoldedStacks(MadeTree(), full));
}

}  // namespace
}  // namespace plumbago::render
