#include "formats/json/shape.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace plumbago::formats::json {
namespace {

constexpr std::string_view kWrappers[] = {"data", "result", "resourceSpans", "hits"};
const DocumentCutter kCutter(kWrappers);

TEST(Shape, LinesOrDocuments) {
  EXPECT_EQ(ShapeOf("{\"a\":1}\n{\"a\":2}\n"), Shape::kLines);
  EXPECT_EQ(ShapeOf("\xEF\xBB\xBF\n {\"a\":1} \r\n"), Shape::kLines);
  EXPECT_EQ(ShapeOf("[{\"a\":1}]"), Shape::kLines);
  EXPECT_EQ(ShapeOf("{\n  \"a\": 1\n}\n"), Shape::kDocuments);
  EXPECT_EQ(ShapeOf("[\n{\"a\":1},\n{\"a\":2}\n]\n"), Shape::kDocuments);
  EXPECT_EQ(ShapeOf("{\"data\":[{\"a\":1},{\"a\""), Shape::kDocuments);
  EXPECT_EQ(ShapeOf("{\"a\":1}{\"a\":2}"), Shape::kDocuments);
  // The first line is damaged.
  EXPECT_EQ(ShapeOf("{\"a\":[1\n{\"a\":2}\n"), Shape::kLines);
  EXPECT_EQ(ShapeOf("\"a\":1}]}\n{\"a\":2}\n"), Shape::kLines);
  EXPECT_EQ(ShapeOf(""), Shape::kDocuments);
}

// All cuts that a reader may come to, by the growing text.
std::set<size_t> Cuts(std::string_view text) {
  std::set<size_t> cuts;
  for (size_t size = 0; size <= text.size(); ++size)
    cuts.insert(kCutter.Cut(text.substr(0, size), false));
  cuts.erase(0);
  return cuts;
}
// The same with a | where each stands.
std::string Shown(std::string_view text) {
  std::string shown;
  const std::set<size_t> cuts = Cuts(text);
  for (size_t i = 0; i < text.size(); ++i) {
    if (cuts.contains(i)) shown += '|';
    shown += text[i];
  }
  return shown + (cuts.contains(text.size()) ? "|" : "");
}

TEST(Shape, CutsBetweenElements) {
  EXPECT_EQ(Shown(R"([{"a":[1,{}]},{"b":"]}"}])"), R"([{"a":[1,{}]}|,{"b":"]}"}|])");
  EXPECT_EQ(Shown(R"({"data":[{},{}],"total":0})"), R"({"data":[{}|,{}|],"total":0})");
  EXPECT_EQ(Shown(R"({"errors":[1,2],"result":{"x":[3],"resourceSpans":[{},{}]},"y":[]} {"z":1})"),
            R"({"errors":[1,2],"result":{"x":[3],"resourceSpans":[{}|,{}|]},"y":[]} |{"z":1}|)");
  EXPECT_EQ(Shown(R"({"took":1,"hits":{"total":2,"hits":[{},{}]}})"),
            R"({"took":1,"hits":{"total":2,"hits":[{}|,{}|]}})");
  // No wrapper: the object is the record.
  EXPECT_EQ(Shown(R"({"spans":[{},{}]}{"spans":[]})"), R"({"spans":[{},{}]}|{"spans":[]}|)");
  EXPECT_EQ(Shown(R"([[{},{}],[]])"), R"([[{},{}]|,[]|])");
  EXPECT_EQ(Shown(R"({"data":[]}{"data":[{}]})"), R"({"data":[]}|{"data":[{}|]})");
}

TEST(Shape, GoesOnBehindACut) {
  // What is left of a text behind each of its cuts has the cuts that are left.
  const std::string text =
      R"({"data":[{"a":"[\\\"{"},{"b":[{}]} , {}],"more":{"x":[1]}} {"c":1}[{},{}])";
  const std::set<size_t> cuts = Cuts(text);
  EXPECT_EQ(cuts.size(), 7u);
  for (const size_t cut : cuts) {
    std::set<size_t> rest;
    for (const size_t later : Cuts(std::string_view(text).substr(cut))) rest.insert(cut + later);
    EXPECT_EQ(rest, std::set<size_t>(cuts.upper_bound(cut), cuts.end())) << cut;
  }
}

TEST(Shape, AnythingEnds) {
  for (const std::string_view text :
       {"]]]}}}", ",,,", "}{", "nonsense", "\"", "{\"data\"", "{\"data\":", "{\"data\":]", "[}",
        "{]{]", ":", "{\"a\":1 2}", "[1,2,3"}) {
    Cuts(text);
    EXPECT_EQ(kCutter.Cut(text, true), text.size());
  }
  const std::string zeros(5, '\0');
  for (const std::string before : {"", "[", "{\"data\":[", "{", "{\"data\":"})
    Cuts(before + zeros + "{}");
}

TEST(Shape, KeysOfAHead) {
  const auto keys =
      HeadKeys(R"({"data":[{"traceID":"a","spans":[{"tags":[{"key":"nodes"}]}]}],"x")");
  EXPECT_TRUE(HasKey(keys, "data", ""));
  EXPECT_TRUE(HasKey(keys, "traceID", "data"));
  EXPECT_TRUE(HasKey(keys, "key", "tags"));
  EXPECT_FALSE(HasKey(keys, "nodes"));
  EXPECT_FALSE(HasKey(keys, "traceID", ""));
  EXPECT_TRUE(HeadKeys("TraceID,SpanID\n").empty());
}

}  // namespace
}  // namespace plumbago::formats::json
