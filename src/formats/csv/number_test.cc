#include "formats/csv/number.h"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>

namespace plumbago::formats::csv {
namespace {

std::optional<int64_t> Fast(std::string text) {
  const size_t size = text.size();
  text.append(16, '7');  // digits behind the field are not its own
  int64_t ns = 0;
  if (!ParseMilliseconds(std::string_view(text).substr(0, size), ns)) return std::nullopt;
  return ns;
}

TEST(ParseMilliseconds, Numbers) {
  EXPECT_EQ(Fast("0"), 0);
  EXPECT_EQ(Fast("-0"), 0);
  EXPECT_EQ(Fast("0.0"), 0);
  EXPECT_EQ(Fast("7"), 7'000'000);
  EXPECT_EQ(Fast("-7"), -7'000'000);
  EXPECT_EQ(Fast("+7"), 7'000'000);
  EXPECT_EQ(Fast("12345678"), 12'345'678'000'000);
  EXPECT_EQ(Fast("123456789"), 123'456'789'000'000);
  EXPECT_EQ(Fast("2.0"), 2'000'000);
  EXPECT_EQ(Fast("-2.5"), -2'500'000);
  EXPECT_EQ(Fast(".5"), 500'000);
  EXPECT_EQ(Fast("5."), 5'000'000);
  EXPECT_EQ(Fast("1.000001"), 1'000'001);
  EXPECT_EQ(Fast("1.0000014999"), 1'000'001);
  EXPECT_EQ(Fast("1e3"), 1'000'000'000);
  EXPECT_EQ(Fast("2.5E+1"), 25'000'000);
  EXPECT_EQ(Fast("0000000000012"), 12'000'000);
  EXPECT_EQ(Fast("4000000000000"), 4'000'000'000'000'000'000);
}

TEST(ParseMilliseconds, NotNumbers) {
  for (const char* text : {"",
                           "-",
                           "+",
                           ".",
                           "-.",
                           "None",
                           "nan",
                           "inf",
                           "-inf",
                           "MS_1",
                           "1x",
                           "x1",
                           "1 ",
                           " 1",
                           "1.2.3",
                           "--1",
                           "+-1",
                           "1e",
                           "0x10",
                           "4000000000001",
                           "4000000000000.1",
                           "99999999999999999999",
                           "9999999999999",
                           "999999999999999999",
                           "123456789012345678901",
                           "1e300",
                           "12:30",
                           "1/",
                           "1:"}) {
    EXPECT_EQ(Fast(text), std::nullopt) << text;
  }
}

TEST(ParseMilliseconds, ShortCutsSayWhatTheSlowOneSays) {
  std::mt19937 random(3);
  static constexpr char kCharacters[] = "0123456789012345678901234567890123456789.-+e:/x";
  for (int round = 0; round < 200'000; ++round) {
    std::string text;
    for (size_t size = random() % 12; text.size() < size;)
      text += kCharacters[random() % (sizeof kCharacters - 1)];
    int64_t slow = 0;
    const bool good = ParseMillisecondsSlowly(text, slow);
    ASSERT_EQ(Fast(text), good ? std::optional(slow) : std::nullopt) << text;
  }
}

}  // namespace
}  // namespace plumbago::formats::csv
