#include "model/trace_id.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace plumbago::model {
namespace {

TEST(TraceId, TextComesBack) {
  for (const char* text :
       {"0a0b0c1d15919238193454000e5d37", "0b37e5831591920934197000e1ccb", "a", "0", "00",
        "0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcde", "T_5",
        "T_18446744073709551615", "T_18446744073709551616", "T_05", "T_", "T_x", "", "Trace 5",
        "ABCDEF", "0123456789abcdef0123456789abcdef0"}) {
    EXPECT_EQ(TraceId::Parse(text).Text(), text);
  }
}

TEST(TraceId, DifferentTextsDiffer) {
  std::set<TraceId> ids;
  for (const char* text :
       {"5", "05", "T_5", "00000000000000000000000000000005", "0000005", "five", ""}) {
    EXPECT_TRUE(ids.insert(TraceId::Parse(text)).second) << text;
  }
}

TEST(TraceId, KnownFormsNeedNoDictionary) {
  EXPECT_EQ(TraceId::Parse("0a0b0c1d15919238193454000e5d37").form, TraceForm::kHex);
  EXPECT_EQ(TraceId::Parse("T_10000326734").form, TraceForm::kPrefixed);
  EXPECT_EQ(TraceId::Parse("T_18446744073709551616").form, TraceForm::kHashed) << "beyond 64 bits";
}

// Every size, with and without a character that is no digit at every place.
TEST(TraceId, DigitsAreReadOneByOneOrManyAtATime) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr std::string_view kOthers = "/:`gG@A~ \x80\xB0\xE1";
  std::mt19937 random(5);
  for (size_t size = 1; size <= 33; ++size) {
    for (int round = 0; round < 300; ++round) {
      std::string text;
      uint64_t hi = 0;
      uint64_t lo = 0;
      while (text.size() < size) {
        const uint64_t digit = random() % 16;
        text += kDigits[digit];
        hi = hi << 4 | lo >> 60;
        lo = lo << 4 | digit;
      }
      if (size <= 30) hi |= uint64_t{size} << 56;
      const TraceId id = TraceId::Parse(text);
      ASSERT_EQ(id.Text(), text);
      const bool known = size <= 30 || size == 32;
      ASSERT_EQ(id.form, !known       ? TraceForm::kHashed
                         : size == 32 ? TraceForm::kHex32
                                      : TraceForm::kHex);
      if (known) {
        ASSERT_EQ(std::pair(id.hi, id.lo), std::pair(hi, lo)) << text;
      }
      text[random() % size] = kOthers[random() % kOthers.size()];
      ASSERT_EQ(TraceId::Parse(text).form, TraceForm::kHashed) << text;
    }
  }
}

TEST(TraceId, TellsItsBirth) {
  EXPECT_EQ(TraceId::Parse("0a0b0c1d15919238193454000e5d37").BirthNs(), 1591923819345'000'000);
  EXPECT_EQ(TraceId::Parse("0b37e5831591920934197000e1ccb").BirthNs(), 1591920934197'000'000);
  EXPECT_FALSE(TraceId::Parse("0a0b0c1df5919238193454000e5d37").BirthNs()) << "not decimal";
  EXPECT_FALSE(TraceId::Parse("0a0b0c1d00019238193454000e5d37").BirthNs())
      << "not a year of this century";
  EXPECT_FALSE(TraceId::Parse("T_1591923819345").BirthNs());
}

}  // namespace
}  // namespace plumbago::model
