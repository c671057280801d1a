#include "formats/csv_mapped/toml_ascii.h"

#include <gtest/gtest.h>

#include <string>

namespace plumbago::formats {
namespace {

TEST(FirstOutsideAscii, LetsTextsAndCommentsBe) {
  const auto at = [](std::string_view toml) { return FirstOutsideAscii(toml); };
  constexpr size_t kNone = std::string_view::npos;
  EXPECT_EQ(at("a = 'ä' # ö\n\"ü\" = \"\\\"ß\"\n"), kNone);
  EXPECT_EQ(at("\xEF\xBB\xBF# ö"), kNone);
  EXPECT_EQ(at("ä = 1"), 0u);
  EXPECT_EQ(at("a = 1 ä"), 6u);
  EXPECT_EQ(at("a = \"x\"ä"), 7u);
  EXPECT_EQ(at("a = '''ä'''"), 7u);
  EXPECT_EQ(at("a = \"\"\"x\"\"\"\"\" # ä"), kNone);
  EXPECT_EQ(at("a = \"\"ä"), 6u);
  EXPECT_EQ(at("a = \"open\nä"), 10u);
}

}  // namespace
}  // namespace plumbago::formats
