#include "formats/json/bracket_scan.h"

#include <gtest/gtest.h>

#include <string>

#include "base/testing/dice.h"

namespace plumbago::formats::json {
namespace {

constexpr size_t npos = std::string_view::npos;

TEST(BracketScan, Ends) {
  EXPECT_EQ(EndOfBrackets("{}", 0), 2u);
  EXPECT_EQ(EndOfBrackets("x[{\"]\":1}]y", 1), 10u);
  EXPECT_EQ(EndOfBrackets(R"({"a\"}":"\\"} )", 0), 13u);
  EXPECT_EQ(EndOfBrackets("[[]", 0), npos);
  EXPECT_EQ(EndOfBrackets("", 0), npos);
  EXPECT_EQ(EndOfText(R"("a\"b\\"c)", 0), 8u);
  EXPECT_EQ(EndOfText(R"("a\")", 0), npos);
}

TEST(BracketScan, VectorsAgreeWithBytes) {
  Dice dice(7);
  size_t ended = 0;
  for (int round = 0; round < 30'000; ++round) {
    static constexpr std::string_view kOutside[] = {"{",  "[", "}",  "]",
                                                    "\"", "a", "  ", "bcdefghij"};
    static constexpr std::string_view kInside[] = {"{",    "]",   "\"",       "\\\"",
                                                   "\\\\", "\\n", "bcdefghij"};
    std::string text = dice.Once(2) ? "{" : "[";
    bool inside = false;
    for (uint64_t n = dice.Below(120); n > 0; --n) {
      const std::string_view part = inside ? kInside[dice.Below(std::size(kInside))]
                                           : kOutside[dice.Below(std::size(kOutside))];
      inside ^= part == "\"";
      text += part;
    }
    const size_t at = 0;
    const size_t end = EndOfBracketsPortably(text, at);
    ASSERT_EQ(EndOfBrackets(text, at), end) << text;
    ended += end != npos && end > 64 ? 1 : 0;
  }
  EXPECT_GT(ended, 100u);  // beyond the first vector
}

}  // namespace
}  // namespace plumbago::formats::json
