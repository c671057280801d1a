#include "formats/alibaba/words.h"

#include <gtest/gtest.h>

namespace plumbago::formats::alibaba {
namespace {

TEST(Words, MissingMarks) {
  for (const char* word :
       {"",     "(?)",    "UNKNOWN", "UNAVAILABLE", "NAN",      "nan",  "NaN", "None",
        "NULL", "null",   "NA",      "N/A",         "n/a",      "#N/A", "#NA", "#N/A N/A",
        "<NA>", "1.#IND", "-1.#IND", "1.#QNAN",     "-1.#QNAN", "-nan", "-NaN"}) {
    EXPECT_TRUE(IsMissing(word)) << word;
  }
  for (const char* word : {"MS_1", "USER", "unknown", "(?", "0", "S_NA", "UNAVAILABLE2", "nane"}) {
    EXPECT_FALSE(IsMissing(word)) << word;
  }
}

TEST(Words, KindsComeBack) {
  using model::Kind;
  for (const Kind kind : {Kind::kUnknown, Kind::kRpc, Kind::kHttp, Kind::kMessage, Kind::kDatabase,
                          Kind::kCache, Kind::kOther}) {
    EXPECT_EQ(ParseKind(KindWord(kind)), kind);
  }
  EXPECT_EQ(ParseKind("mc"), Kind::kCache);
  EXPECT_EQ(ParseKind("userDefined"), Kind::kOther);
  EXPECT_EQ(ParseKind("grpc"), Kind::kOther);
  EXPECT_EQ(ParseKind(""), Kind::kUnknown);
  EXPECT_EQ(ParseKind("nan"), Kind::kUnknown);
}

}  // namespace
}  // namespace plumbago::formats::alibaba
