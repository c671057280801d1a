#include "model/names.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace plumbago::model {
namespace {

TEST(NameTable, GivesOneIdAName) {
  NameTable table;
  EXPECT_EQ(table.Intern(""), 0u);
  const uint32_t a = table.Intern("a");
  EXPECT_EQ(table.Intern("a"), a);
  EXPECT_NE(table.Intern("b"), a);
  EXPECT_EQ(table.Text(a), "a");
  EXPECT_EQ(table.Hash(a), NameTable::HashText("a"));
  EXPECT_EQ(table.size(), 3u);
}

TEST(NameTable, HoldsManyNamesAndLongOnes) {
  NameTable table;
  std::vector<uint32_t> ids;
  for (int i = 0; i < 40000; ++i) ids.push_back(table.Intern("service-" + std::to_string(i)));
  for (int i = 0; i < 40000; ++i) {
    ASSERT_EQ(table.Text(ids[static_cast<size_t>(i)]), "service-" + std::to_string(i));
  }
  const std::string large(1 << 20, 'x');
  EXPECT_EQ(table.Text(table.Intern(large)), large);
}

TEST(NameTable, ThreadsAgree) {
  NameTable table;
  constexpr int kNames = 5000;
  std::vector<std::vector<uint32_t>> ids(4);
  {
    std::vector<std::jthread> threads;
    for (size_t t = 0; t < ids.size(); ++t) {
      threads.emplace_back([&, t] {
        NameCache cache(table);
        for (int i = 0; i < kNames; ++i) {
          ids[t].push_back(
              cache.Intern("n" + std::to_string((i * 7 + static_cast<int>(t) * 13) % kNames)));
        }
      });
    }
  }
  EXPECT_EQ(table.size(), static_cast<uint32_t>(kNames) + 1);
  for (size_t t = 0; t < ids.size(); ++t) {
    for (int i = 0; i < kNames; ++i) {
      const std::string text = "n" + std::to_string((i * 7 + static_cast<int>(t) * 13) % kNames);
      ASSERT_EQ(table.Text(ids[t][static_cast<size_t>(i)]), text);
    }
  }
}

TEST(NameCache, KnowsTheEmptyName) {
  NameTable table;
  NameCache cache(table);
  EXPECT_EQ(cache.Intern(""), 0u);
  EXPECT_EQ(cache.Intern(""), 0u);
}

}  // namespace
}  // namespace plumbago::model
