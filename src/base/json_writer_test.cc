#include "base/json_writer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace plumbago {
namespace {

TEST(JsonWriter, CommasAndNesting) {
  std::string text;
  JsonWriter json(&text);
  json.BeginObject()
      .Key("a")
      .BeginArray()
      .Int(-1)
      .Uint(2)
      .BeginObject()
      .EndObject()
      .BeginArray()
      .EndArray();
  json.EndArray().Key("b").Null().Key("c").Bool(true).EndObject();
  EXPECT_EQ(text, R"({"a":[-1,2,{},[]],"b":null,"c":true})");
}

TEST(JsonWriter, IndentsWhereAsked) {
  std::string text;
  JsonWriter json(&text, 2);
  json.BeginObject().Key("a").BeginArray().Int(1).BeginObject().EndObject().EndArray();
  json.Key("b").String("x").EndObject();
  EXPECT_EQ(text, "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": \"x\"\n}");
}

TEST(JsonWriter, ShortestNumbersThatReadBack) {
  std::string text;
  JsonWriter json(&text);
  json.BeginArray().Double(0.1).Double(1).Double(1e300).Double(1.0 / 3).Double(-0.5);
  json.Double(std::nan("")).Double(std::numeric_limits<double>::infinity());
  json.Int(std::numeric_limits<int64_t>::min())
      .Uint(std::numeric_limits<uint64_t>::max())
      .EndArray();
  EXPECT_EQ(
      text,
      "[0.1,1,1e+300,0.3333333333333333,-0.5,null,null,-9223372036854775808,18446744073709551615]");
}

TEST(JsonWriter, AnyBytesBecomeValidText) {
  std::string text;
  JsonWriter json(&text);
  json.BeginArray().String("q\"\\\n\t\x01\x7F é 漢 😀");
  json.String(std::string_view("\xC0\xAF|\xED\xA0\x80|\xF4\x90\x80\x80|\xE6\xBC|\x00", 16))
      .EndArray();
  EXPECT_EQ(text,
            "[\"q\\\"\\\\\\n\\t\\u0001\\u007f é 漢 😀\","
            "\"\uFFFD\uFFFD|\uFFFD\uFFFD\uFFFD|\uFFFD\uFFFD\uFFFD\uFFFD|\uFFFD\uFFFD|\\u0000\"]");
}

}  // namespace
}  // namespace plumbago
