// For tests: spans as JSON that can be compared, from files through a format and from the oracles
// beside the sample data (OTLP JSON, a trace a line).
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "formats/format.h"
#include "formats/json/testing/trace_samples.h"
#include "formats/json/text_writer.h"
#include "formats/spans/span_details.h"
#include "formats/spans/span_ids.h"
#include "store/duckdb_library.h"

namespace plumbago::store::testing {

using formats::json::testing::ReadTraces;
using nlohmann::json;

inline bool InCi() {
  const char* ci = std::getenv("CI");
  return ci != nullptr && std::string_view(ci) == "true";
}

// Skips where DuckDB's library is not to be had, but fails where CI=true says that it is.
#define PLUMBAGO_DUCKDB_OR_SKIP()                                      \
  if (const auto api = DuckDbApi(); !api) {                            \
    if (testing::InCi()) FAIL() << api.error().Text();                 \
    GTEST_SKIP() << "no libduckdb: ./dev test fetches it (needs npm)"; \
  }                                                                    \
  static_assert(true)

inline std::string TracePath(const std::string& name) {
  const char* folder = std::getenv("PLUMBAGO_DATA");
  return std::string(folder != nullptr ? folder : "../shared/data") + "/traces/" + name;
}
#define PLUMBAGO_TRACES_OR_SKIP(name)                                     \
  if (!std::filesystem::exists(testing::TracePath(name))) {               \
    if (testing::InCi()) FAIL() << "no sample data: " << name;            \
    GTEST_SKIP() << "no sample data (" << name << "): set PLUMBAGO_DATA"; \
  }                                                                       \
  static_assert(true)

inline json AnyValue(const formats::spans::Value& value) {
  std::string text;
  formats::json::AppendAnyValue(value, text);
  return json::parse(text);
}
// As an object by key, so that the order does not count.
inline json Attributes(std::span<const formats::spans::Attribute> attributes) {
  json object = json::object();
  for (const auto& a : attributes) object[std::string(a.key)] = AnyValue(a.value);
  return object;
}

inline json SpanJson(const formats::spans::Span& span) {
  json out;
  std::string text;
  formats::spans::AppendTraceId(span.trace, text);
  out["trace"] = text;
  const auto id = [](uint64_t number) {
    std::string digits;
    if (number != 0) formats::spans::AppendSpanId(number, digits);
    return digits;
  };
  out["span"] = id(span.id);
  out["parent"] = id(span.parent);
  out["name"] = std::string(span.name);
  out["kind"] = static_cast<int>(span.kind);
  out["start"] = span.start_ns;
  out["duration"] = span.duration_ns;
  out["status"] = static_cast<int>(span.status);
  out["message"] = std::string(span.status_message);
  out["state"] = std::string(span.trace_state);
  out["attributes"] = Attributes(span.attributes);
  out["resource"] = Attributes(span.resource->attributes);
  if (!span.resource->service.empty())
    out["resource"]["service.name"] = {{"stringValue", std::string(span.resource->service)}};
  out["scope"] = span.scope == nullptr ? "" : std::string(span.scope->name);
  out["scope_version"] = span.scope == nullptr ? "" : std::string(span.scope->version);
  out["scope_attributes"] =
      span.scope == nullptr ? json::object() : Attributes(span.scope->attributes);
  out["dropped"] = {span.dropped_attributes, span.dropped_events, span.dropped_links};
  out["events"] = json::array();
  for (const auto& event : span.events) {
    out["events"].push_back({{"time", event.time_ns},
                             {"name", std::string(event.name)},
                             {"dropped", event.dropped_attributes},
                             {"attributes", Attributes(event.attributes)}});
  }
  out["links"] = json::array();
  for (const auto& link : span.links) {
    std::string trace;
    formats::spans::AppendTraceId(link.trace, trace);
    out["links"].push_back({{"trace", trace},
                            {"span", id(link.span)},
                            {"state", std::string(link.trace_state)},
                            {"dropped", link.dropped_attributes},
                            {"attributes", Attributes(link.attributes)}});
  }
  return out;
}

// What one file holds.
struct Decoded {
  std::vector<std::string> spans;  // SpanJson, sorted
  std::vector<model::CallBatch> batches;
  model::DamageCounts damage;
  uint64_t lines = 0;
};

class KeepBatches final : public formats::BatchSink {
 public:
  explicit KeepBatches(std::vector<model::CallBatch>& batches) : batches_(batches) {}
  void Accept(model::CallBatch& batch) override { batches_.push_back(batch); }

