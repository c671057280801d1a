// The short cut says what going field by field says, of any line.
#include "formats/function_minutes/fast_row.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "formats/function_minutes/decoder.h"
#include "formats/function_minutes/minute_format.h"
#include "formats/testing/plain_functions.h"

namespace plumbago::formats::function_minutes {
namespace {

const MinuteFormat kAzure(TableKind::kAzure2019), kVectors(TableKind::kVectors);

void ExpectSame(const MinuteFormat& format, TableKind kind, const std::string& text) {
  static model::Names names;  // tables of names are large
  const Result<Layout> layout = ReadLayout(kind, text, "x.d03.csv");
  ASSERT_TRUE(layout) << layout.error().Text();
  const MinuteDecoder fast(*layout), slow(*layout, MinuteDecoder::Way::kByField);
  for (const size_t block : {text.size() + 1, text.size() / 3 + 1}) {
    const auto a = testing::DecodeFunctions(format, fast, text, block, &names);
    const auto b = testing::DecodeFunctions(format, slow, text, block, &names);
    ASSERT_EQ(a.functions, b.functions) << text;
    ASSERT_EQ(a.lines, b.lines) << text;
    ASSERT_EQ(a.malformed, b.malformed) << text;
    ASSERT_EQ(a.too_long, b.too_long) << text;
    ASSERT_EQ(a.example, b.example) << text;
    ASSERT_EQ(a.example_line, b.example_line) << text;
    ASSERT_EQ(a.example_column, b.example_column) << text;
  }
}

class RandomTable {
 public:
  explicit RandomTable(uint32_t seed) : engine_(seed) {}
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(engine_()) % n; }

  std::string Header(TableKind kind) {
    minutes_ = Below(4) == 0 ? 1 + Below(9) : 20 + Below(200);
    std::string header =
        kind == TableKind::kAzure2019 ? "HashOwner,HashApp,HashFunction,Trigger" : "vec,weight";
    names_ = kind == TableKind::kAzure2019 ? 4 : 2;
    const uint32_t first = 1 + Below(1440 - minutes_);
    for (uint32_t i = 0; i < minutes_; ++i) header += fmt::format(",{}", first + i);
    return header;
  }
  std::string Row() {
    std::string row;
    for (uint32_t i = 0; i < names_; ++i)
      row += fmt::format("{}{}", i == 0 ? "" : ",", 1 + Below(99));
    const uint32_t kind = Below(4);
    for (uint32_t i = 0; i < minutes_; ++i) {
      row += ',';
      const bool zero = kind == 0 || (kind == 1 && Below(20) != 0);
      row += zero ? "0" : fmt::format("{}", engine_() >> (32 + Below(kind == 2 ? 4 : 32)));
    }
    return row;
  }
  // Some bytes are others, gone, or there twice.
  void Harm(std::string& text) {
    static constexpr std::string_view kBytes = "0019,,\n\r\"-+ .x:/@\x80\xff";
    for (uint32_t n = Below(3); n > 0 && !text.empty(); --n) {
      const size_t at = Below(static_cast<uint32_t>(text.size()));
      const char byte = kBytes[Below(static_cast<uint32_t>(kBytes.size()))];
      const uint32_t kind = Below(3);
      if (kind == 0) text[at] = byte;
      if (kind == 1) text.erase(at, 1);
      if (kind == 2) text.insert(at, 1 + Below(12), byte);
    }
  }

 private:
  std::mt19937 engine_;
  uint32_t minutes_ = 0, names_ = 0;
};

TEST(FastRow, EqualsFieldByField) {
  for (uint32_t seed = 0; seed < 3000; ++seed) {
    RandomTable table(seed);
    const TableKind kind = seed % 3 == 0 ? TableKind::kVectors : TableKind::kAzure2019;
    const std::string header = table.Header(kind);
    const std::string end = table.Below(5) == 0 ? "\r\n" : "\n";
    std::string text = header + end;
    for (uint32_t i = table.Below(12); i > 0; --i) {
      std::string row = table.Below(20) == 0 ? header : table.Row();
      if (table.Below(2) == 0) table.Harm(row);
      text += row + (table.Below(30) == 0 ? "\n\n" : end);
    }
    if (table.Below(3) == 0) text.resize(text.size() - table.Below(2) - 1);
    if (text.size() < header.size()) continue;
    ExpectSame(kind == TableKind::kVectors ? kVectors : kAzure, kind, text);
    if (HasFatalFailure()) FAIL() << seed;
  }
}

// Every byte at every place of a field, in front of zeros and of others.
TEST(FastRow, AnyByteAnywhere) {
  const std::string header = "vec,weight,1,2,3,4,5,6,7,8,9\n";
  for (const std::string& row : {std::string("v,1,0,0,0,0,0,0,0,0,0\n"),
                                 std::string("v,1,5,12,0,1234567,12345678,0,4294967295,0,7\n")}) {
    for (size_t at = 0; at < row.size(); ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string harmed = row;
        harmed[at] = static_cast<char>(byte);
        ExpectSame(kVectors, TableKind::kVectors, header + harmed + row);
        ASSERT_FALSE(HasFatalFailure()) << at << " " << byte;
      }
    }
  }
}

TEST(FastRow, LinesAroundTheLongest) {
  const std::string header = "vec,weight,1,2,3\n";
  for (size_t size = csv::kMaxLineBytes - 3; size < csv::kMaxLineBytes + 3; ++size) {
    for (const char* end : {"\n", "\r\n", ""}) {
      const std::string rest = ",1,1,0,2";
      const std::string row =
          std::string(size - rest.size() - std::string(end).size(), 'v') + rest + end;
      ExpectSame(kVectors, TableKind::kVectors, header + row);
      ExpectSame(kVectors, TableKind::kVectors, header + row + "v,1,1,2,3\n");
    }
  }
}

TEST(FastRow, TakesWhatIsUsual) {
  const std::string text = "vec,weight,1,2,3\n";
  const Result<Layout> layout = ReadLayout(TableKind::kVectors, text, "");
  ASSERT_TRUE(layout);
  FastRow row(*layout);
  const auto read = [&](std::string line) {
    const size_t size = line.size();
    line.append(csv::kPadding, '\n');
    return row.Read(std::string_view(line).substr(0, size));
  };
  EXPECT_EQ(read("v,1,0,17,0\nx"), 11u);
  ASSERT_EQ(row.counts().size(), 1u);
  EXPECT_EQ(row.counts()[0].minute, 1u);
  EXPECT_EQ(row.counts()[0].count, 17u);
  EXPECT_EQ(read("v,1,0,17,0\r\nx"), 12u);
  for (const char* unusual : {"v,1,0,17,0", "\"v\",1,0,17,0\n", "v,1,0,17\n", "v,1,0,17,0,0\n",
                              "v,1,,0,0\n", "v,1,0,4294967296,0\n", "vec,weight,1,2,3\n", "\n"}) {
    EXPECT_EQ(read(unusual), 0u) << unusual;
  }
}

}  // namespace
}  // namespace plumbago::formats::function_minutes
