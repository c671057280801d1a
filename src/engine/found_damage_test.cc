#include "engine/found_damage.h"

#include <gtest/gtest.h>

#include <string>

namespace plumbago::engine {
namespace {

using model::Damage;

std::string First(const FoundDamage& damage, Damage kind) {
  const FoundExample* first = damage.First(kind);
  return first == nullptr ? "none" : first->Text();
}

TEST(FoundDamage, KeepsTheFirstExampleByFileAndLine) {
  FoundDamage damage;
  EXPECT_EQ(First(damage, Damage::kMalformed), "none");
  damage.Offer(Damage::kMalformed, {"b.csv", 2, 0, "two"});
  damage.Offer(Damage::kMalformed, {"b.csv", 10, 0, "ten"});
  EXPECT_EQ(First(damage, Damage::kMalformed), "b.csv:2: two");
  damage.Offer(Damage::kMalformed, {"a.csv", 99, 4, "first file"});
  EXPECT_EQ(First(damage, Damage::kMalformed), "a.csv:99:4: first file");
  EXPECT_EQ(damage.Count(Damage::kMalformed), 0u) << "an example is no count";
}

TEST(FoundDamage, ExamplesNeedNoPlace) {
  FoundDamage damage;
  damage.Offer(Damage::kClosedTooEarly, {{}, 0, 0, "trace 7"});
  EXPECT_EQ(First(damage, Damage::kClosedTooEarly), "trace 7");
  damage.Offer(Damage::kTooLong, {"a.csv", 3, 0, ""});
  EXPECT_EQ(First(damage, Damage::kTooLong), "a.csv:3");
}

TEST(FoundDamage, KnowsWhereSavedRowsStood) {
  model::DamageCounts counts;
  for (const uint32_t line : {43u, 42u}) {
    counts.Add(Damage::kDuplicate, {{kSavedOrigin | 1, line}, 0, "said twice", ""});
  }
  const FoundDamage damage(counts, Places(nullptr, {"a.csv", "b.csv"}));
  EXPECT_EQ(damage.Count(Damage::kDuplicate), 2u);
  EXPECT_EQ(First(damage, Damage::kDuplicate), "b.csv:42: said twice");
}

TEST(FoundDamage, LoadsByTheNamesOfKinds) {
  FoundDamage damage;
  damage.Add(Damage::kMalformed, 3);
  damage.Offer(Damage::kMalformed, {"a.csv", 1, 2, "text"});
  damage.Add(Damage::kMissingParent, 1);
  std::string bytes;
  damage.Save(bytes);
  EXPECT_NE(bytes.find(model::Describe(Damage::kMissingParent).name), std::string::npos);
  statistics::StateReader in(bytes);
  FoundDamage loaded;
  ASSERT_TRUE(loaded.Load(in));
  EXPECT_EQ(loaded.Count(Damage::kMalformed), 3u);
  EXPECT_EQ(loaded.Count(Damage::kMissingParent), 1u);
  EXPECT_EQ(First(loaded, Damage::kMalformed), "a.csv:1:2: text");
  EXPECT_EQ(First(loaded, Damage::kMissingParent), "none");
}

TEST(FoundDamage, RefusesWhatItDoesNotKnow) {
  FoundDamage damage;
  damage.Add(Damage::kMalformed, 3);
  damage.Offer(Damage::kMalformed, {"a.csv", 1, 2, "text"});
  std::string bytes;
  damage.Save(bytes);
  for (size_t size = 0; size < bytes.size(); ++size) {
    statistics::StateReader in(std::string_view(bytes).substr(0, size));
    FoundDamage loaded;
    EXPECT_FALSE(loaded.Load(in)) << size;
  }
  bytes[2] = 'x';  // a kind of another name
  statistics::StateReader in(bytes);
  FoundDamage loaded;
  EXPECT_FALSE(loaded.Load(in));
}

}  // namespace
}  // namespace plumbago::engine
