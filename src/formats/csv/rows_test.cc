#include "formats/csv/rows.h"

#include <gtest/gtest.h>

#include "formats/csv/naive_csv.h"

namespace plumbago::formats::csv {
namespace {

using Fields = std::vector<std::string>;

struct Seen {
  std::vector<Fields> rows;
  std::vector<BadLine> bad;
  std::vector<std::string> bad_text;
  uint32_t lines;
};

Seen ReadAll(std::string text, uint32_t columns) {
  const size_t size = text.size();
  text.append(kPadding, '"');
  Seen seen;
  RowReader reader(columns);
  seen.lines = reader.Read(
      std::string_view(text).substr(0, size), 0,
      [&](const Row& row) {
        Fields fields;
        for (uint32_t c = 0; c < columns; ++c) fields.emplace_back(row[c]);
        seen.rows.push_back(fields);
      },
      [&](const BadLine& bad) {
        seen.bad.push_back(bad);
        seen.bad_text.emplace_back(bad.raw);
      });
  return seen;
}

TEST(RowReader, LineEndsOfBothKindsAndNone) {
  const Seen seen = ReadAll("a,b\r\n\r\n\nc,d\ne,", 2);
  EXPECT_EQ(seen.rows, (std::vector<Fields>{{"a", "b"}, {"c", "d"}, {"e", ""}}));
  EXPECT_EQ(seen.lines, 5u);
  EXPECT_TRUE(seen.bad.empty());
}

TEST(RowReader, LastLineWithCarriageReturnOnly) {
  EXPECT_EQ(ReadAll("a,b\r", 2).rows, (std::vector<Fields>{{"a", "b"}}));
}

TEST(RowReader, QuotedFields) {
  const Seen seen = ReadAll("\"a,1\",\"say \"\"hi\"\"\"\nx,\"\"\n\"y\",z\r\nin\"side,1\n", 2);
  EXPECT_EQ(seen.rows,
            (std::vector<Fields>{{"a,1", "say \"hi\""}, {"x", ""}, {"y", "z"}, {"in\"side", "1"}}));
  EXPECT_TRUE(seen.bad.empty());
}

TEST(RowReader, ALineIsLostForAnOpenQuoteNotTheFile) {
  const Seen seen = ReadAll("a,\"b\nc,d\n\"e\"f,g\n", 2);
  EXPECT_EQ(seen.rows, (std::vector<Fields>{{"c", "d"}}));
  ASSERT_EQ(seen.bad.size(), 2u);
  EXPECT_EQ(seen.bad[0].fault, BadLine::Fault::kQuote);
  EXPECT_EQ(seen.bad[0].column, 3u);
  EXPECT_EQ(seen.bad[1].line, 2u);
  EXPECT_EQ(seen.bad[1].column, 4u);
}

TEST(RowReader, WrongNumberOfFields) {
  const Seen seen = ReadAll("a\na,b\na,b,c\n \n", 2);
  EXPECT_EQ(seen.rows, (std::vector<Fields>{{"a", "b"}}));
  ASSERT_EQ(seen.bad.size(), 3u);
  EXPECT_EQ(seen.bad[1].fault, BadLine::Fault::kColumns);
  EXPECT_EQ(seen.bad[1].found, 3u);
  EXPECT_EQ(seen.bad[1].line, 2u);
  EXPECT_EQ(seen.bad_text[1], "a,b,c");
}

TEST(RowReader, OneColumn) {
  EXPECT_EQ(ReadAll("a\n\nb\n", 1).rows, (std::vector<Fields>{{"a"}, {"b"}}));
}

TEST(RowReader, TextOfMoreThanAWindow) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i) + ",x\n";
  const Seen seen = ReadAll(text, 2);
  ASSERT_EQ(seen.rows.size(), 20'000u);
  for (size_t i = 0; i < seen.rows.size(); ++i) ASSERT_EQ(seen.rows[i][0], std::to_string(i));
}

TEST(RowReader, LinesAroundTheLongestThatIsRead) {
  for (size_t size = kMaxLineBytes - 3; size < kMaxLineBytes + 3; ++size) {
    for (const char* end : {"\n", ""}) {
      const std::string line = std::string(size, 'x') + end;
      const Seen seen = ReadAll("a\n" + line + (*end != 0 ? "b\n" : ""), 1);
      const bool fits = line.size() <= kMaxLineBytes;
      EXPECT_EQ(seen.rows.size(), (*end != 0 ? 2u : 1u) + (fits ? 1u : 0u)) << size;
      EXPECT_EQ(seen.bad.size(), fits ? 0u : 1u);
      if (!fits) {
        EXPECT_EQ(seen.bad[0].fault, BadLine::Fault::kTooLong);
        EXPECT_EQ(seen.bad[0].line, 1u);
      }
    }
  }
}

TEST(FieldColumn, CountsBytesFromOne) {
  EXPECT_EQ(FieldColumn("a,bc,d", 0), 1u);
  EXPECT_EQ(FieldColumn("a,bc,d", 2), 6u);
  EXPECT_EQ(FieldColumn("\"a,\"\"b\",c", 1), 9u);
  EXPECT_EQ(FieldColumn("a,", 1), 3u);
}

TEST(CutLines, AtTheLastWholeLine) {
  EXPECT_EQ(CutLines("a\nb\nc", false), 4u);
  EXPECT_EQ(CutLines("a\nb\nc", true), 5u);
  EXPECT_EQ(CutLines("abc", false), 0u);
}

TEST(SkipHeader, TakesMarkAndHeader) {
  std::string_view text =
      "\xEF\xBB\xBF"
      "a,b\n1,2\n";
  EXPECT_EQ(SkipHeader(true, text), 1u);
  EXPECT_EQ(text, "1,2\n");
  text =
      "\xEF\xBB\xBF"
      "1,2\n";
  EXPECT_EQ(SkipHeader(false, text), 0u);
  EXPECT_EQ(text, "1,2\n");
  text = "a,b";
  EXPECT_EQ(SkipHeader(true, text), 1u);
  EXPECT_EQ(text, "");
  text =
      "\xEF\xBB\xBF"
      "\r\n \n\na,b\n\n1,2\n";
  EXPECT_EQ(SkipHeader(true, text), 4u);
  EXPECT_EQ(text, "\n1,2\n");
  text = "\n\n";
  EXPECT_EQ(SkipHeader(true, text), 2u);
  EXPECT_EQ(text, "");
}

}  // namespace
}  // namespace plumbago::formats::csv
