#include "render/json.h"

#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "render/test_document.h"

namespace plumbago::render {
namespace {

using nlohmann::json;

// The part of JSON Schema 2020-12 that report.schema.json uses; a keyword that it does not know is
// an error, so that the schema cannot ask for what nobody checks.
class Validator {
 public:
  explicit Validator(json schema) : root_(std::move(schema)) {}

  std::vector<std::string> Check(const json& value) {
    errors_.clear();
    Check(root_, value, "$");
    return errors_;
  }

 private:
  static bool IsA(const json& value, const std::string& type) {
    if (type == "null") return value.is_null();
    if (type == "boolean") return value.is_boolean();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "string") return value.is_string();
    if (type == "array") return value.is_array();
    return type == "object" && value.is_object();
  }

  void Check(const json& schema, const json& value, const std::string& at) {
    const auto expect = [&](bool good, const std::string& what) {
      if (!good) errors_.push_back(at + ": " + what);
    };
    for (const auto& [keyword, rule] : schema.items()) {
      if (keyword == "$ref") {
        Check(root_.at(json::json_pointer(rule.get<std::string>().substr(1))), value, at);
      } else if (keyword == "type") {
        const json types = rule.is_array() ? rule : json::array({rule});
        expect(
            std::any_of(types.begin(), types.end(), [&](const json& t) { return IsA(value, t); }),
            "type");
      } else if (keyword == "enum") {
        expect(std::find(rule.begin(), rule.end(), value) != rule.end(), "enum");
      } else if (keyword == "const") {
        expect(value == rule, "const");
      } else if (keyword == "minimum") {
        expect(!value.is_number() || value >= rule, "minimum");
      } else if (keyword == "minItems") {
        expect(!value.is_array() || value.size() >= rule.get<size_t>(), "minItems");
      } else if (keyword == "maxItems") {
        expect(!value.is_array() || value.size() <= rule.get<size_t>(), "maxItems");
      } else if (keyword == "required") {
        for (const json& key : rule)
          expect(value.contains(key.get<std::string>()), "lacks " + key.dump());
      } else if (keyword == "additionalProperties") {
        for (const auto& [key, unused] : value.items()) {
          expect(rule != false || schema.at("properties").contains(key), "has " + key);
        }
      } else if (keyword == "properties") {
        for (const auto& [key, part] : rule.items()) {
          if (value.is_object() && value.contains(key)) {
            Check(part, value.at(key), std::string(at).append(".").append(key));
          }
        }
      } else if (keyword == "items") {
        for (size_t i = 0; value.is_array() && i < value.size(); ++i) {
          Check(rule, value[i], at + "[" + std::to_string(i) + "]");
        }
      } else if (keyword != "$schema" && keyword != "$defs" && keyword != "title" &&
                 keyword != "description") {
        expect(false, "the validator does not know the keyword " + keyword);
      }
    }
  }

