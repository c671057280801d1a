#include "model/damage.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace plumbago::model {
namespace {

TEST(Damage, EachKindDescribesItself) {
  std::set<std::string> names;
  for (size_t i = 0; i < kDamages; ++i) {
    const auto kind = static_cast<Damage>(i);
    EXPECT_EQ(Describe(kind).damage, kind) << "the table is out of order at " << i;
    EXPECT_TRUE(names.insert(Describe(kind).name).second);
    EXPECT_GT(std::string(Describe(kind).help).size(), 20u);
  }
}

TEST(Damage, KeepsTheFirstExampleWhateverTheOrder) {
  const Example early{{0, 5}, 0, "early", ""};
  const Example late{{1, 2}, 0, "late", ""};
  DamageCounts a;
  a.Add(Damage::kMalformed, late);
  EXPECT_TRUE(a.WantsExample(Damage::kMalformed, early.origin));
  DamageCounts b;
  b.Add(Damage::kMalformed, early);
  EXPECT_FALSE(b.WantsExample(Damage::kMalformed, late.origin));
  DamageCounts ab = a;
  ab.Merge(b);
  DamageCounts ba = b;
  ba.Merge(a);
  EXPECT_EQ(ab.Count(Damage::kMalformed), 2u);
  EXPECT_EQ(ab.First(Damage::kMalformed)->text, "early");
  EXPECT_EQ(ba.First(Damage::kMalformed)->text, "early");
  EXPECT_EQ(ab.First(Damage::kSign), nullptr);
}

}  // namespace
}  // namespace plumbago::model
