#include "formats/alibaba/call_writer.h"

#include <gtest/gtest.h>

#include <string>

namespace plumbago::formats::alibaba {
namespace {

template <class Fill>
std::string Written(Fill fill) {
  std::string out;
  {
    csv::RowWriter writer(out);
    writer.Begin(2000);
    fill(writer);
  }
  return out;
}

TEST(CallWriter, PathsAsTheModelSpellsThem) {
  for (const std::string text :
       {"0", "0.1.9.10", "99.100.239.240.241.65535.65536.3343209175.18446744073709551615", "0.01",
        "0.1-abc-0.2", "0..1", "."}) {
    std::string path;
    ASSERT_NE(model::EncodePath(text, path), 0u) << text;
    EXPECT_EQ(Written([&](csv::RowWriter& w) { WritePath(path, w); }), text);
  }
}

TEST(CallWriter, LongestPath) {
  const std::string path(model::kMaxPathBytes, static_cast<char>(0xEF));
  const std::string text = Written([&](csv::RowWriter& w) { WritePath(path, w); });
  EXPECT_EQ(text, model::PathText(path));
  EXPECT_LE(text.size(), kPathBound);
}

TEST(CallWriter, PathsOfTextAreQuotedWhereNeeded) {
  std::string path;
  model::EncodePath("0.1-a,b-0", path);
  EXPECT_EQ(Written([&](csv::RowWriter& w) { WritePath(path, w); }), "\"0.1-a,b-0\"");
}

TEST(CallWriter, TracesAsTheModelSpellsThem) {
  for (const std::string text :
       {"0", "f", "0123456789abcdef", "00123456789abcdef", "0a0b0c1d15919238193454000e5d30",
        "0123456789abcdef0123456789abcdef", "T_0", "T_18446744073709", "odd one", "ABC"}) {
    const model::TraceId trace = model::TraceId::Parse(text);
    EXPECT_EQ(Written([&](csv::RowWriter& w) { WriteTrace(trace, w); }), text);
  }
}

// Whatever stands among the digits of an id, at whatever place.
TEST(CallWriter, TracesThatAreNearlyHex) {
  for (size_t i = 0; i < 30; ++i) {
    for (int c = 1; c < 256; ++c) {
      std::string text = "0a0b0c1d15919238193454000e5d30";
      text[i] = static_cast<char>(c);
      if (text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r') continue;
      const model::TraceId trace = model::TraceId::Parse(text);
      const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
      ASSERT_EQ(trace.form == model::TraceForm::kHex, hex) << text;
      ASSERT_EQ(Written([&](csv::RowWriter& w) { WriteTrace(trace, w); }), text);
    }
  }
}

}  // namespace
}  // namespace plumbago::formats::alibaba