  json root_;
  std::vector<std::string> errors_;
};

Validator SchemaOfTheDocs() {
  std::ifstream file("docs/formats/report.schema.json");
  EXPECT_TRUE(file) << "run from the checkout's root";
  return Validator(json::parse(file));
}

TEST(Json, FollowsTheSchema) {
  Validator validator = SchemaOfTheDocs();
  for (const auto& document : {TestDocument(), document::Document()}) {
    const json report = json::parse(RenderJson(document));
    for (const std::string& error : validator.Check(report)) ADD_FAILURE() << error;
  }
}

TEST(Json, TheValidatorSeesWhatIsWrong) {
  Validator validator = SchemaOfTheDocs();
  const json good = json::parse(RenderJson(TestDocument()));
  const auto broken = [&](const char* pointer, json value) {
    json report = good;
    report[json::json_pointer(pointer)] = std::move(value);
    return validator.Check(report).size();
  };
  EXPECT_EQ(broken("/schema", 1), 0u);
  EXPECT_EQ(broken("/schema", 2), 1u);
  EXPECT_EQ(broken("/input/rows", -1), 1u);
  EXPECT_EQ(broken("/input/rows", "many"), 1u);
  EXPECT_EQ(broken("/surprise", 1), 1u);
  EXPECT_EQ(broken("/sections/0/findings/0/verdict", "perhaps"), 1u);
  EXPECT_EQ(broken("/sections/0/findings/0/interval", json::array({1})), 1u);
  EXPECT_EQ(broken("/sections/5/tables/0/columns/0/unit", "furlongs"), 1u);
  json lacking = good;
  lacking["sections"][1].erase("computed");
  EXPECT_EQ(validator.Check(lacking).size(), 1u);
}

TEST(Json, KeysStandInTheOrderOfTheDocs) {
  const auto report = nlohmann::ordered_json::parse(RenderJson(TestDocument()));
  const auto keys = [](const nlohmann::ordered_json& object) {
    std::string out;
    for (const auto& [key, unused] : object.items()) out += key + " ";
    return out;
  };
  EXPECT_EQ(keys(report), "schema input traces completeness sections next run interrupted ");
  EXPECT_EQ(keys(report["input"]), "format files skipped bytes rows damaged samples graphs pairs by_kind ");
  EXPECT_EQ(keys(report["sections"][1]),
            "id title question headline findings tables figures computed ");
  EXPECT_EQ(keys(report["sections"][1]["headline"][0]),
            "name title value unit none accurate rebuild published ");
  EXPECT_EQ(
      keys(report["sections"][0]["findings"][0]),
      "id verdict claim reason evidence effect interval method source published advice saves_ns "
      "assumptions examples ");
}

TEST(Json, ValuesAsTheyAre) {
  const json report = json::parse(RenderJson(TestDocument()));
  EXPECT_EQ(report["sections"][2]["findings"][0]["interval"], json::array({0.69, 0.731}));
  EXPECT_EQ(report["sections"][4]["findings"][1]["interval"], nullptr);
  EXPECT_EQ(report["sections"][4]["findings"][1]["effect"]["value"], nullptr);
  EXPECT_EQ(report["sections"][4]["headline"][2]["value"], nullptr);
  EXPECT_EQ(report["input"]["by_kind"][3]["first"], nullptr);
  EXPECT_EQ(report["sections"][5]["tables"][0]["rows"][4][7], nullptr);
}

TEST(Json, TopLimitsRowsAndSaysHowManyThereAre) {
  const document::Document document = TestDocument();
  const auto rows = [&](const JsonOptions& options) {
    const json table = json::parse(RenderJson(document, options))["sections"][5]["tables"][0];
    EXPECT_EQ(table["rows_total"], 34);
    return table["rows"].size();
  };
  EXPECT_EQ(rows({}), 20u);
  EXPECT_EQ(rows({3}), 3u);
  EXPECT_EQ(rows({0}), 0u);
  EXPECT_EQ(rows({1000}), 34u);
  EXPECT_EQ(rows({std::nullopt}), 34u);
}

TEST(Json, SectionsKnowNothingOfTheRun) {
  document::Document there = TestDocument(), here = there;
  here.input.files = {"elsewhere.csv"};
  here.run = {99, 64, 1};
  const json a = json::parse(RenderJson(there)), b = json::parse(RenderJson(here));
  EXPECT_NE(a, b);
  for (const char* key : {"sections", "completeness", "traces"}) EXPECT_EQ(a[key], b[key]);
}

TEST(Json, BadBytesAndBadNumbers) {
  document::Document document = TestDocument();
  document.input.files = {"\xFF\xFE\x01\"\\"};
  document.sections[0].headline = {{"x",
                                    "\xED\xA0\x80",
                                    document::Unit::kShare,
                                    std::numeric_limits<double>::quiet_NaN(),
                                    {},
                                    {},
                                    {},
                                    {},
                                    true}};
  const json report = json::parse(RenderJson(document));
  EXPECT_EQ(report["input"]["files"][0], "\uFFFD\uFFFD\x01\"\\");
  EXPECT_EQ(report["sections"][0]["headline"][0]["value"], nullptr);
}

}  // namespace
}  // namespace plumbago::render
