#include "formats/csv/delimiter_scan.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace plumbago::formats::csv {
namespace {

struct Found {
  std::vector<uint32_t> at, line_ends;
  bool quotes = false;
  friend bool operator==(const Found&, const Found&) = default;
};

Found Naive(std::string_view text) {
  Found found;
  for (uint32_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') found.line_ends.push_back(static_cast<uint32_t>(found.at.size()));
    if (text[i] == '\n' || text[i] == ',') found.at.push_back(i);
    found.quotes |= text[i] == '"';
  }
  return found;
}

Found Taken(const Delimiters& d) {
  return {{d.at(), d.at() + d.size()}, {d.line_ends(), d.line_ends() + d.lines()}, d.quotes()};
}

TEST(DelimiterScan, FindsCommasAndLineEnds) {
  const std::string text = std::string("a,b\nc,\n") + std::string(kPadding, '\n');
  Delimiters d(100);
  d.Scan(std::string_view(text).substr(0, 7));
  EXPECT_EQ(Taken(d), (Found{{1, 3, 5, 6}, {1, 3}, false}));
  EXPECT_EQ(d.at()[-1] + 1, 0u);
}

// Every byte value is met, next to every distance from a piece's border, with delimiters sparse and
// dense; what lies behind the text is full of delimiters.
TEST(DelimiterScan, EqualsTheNaiveOne) {
  std::mt19937 random(7);
  Delimiters d(1000);
  for (int round = 0; round < 3000; ++round) {
    const size_t size = random() % 300;
    const unsigned density = random() % 4;
    std::string text;
    for (size_t i = 0; i < size; ++i) {
      const unsigned r = random() % 16;
      text += r < density ? ',' : r == 15 && density > 1 ? '\n' : static_cast<char>(random() % 256);
    }
    const Found naive = Naive(text);
    text.append(kPadding, round % 3 == 0 ? ',' : round % 3 == 1 ? '\n' : '"');
    d.Scan(std::string_view(text).substr(0, size));
    ASSERT_EQ(Taken(d), naive) << round;
    d.ScanPortably(std::string_view(text).substr(0, size));
    ASSERT_EQ(Taken(d), naive) << round;
  }
}

TEST(DelimiterScan, FillsItsWholeCapacity) {
  const std::string text(64 * 5 + kPadding, '\n');
  Delimiters d(64 * 5);
  d.Scan(std::string_view(text).substr(0, 64 * 5));
  EXPECT_EQ(d.size(), 320u);
  EXPECT_EQ(d.lines(), 320u);
  d.Scan("");
  EXPECT_EQ(d.size(), 0u);
}

TEST(NeedsQuotes, WhereverTheCharacterStands) {
  EXPECT_FALSE(NeedsQuotes(""));
  for (const size_t size : {1u, 10u, 31u, 32u, 33u, 63u, 64u, 65u, 200u}) {
    std::string text(size, 'x');
    EXPECT_FALSE(NeedsQuotes(text)) << size;
    for (size_t i = 0; i < size; ++i) {
      for (const char c : {',', '"', '\n', '\r'}) {
        text[i] = c;
        EXPECT_TRUE(NeedsQuotes(text)) << size << " " << i;
      }
      text[i] = 'x';
    }
  }
}

}  // namespace
}  // namespace plumbago::formats::csv
