#include "formats/json/cursor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "base/testing/dice.h"
#include "formats/json/any_value.h"
#include "formats/json/text_writer.h"
#include "formats/json/token_index.h"

namespace plumbago::formats::json {
namespace {

// A text with a cursor at its beginning.
struct Reading {
  explicit Reading(std::string_view content) : text(content) {
    text.append(64, '"');
    indexed = index.Index(std::string_view(text).substr(0, content.size()));
    json = Cursor(text.data(), index.at(), index.at() + index.size(), &arena, true);
  }
  std::string text;
  TokenIndex index;
  TextArena arena;
  Cursor json;
  bool indexed;
};

std::string TextOf(std::string_view quoted) {
  Reading reading(quoted);
  std::string_view text;
  return reading.indexed && reading.json.String(text) ? std::string(text) : "failed";
}

TEST(Cursor, Texts) {
  EXPECT_EQ(TextOf(R"("")"), "");
  EXPECT_EQ(TextOf(R"(  "a b"  )"), "a b");
  EXPECT_EQ(TextOf(R"("\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00 end")"), "\"\\/\b\f\n\r\té😀 end");
  EXPECT_EQ(TextOf(R"("\ud83d")"), "\xEF\xBF\xBD");
  EXPECT_EQ(TextOf(R"("\ude00x")"), "\xEF\xBF\xBDx");
  EXPECT_EQ(TextOf(R"("\q")"), "failed");
  EXPECT_EQ(TextOf(R"("\u12g4")"), "failed");
  EXPECT_EQ(TextOf(R"("abc)"), "failed");
  EXPECT_EQ(TextOf("12"), "failed");
  EXPECT_EQ(TextOf("\"a\xFF\""), "failed");
  // Escapes at each place of a word of eight.
  for (size_t at = 0; at < 20; ++at) {
    const std::string text(at, 'x');
    EXPECT_EQ(TextOf("\"" + text + "\\n\""), text + "\n");
  }
}

TEST(Cursor, WhatIsWrittenIsRead) {
  Dice dice(3);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (uint64_t n = dice.Below(30); n > 0; --n) {
      const uint64_t c = dice.Below(130);
      text += c < 128 ? std::string(1, static_cast<char>(c)) : c == 128 ? "日" : "😀";
    }
    std::string quoted;
    AppendText(text, quoted);
    EXPECT_EQ(TextOf(quoted), text);
    EXPECT_EQ(nlohmann::json::parse(quoted).get<std::string>(), text);
  }
  std::string broken;
  AppendText("a\xFFz", broken);
  EXPECT_EQ(broken, "\"a\xEF\xBF\xBDz\"");
}

int64_t Whole(std::string_view text) {
  Reading reading(text);
  int64_t value = 0;
  return reading.json.Integer(value) ? value : -99;
}

TEST(Cursor, Numbers) {
  EXPECT_EQ(Whole("0"), 0);
  EXPECT_EQ(Whole("123456789012345678"), 123456789012345678);
  EXPECT_EQ(Whole("\"1655759356935625000\""), 1655759356935625000);
  EXPECT_EQ(Whole("-5"), -5);
  EXPECT_EQ(Whole("\"-5\""), -5);
  EXPECT_EQ(Whole("1.6557593681836e15"), 1655759368183600);
  EXPECT_EQ(Whole("2.5"), 3);
  EXPECT_EQ(Whole("18446744073709551615"), -1);  // as its bits
  EXPECT_EQ(Whole("1e300"), INT64_MAX);
  EXPECT_EQ(Whole("-1e300"), -INT64_MAX);
  for (const std::string_view bad : {"", "x", "\"\"", "\"x\"", "1x", "--1", "1.2.3", "[1]", "nan",
                                     "inf", "\"NaN\"", "+1", "true"})
    EXPECT_EQ(Whole(bad), -99) << bad;
  Reading real("[\"NaN\", \"-Infinity\", 0.1, -0.0, -0, 5e-324]");
  std::vector<double> values;
  EXPECT_TRUE(real.json.Array([&] {
    Number number;
    if (!real.json.ReadNumber(number)) return false;
    values.push_back(number.real);
    return true;
  }));
  ASSERT_EQ(values.size(), 6u);
  EXPECT_TRUE(std::isnan(values[0]));
  EXPECT_EQ(values[1], -INFINITY);
  EXPECT_EQ(values[2], 0.1);
  EXPECT_TRUE(std::signbit(values[3]) && std::signbit(values[4]));
  EXPECT_EQ(values[5], 5e-324);
}

TEST(Cursor, SaysWhereAndWhat) {
  Reading reading(R"({"a":[1,2,}})");
  EXPECT_FALSE(reading.json.Object([&](std::string_view) {
    return reading.json.Array([&] {
      int64_t value = 0;
      return reading.json.Integer(value);
    });
  }));
  EXPECT_EQ(reading.json.failed_at(), 10u);
  EXPECT_STREQ(reading.json.expected(), "a number");
  EXPECT_EQ(reading.json.found(), "}}");

  Reading cut(R"({"a":{"b":1)");
  EXPECT_FALSE(cut.json.Object([&](std::string_view) { return cut.json.Skip(); }));
  EXPECT_STREQ(cut.json.expected(), "the end of the value");
}

TEST(Cursor, Faults) {
  TokenIndex index;
  EXPECT_FALSE(index.Index("{\"a\":\"b}"));
  EXPECT_EQ(FindFault("{\"a\":\"b}").at, 8u);
  EXPECT_FALSE(index.Index("{\"a\":\"b\n\"}"));
  EXPECT_EQ(FindFault("{\"a\":\"b\n\"}").at, 7u);
  EXPECT_FALSE(index.Index("{\"a\":\"\xC0\"}"));
  EXPECT_EQ(FindFault("{\"a\":\"\xC0\"}").at, 6u);
  // Loosely: the same tokens where there is no fault.
  Dice dice(5);
  TokenIndex loose;
  int whole = 0;
  for (int round = 0; round < 20'000; ++round) {
    static constexpr std::string_view kParts[] = {"{",      "}",    "[",  "]",    ":", ",",  "\"",
                                                  "\"ab\"", "\\\"", "12", "true", " ", "\n", "x"};
    std::string text;
    for (uint64_t n = dice.Below(40); n > 0; --n) text += kParts[dice.Below(std::size(kParts))];
    loose.IndexLoosely(text);
    if (text.find('\\') != text.npos || !index.Index(text)) continue;
    ++whole;
    ASSERT_EQ(std::vector<uint32_t>(index.at(), index.at() + index.size()),
              std::vector<uint32_t>(loose.at(), loose.at() + loose.size()))
        << text;
  }
  EXPECT_GT(whole, 1000);
}

std::string Copied(std::string_view text) {
  Reading reading(text);
  spans::Value value;
  if (!ReadAnyValue(reading.json, value)) return "failed";
  std::string out;
  AppendAnyValue(value, out);
  return out;
}

TEST(AnyValue, OneWayOfWriting) {
  EXPECT_EQ(Copied(R"({ "intValue" : 5 })"), R"({"intValue":"5"})");
  EXPECT_EQ(Copied(R"({"boolValue":"true"})"), R"({"boolValue":true})");
  EXPECT_EQ(Copied(R"({"doubleValue":"NaN"})"), R"({"doubleValue":"NaN"})");
  EXPECT_EQ(Copied(R"({"bytesValue":"AQI"})"), R"({"bytesValue":"AQI="})");
  EXPECT_EQ(Copied("{}"), "{}");
  EXPECT_EQ(Copied(R"({"unknown":[1]})"), "{}");
  EXPECT_EQ(
      Copied(R"({"arrayValue" : { "values":[ {"intValue":1}, {}, null, {"stringValue":"a b"}]}})"),
      R"({"arrayValue":{"values":[{"intValue":"1"},{},{},{"stringValue":"a b"}]}})");
  EXPECT_EQ(Copied(R"({"arrayValue":{}})"), R"({"arrayValue":{}})");
  EXPECT_EQ(
      Copied(R"({"kvlistValue":{"values":[{"key":"k","value":{"doubleValue":1.5}},{"key":"n"}]}})"),
      R"({"kvlistValue":{"values":[{"key":"k","value":{"doubleValue":1.5}},{"key":"n","value":{}}]}})");
  EXPECT_EQ(Copied(R"({"arrayValue":{"values":[}})"), "failed");
  EXPECT_EQ(Copied(R"({"bytesValue":"?"})"), "failed");
  // Deeper than anybody needs.
  std::string deep, end;
  for (int i = 0; i < 5000; ++i) deep += R"({"arrayValue":{"values":[)", end += "]}}";
  EXPECT_EQ(Copied(deep + end), "failed");
}

TEST(AnyValue, Base64) {
  TextArena arena;
  Dice dice(9);
  for (int round = 0; round < 500; ++round) {
    std::string bytes, text;
    for (uint64_t n = dice.Below(20); n > 0; --n) bytes += static_cast<char>(dice.Below(256));
    AppendBase64(bytes, text);
    EXPECT_EQ(text.size() % 4, 0u);
    std::string_view decoded;
    ASSERT_TRUE(DecodeBase64(text, arena, decoded));
    EXPECT_EQ(decoded, bytes);
  }
  std::string_view decoded;
  ASSERT_TRUE(DecodeBase64("-_-_", arena, decoded));
  EXPECT_EQ(decoded, "\xFB\xFF\xBF");
  EXPECT_FALSE(DecodeBase64("abcde", arena, decoded));
  EXPECT_FALSE(DecodeBase64("a=bc", arena, decoded));
}

}  // namespace
}  // namespace plumbago::formats::json
