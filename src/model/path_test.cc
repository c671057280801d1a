#include "model/path.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace plumbago::model {
namespace {

std::string Encoded(std::string_view text) {
  std::string out;
  EncodePath(text, out);
  return out;
}

TEST(Path, TextComesBack) {
  for (const char* text :
       {"0", "0.1", "0.1.3.1.1.1.12", "0.239.240.255.256.65535.65536", "0.3343209175",
        "0.18446744073709551615", "0.18446744073709551616", "01.1", "0.01", "0..1", "0.1.", ".",
        "0.3-MS_5-0.2", "id-(?)-1", "a", "0.1.\x01x"}) {
    EXPECT_EQ(PathText(Encoded(text)), text);
  }
}

TEST(Path, IsCompact) {
  EXPECT_EQ(Encoded("0.1.3.12").size(), 4u);
  EXPECT_EQ(Encoded("0.239").size(), 2u);
  EXPECT_EQ(Encoded("0.240").size(), 3u);
  EXPECT_EQ(Encoded("").size(), 0u);
}

TEST(Path, BytesSortAsCalls) {
  const std::vector<std::string> sorted = {
      "0",     "0.1",   "0.1.1",   "0.1.2",        "0.2", "0.10", "0.10.1",
      "0.240", "0.256", "0.65536", "0.4294967296", "0.x", "1"};
  for (size_t i = 0; i + 1 < sorted.size(); ++i) {
    EXPECT_LT(Encoded(sorted[i]), Encoded(sorted[i + 1])) << sorted[i] << " " << sorted[i + 1];
  }
}

TEST(Path, AncestorsAreWholeComponents) {
  EXPECT_TRUE(IsAncestor(Encoded("0.1"), Encoded("0.1.5")));
  EXPECT_FALSE(IsAncestor(Encoded("0.1"), Encoded("0.10")));
  EXPECT_FALSE(IsAncestor(Encoded("0.1"), Encoded("0.10.1")));
  EXPECT_FALSE(IsAncestor(Encoded("0.1"), Encoded("0.1")));
  EXPECT_FALSE(IsAncestor(Encoded("0.2"), Encoded("0.256.1")));
  EXPECT_FALSE(IsAncestor(Encoded("0.x"), Encoded("0.xy.1")));
}

TEST(Path, Components) {
  const std::string path = Encoded("0.300.x-1.7");
  EXPECT_EQ(PathDepth(path), 4u);
  EXPECT_EQ(PathText(ParentPath(path)), "0.300.x-1");
  EXPECT_EQ(PathText(ParentPath(ParentPath(path))), "0.300");
  EXPECT_EQ(ParentPath(Encoded("0")).size(), 0u);
  EXPECT_EQ(FirstComponentSize(path), 1u);
  EXPECT_EQ(CommonPrefix(Encoded("0.1.3"), Encoded("0.1.4.1")), 2u);
  EXPECT_EQ(CommonPrefix(Encoded("0.1"), Encoded("0.1.4")), 2u);
  EXPECT_EQ(CommonPrefix(Encoded("0.300"), Encoded("0.301")), 1u);
}

TEST(Path, RefusesWhatIsTooLong) {
  std::string text = "0";
  for (size_t i = 0; i < kMaxPathBytes; ++i) text += ".1";
  EXPECT_EQ(Encoded(text), "");
  EXPECT_EQ(Encoded("0." + std::string(kMaxPathBytes + 1, 'x')), "");
  std::string most = "0";
  for (size_t i = 1; i < kMaxPathBytes; ++i) most += ".1";
  EXPECT_EQ(Encoded(most).size(), kMaxPathBytes);
}

}  // namespace
}  // namespace plumbago::model
