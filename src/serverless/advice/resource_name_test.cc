#include "serverless/advice/resource_name.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace plumbago::serverless {
namespace {

std::vector<std::string> NamesOf(const std::vector<std::pair<std::string, std::string>>& apps) {
  std::vector<AppLoad> loads;
  for (const auto& [owner, name] : apps) {
    loads.emplace_back();
    loads.back().owner = owner;
    loads.back().name = name;
  }
  return ResourceNames(loads);
}

TEST(ResourceName, NamesThatAreOnesStay) {
  const auto names = NamesOf({{"o", "checkout"}, {"o", "a-b-3"}, {"o", "x"}});
  EXPECT_EQ(names, (std::vector<std::string>{"checkout", "a-b-3", "x"}));
}

TEST(ResourceName, AnyBytesGiveDistinctLabels) {
  const std::string hash(64, '0');
  const auto names = NamesOf({{"o", "Web Checkout"},
                              {"o", "web checkout"},
                              {"o", ""},
                              {"p", ""},
                              {"o", "9lives"},
                              {"o", "-"},
                              {"o", "../../etc/passwd"},
                              {"o", hash + "a"},
                              {"o", hash + "b"},
                              {"o", "caf\xC3\xA9\n"},
                              {"o", "api"},
                              {"p", "api"}});
  std::set<std::string> distinct;
  for (const std::string& name : names) {
    EXPECT_TRUE(IsResourceName(name)) << name;
    distinct.insert(name);
  }
  EXPECT_EQ(distinct.size(), names.size());
  EXPECT_TRUE(names[0].starts_with("web-checkout-")) << names[0];
}

TEST(ResourceName, IsTheSameWhateverElseIsThere) {
  const auto alone = NamesOf({{"o", "Web"}});
  const auto beside = NamesOf({{"o", "api"}, {"o", "Web"}, {"o", "web-1"}});
  EXPECT_EQ(alone[0], beside[1]);
}

TEST(ResourceName, SaysWhatIsNone) {
  for (const char* bad : {"", "-a", "a-", "A", "1a", "a_b", "a.b", "a b"})
    EXPECT_FALSE(IsResourceName(bad)) << bad;
  EXPECT_FALSE(IsResourceName(std::string(51, 'a')));
  EXPECT_TRUE(IsResourceName(std::string(50, 'a')));
}

}  // namespace
}  // namespace plumbago::serverless
