#include "base/edit_distance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace plumbago {
namespace {

// The definition, without any table.
size_t Slow(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return a.size() + b.size();
  size_t best = std::min({Slow(a.substr(1), b) + 1, Slow(a, b.substr(1)) + 1,
                          Slow(a.substr(1), b.substr(1)) + (a[0] == b[0] ? 0 : 1)});
  if (a.size() > 1 && b.size() > 1 && a[0] == b[1] && a[1] == b[0])
    best = std::min(best, Slow(a.substr(2), b.substr(2)) + 1);
  return best;
}

TEST(EditDistance, EqualsTheDefinitionForAnyLimit) {
  std::vector<std::string> words = {""};
  for (size_t i = 0; i < words.size() && words[i].size() < 4; ++i) {
    for (const char c : {'a', 'b'}) words.push_back(words[i] + c);
  }
  for (const std::string& a : words) {
    for (const std::string& b : words) {
      const size_t distance = Slow(a, b);
      ASSERT_EQ(EditDistance(a, b), distance) << a << ' ' << b;
      for (size_t limit = 0; limit < 5; ++limit) {
        ASSERT_EQ(EditDistance(a, b, limit), std::min(distance, limit + 1))
            << a << ' ' << b << ' ' << limit;
      }
    }
  }
}

TEST(EditDistance, FindsTheNameThatWasMeant) {
  const std::vector<std::string_view> names = {"analyze", "compare", "capture", "convert", "merge"};
  EXPECT_EQ(NearestName("analyse", names), "analyze");
  EXPECT_EQ(NearestName("ANALYZE", names), "analyze");
  EXPECT_EQ(NearestName("convret", names), "convert");
  EXPECT_EQ(NearestName("xyz", names), "");
  EXPECT_EQ(NearestName("", names), "");
  // A short name has few letters that may differ; dashes are none.
  const std::vector<std::string_view> flags = {"--top", "--seed"};
  EXPECT_EQ(NearestName("--foo", flags), "");
  EXPECT_EQ(NearestName("--tpo", flags), "--top");
  EXPECT_EQ(NearestName("--sed", flags), "--seed");
  EXPECT_EQ(NearestName("--tp", flags), "");
  EXPECT_EQ(NearestName("---", flags), "");
  // Equally near: the first by name, whatever the order of the list.
  const std::vector<std::string_view> pair = {"bat", "cat"}, swapped = {"cat", "bat"};
  EXPECT_EQ(NearestName("rat", pair), "bat");
  EXPECT_EQ(NearestName("rat", swapped), "bat");
}

}  // namespace
}  // namespace plumbago
