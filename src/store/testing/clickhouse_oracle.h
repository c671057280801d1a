// For tests: the spans of tempo-made-block1 as a table of the exporter holds them: values are
// texts.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "store/testing/decoded_spans.h"

namespace plumbago::store::testing {

// The oracle's values as texts, but for what JSON can write in several ways.
inline std::string Loosened(const std::string& text) {
  json span = json::parse(text);
  const auto loosen = [](json& attributes) {
    for (auto& [key, value] : attributes.items()) {
      if (value.contains("arrayValue") || value.contains("kvlistValue") ||
          value.contains("bytesValue") || value.contains("doubleValue")) {
        value = "other";
      } else {
        value = AsText(value);
      }
    }
  };
  loosen(span["attributes"]);
  loosen(span["resource"]);
  for (json& event : span["events"]) loosen(event["attributes"]);
  for (json& link : span["links"]) loosen(link["attributes"]);
  span["dropped"] = json::array();
  for (json& event : span["events"]) event["dropped"] = 0;
  for (json& link : span["links"]) link["dropped"] = 0;
  span["scope_attributes"] = json::object();
  return span.dump();
}

inline void ExpectBlockOneAsTexts(const std::vector<std::string>& spans) {
  std::vector<std::string> wanted, got;
  for (const std::string& span : OracleSpans(ReadTraces("tempo-made-block1.otlp.jsonl.zst"))) {
    wanted.push_back(Loosened(span));
  }
  std::sort(wanted.begin(), wanted.end());
  // Where the oracle has no plain value, any text will do here.
  ASSERT_EQ(spans.size(), wanted.size());
  std::map<std::string, json> by_id;
  for (const std::string& text : wanted) {
    const json span = json::parse(text);
    by_id[span["trace"].get<std::string>() + span["span"].get<std::string>() +
          span["kind"].dump()] = span;
  }
  EXPECT_EQ(by_id.size(), 676u);
  size_t others = 0;
  for (const std::string& text : spans) {
    json span = json::parse(text);
    const json& other = by_id[span["trace"].get<std::string>() + span["span"].get<std::string>() +
                              span["kind"].dump()];
    const auto blank = [&](json& attributes, const json& like) {
      for (auto& [key, value] : attributes.items()) {
        value = AsText(value);
        if (like.contains(key) && like[key] == "other") {
          ++others;
          value = "other";
        }
      }
    };
    blank(span["attributes"], other["attributes"]);
    blank(span["resource"], other["resource"]);
    for (size_t i = 0; i < span["events"].size(); ++i)
      blank(span["events"][i]["attributes"], other["events"][i]["attributes"]);
    for (size_t i = 0; i < span["links"].size(); ++i)
      blank(span["links"][i]["attributes"], other["links"][i]["attributes"]);
    span["dropped"] = json::array();
    got.push_back(span.dump());
  }
  std::sort(got.begin(), got.end());
  ExpectSameSpans(got, wanted);
  EXPECT_GT(others, 0u);
}

}  // namespace plumbago::store::testing
