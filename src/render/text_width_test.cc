#include "render/text_width.h"

#include <gtest/gtest.h>

namespace plumbago::render {
namespace {

TEST(TextWidth, CountsColumns) {
  EXPECT_EQ(TextWidth("MS_123"), 6);
  EXPECT_EQ(TextWidth("é"), 1);
  EXPECT_EQ(TextWidth("e\u0301"), 1);  // combining accent
  EXPECT_EQ(TextWidth("漢字"), 4);
  EXPECT_EQ(TextWidth("한국"), 4);
  EXPECT_EQ(TextWidth("ｱ"), 1);   // half width
  EXPECT_EQ(TextWidth("Ａ"), 2);  // full width
  EXPECT_EQ(TextWidth("😀"), 2);
  EXPECT_EQ(TextWidth("█▏░…·×–−✓✗"), 10);
  EXPECT_EQ(TextWidth("\U00020000"), 2);
}

TEST(Printable, LeavesNoWayToTheTerminal) {
  EXPECT_EQ(Printable("a\tb\nc"), "a b c");
  EXPECT_EQ(Printable("\x1b[31m"), "\uFFFD[31m");
  EXPECT_EQ(Printable(std::string_view("\0", 1)), "\uFFFD");
  EXPECT_EQ(Printable("\xC2\x9B"
                      "1m"),
            "\uFFFD1m");  // CSI as one character
  EXPECT_EQ(Printable("a\u202E"
                      "b"),
            "a\uFFFDb");                                             // right-to-left override
  EXPECT_EQ(Printable("\xEF\xBF\xBE\xEF\xBF\xBF"), "\uFFFD\uFFFD");  // no characters
  EXPECT_EQ(Printable("\xC0\xAF"), "\uFFFD\uFFFD");                  // overlong
  EXPECT_EQ(Printable("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");        // surrogate
  EXPECT_EQ(Printable("\xE6\xBC"), "\uFFFD\uFFFD");                  // cut off
  EXPECT_EQ(Printable("漢 é 😀"), "漢 é 😀");
}

TEST(Cut, NeverExceedsAndSaysSo) {
  EXPECT_EQ(CutEnd("abcdef", 6), "abcdef");
  EXPECT_EQ(CutEnd("abcdef", 4), "abc…");
  EXPECT_EQ(CutEnd("漢字漢字", 4), "漢…");  // a wide character is not halved
  EXPECT_EQ(CutEnd("abc", 0), "");
  EXPECT_EQ(CutMiddle("com.example.shop.Cart.add", 13), "com.ex…rt.add");
  EXPECT_EQ(CutMiddle("漢字漢字漢字", 9), "漢字…漢字");
}

TEST(ShortName, KeepsNamesAndShortensHashes) {
  EXPECT_EQ(ShortName("MS_123"), "MS_123");
  EXPECT_EQ(ShortName("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
            "0123456789ab…");
  EXPECT_EQ(ShortName("deadbeef"), "deadbeef");
  EXPECT_EQ(ShortName("a-name-of-more-than-thirty-two-characters"),
            "a-name-of-more-than-thirty-two-characters");
}

TEST(ShortName, WithinASentenceOrAPath) {
  EXPECT_EQ(ShortIds("id 0123456789abcdef0123456789abcdef, b"), "id 0123456789ab…, b");
  EXPECT_EQ(ShortIds("0123456789abcdef0123456789abcdef > é"), "0123456789ab… > é");
}

TEST(Wrap, BreaksAtSpacesAndWithinLongWords) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(Wrap("one two three", 7), (Lines{"one two", "three"}));
  EXPECT_EQ(Wrap("a abcdefgh", 4), (Lines{"a", "abcd", "efgh"}));
  EXPECT_EQ(Wrap("", 7), (Lines{""}));
  EXPECT_EQ(Wrap("漢字漢字", 5), (Lines{"漢字", "漢字"}));
}

}  // namespace
}  // namespace plumbago::render