 private:
  std::vector<model::CallBatch>& batches_;
};

// Fills `spans` from the batches and their details.
inline void AddSpans(const model::Names& names, Decoded& decoded) {
  formats::spans::RestoredSpan restored;
  for (const model::CallBatch& batch : decoded.batches) {
    for (const model::Call& call : batch.calls) {
      EXPECT_TRUE(restored.Restore(call, batch.Details(call), names));
      decoded.spans.push_back(SpanJson(restored.span()).dump());
    }
  }
  std::sort(decoded.spans.begin(), decoded.spans.end());
}

inline Result<Decoded> Decode(const formats::Format& format, const std::string& path,
                              model::Names& names, bool details = true) {
  ASSIGN_OR_RETURN(const auto decoder, format.Open("PAR1", path));
  Decoded decoded;
  KeepBatches sink(decoded.batches);
  model::NameCaches caches(names);
  for (uint32_t piece = 0; piece < decoder->pieces(); ++piece) {
    formats::DecodeContext context{caches, decoded.damage, sink, details};
    formats::Block block;
    block.index = piece;
    block.piece = piece;
    block.decoder = decoder.get();
    decoder->Decode(block, context);
    decoded.lines += context.lines;
  }
  if (details) AddSpans(names, decoded);
  return decoded;
}

// A text through a format, as one block.
inline Result<Decoded> DecodeText(const formats::Format& format, std::string text,
                                  model::Names& names) {
  const size_t size = text.size();
  text.append(64, '\0');
  const std::string_view whole = std::string_view(text).substr(0, size);
  ASSIGN_OR_RETURN(const auto decoder, format.Open(whole.substr(0, 64u << 10), "text"));
  Decoded decoded;
  KeepBatches sink(decoded.batches);
  model::NameCaches caches(names);
  formats::DecodeContext context{caches, decoded.damage, sink, true};
  formats::Block block;
  block.first = true;
  block.text = whole;
  block.decoder = decoder.get();
  decoder->Decode(block, context);
  decoded.lines = context.lines;
  AddSpans(names, decoded);
  return decoded;
}

// --- oracles

inline json OracleAttributes(const json& of) {
  json object = json::object();
  for (const json& a : of.value("attributes", json::array())) object[a.at("key")] = a.at("value");
  return object;
}
inline int64_t Number(const json& of, const char* key) {
  if (!of.contains(key)) return 0;
  const json& value = of.at(key);
  return value.is_string() ? std::stoll(value.get<std::string>()) : value.get<int64_t>();
}

// Spans of OTLP JSON lines, as SpanJson gives them, sorted.
inline std::vector<std::string> OracleSpans(const std::string& text) {
  std::vector<std::string> spans;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const json document = json::parse(line);
    for (const json& resource_spans : document.at("resourceSpans")) {
      const json resource = OracleAttributes(resource_spans.value("resource", json::object()));
      for (const json& scope_spans : resource_spans.at("scopeSpans")) {
        const json scope = scope_spans.value("scope", json::object());
        for (const json& span : scope_spans.at("spans")) {
          json out;
          out["trace"] = span.at("traceId");
          out["span"] = span.at("spanId");
          out["parent"] = span.value("parentSpanId", "");
          out["name"] = span.value("name", "");
          out["kind"] = span.value("kind", 0);
          const int64_t start = Number(span, "startTimeUnixNano");
          out["start"] = start;
          out["duration"] = Number(span, "endTimeUnixNano") - start;
          const json status = span.value("status", json::object());
          out["status"] = status.value("code", 0);
          out["message"] = status.value("message", "");
          out["state"] = span.value("traceState", "");
          out["attributes"] = OracleAttributes(span);
          out["resource"] = resource;
          out["scope"] = scope.value("name", "");
          out["scope_version"] = scope.value("version", "");
          out["scope_attributes"] = OracleAttributes(scope);
          out["dropped"] = {Number(span, "droppedAttributesCount"),
                            Number(span, "droppedEventsCount"), Number(span, "droppedLinksCount")};
          out["events"] = json::array();
          for (const json& event : span.value("events", json::array())) {
            out["events"].push_back({{"time", Number(event, "timeUnixNano")},
                                     {"name", event.value("name", "")},
                                     {"dropped", Number(event, "droppedAttributesCount")},
                                     {"attributes", OracleAttributes(event)}});
          }
          out["links"] = json::array();
          for (const json& link : span.value("links", json::array())) {
            out["links"].push_back({{"trace", link.at("traceId")},
                                    {"span", link.at("spanId")},
                                    {"state", link.value("traceState", "")},
                                    {"dropped", Number(link, "droppedAttributesCount")},
                                    {"attributes", OracleAttributes(link)}});
          }
          spans.push_back(out.dump());
        }
      }
    }
  }
  std::sort(spans.begin(), spans.end());
  return spans;
}

// Values as the exporter to ClickHouse writes them: all are texts.
inline std::string AsText(const json& any) {
  if (any.contains("stringValue")) return any["stringValue"];
  if (any.contains("intValue")) {
    const json& v = any["intValue"];
    return v.is_string() ? v.get<std::string>() : v.dump();
  }
  if (any.contains("boolValue")) return any["boolValue"].get<bool>() ? "true" : "false";
  return any.dump();
}

inline void ExpectSameSpans(const std::vector<std::string>& got,
                            const std::vector<std::string>& wanted) {
  EXPECT_EQ(got.size(), wanted.size());
  size_t shown = 0;
  for (size_t i = 0; i < got.size() && i < wanted.size() && shown < 3; ++i) {
    if (got[i] == wanted[i]) continue;
    ++shown;
    EXPECT_EQ(got[i], wanted[i]);
  }
}

}  // namespace plumbago::store::testing
