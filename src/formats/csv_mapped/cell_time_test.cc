#include "formats/csv_mapped/cell_time.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <ctime>
#include <random>
#include <string>

#include "base/int128.h"

namespace plumbago::formats {
namespace {

// The number, or "no". Behind the text stand digits, which must not be taken for it.
std::string Scaled(std::string_view text, uint8_t power) {
  std::string padded(text);
  padded += "77777777";
  int64_t ns = 0;
  int64_t slow_ns = 0;
  const std::string_view cell(padded.data(), text.size());
  const bool read = ParseScaled(cell, power, ns);
  EXPECT_EQ(read, ParseScaledSlowly(cell, power, slow_ns)) << text;
  EXPECT_TRUE(!read || ns == slow_ns) << text;
  return read ? fmt::format("{}", ns) : "no";
}

TEST(ParseScaled, ReadsNumbersInAUnit) {
  EXPECT_EQ(Scaled("1661140374351773094", 0), "1661140374351773094");
  EXPECT_EQ(Scaled("11209", 3), "11209000");
  EXPECT_EQ(Scaled("0", 9), "0");
  EXPECT_EQ(Scaled("12345678", 0), "12345678");
  EXPECT_EQ(Scaled("123456789", 0), "123456789");
  EXPECT_EQ(Scaled("1675078792", 9), "1675078792000000000");
  EXPECT_EQ(Scaled("1675078792.0000000014", 9), "1675078792000000001");
  EXPECT_EQ(Scaled("0.0005", 9), "500000");
  EXPECT_EQ(Scaled("-1.5", 6), "-1500000");
  EXPECT_EQ(Scaled("+3", 0), "3");
  EXPECT_EQ(Scaled("1.5", 0), "2");
  EXPECT_EQ(Scaled("2.4999", 0), "2");
  EXPECT_EQ(Scaled("1e3", 6), "1000000000");
  EXPECT_EQ(Scaled("0.00000000000000000000000000000001", 9), "0");
  EXPECT_EQ(Scaled("4000000000000000000", 0), "4000000000000000000");
  EXPECT_EQ(Scaled("4000000000000000001", 0), "no");
  EXPECT_EQ(Scaled("9999999999999999999", 0), "no");
  EXPECT_EQ(Scaled("99999999999", 9), "no");
  for (const char* wrong : {"", ".", "-", "1-", "nan", "inf", "0x1", "1 ", " 1", "1,0", "--1", "e1",
                            "123456789012345678x", "12345x78", "1e400"}) {
    EXPECT_EQ(Scaled(wrong, 3), "no") << wrong;
  }
}

TEST(ParseScaled, IsExactForWholeNumbers) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 100'000; ++i) {
    const uint64_t value = random() >> (random() % 64);
    for (const uint8_t power : std::initializer_list<uint8_t>{0, 3, 6, 9}) {
      UInt128 ns = value;
      for (int p = 0; p < power; ++p) ns *= 10;
      const std::string expected =
          ns > static_cast<UInt128>(kMostNs) ? "no" : fmt::format("{}", static_cast<uint64_t>(ns));
      ASSERT_EQ(Scaled(fmt::format("{}", value), power), expected) << value;
    }
  }
}

TEST(ParseDateTime, ReadsDates) {
  const auto read = [](std::string_view text, std::optional<int32_t> zone = std::nullopt) {
    int64_t ns = 0;
    return ParseDateTime(text, zone, ns) ? fmt::format("{}", ns) : "no";
  };
  EXPECT_EQ(read("1970-01-01T00:00:00Z"), "0");
  EXPECT_EQ(read("2023-01-30 11:39:52.948766709 +0000"), "1675078792948766709");
  EXPECT_EQ(read("2023-01-30 11:39:52", 0), "1675078792000000000");
  EXPECT_EQ(read("2023-01-30 19:39:52", 8 * 3600), "1675078792000000000");
  EXPECT_EQ(read("2023-01-30T19:39:52+08:00", 0), "1675078792000000000");
  EXPECT_EQ(read("2023-01-30t06:09:52.5-05:30"), "1675078792500000000");
  EXPECT_EQ(read("2016-12-31 23:59:60 UTC"), "1483228800000000000");
  EXPECT_EQ(read("2024-02-29 00:00:00Z"), "1709164800000000000");
  for (const char* wrong :
       {"2023-01-30 11:39:52", "2023-02-29 00:00:00Z", "2023-13-01 00:00:00Z",
        "2023-01-01 24:00:00Z", "2023-01-01 00:60:00Z", "2023-1-1 00:00:00Z", "2023-01-01Z",
        "2023-01-01 00:00:00.Z", "2023-01-01 00:00:00 +25:00", "2023-01-01 00:00:00 CET",
        "9999-01-01 00:00:00Z", "0000-01-01 00:00:00Z", ""}) {
    EXPECT_EQ(read(wrong), "no") << wrong;
  }
}

TEST(ParseDateTime, IsWhatTheCalendarOfTheSystemSays) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 20'000; ++i) {
    const auto seconds = static_cast<time_t>(random() % 7'900'000'000) - 3'950'000'000;
    tm parts{};
    gmtime_r(&seconds, &parts);
    char text[64];
    ASSERT_GT(std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts), 0u);
    int64_t ns = 0;
    ASSERT_TRUE(ParseDateTime(text, std::nullopt, ns)) << text;
    ASSERT_EQ(ns, seconds * 1'000'000'000) << text;
  }
}

}  // namespace
}  // namespace plumbago::formats
