#include "store/clickhouse/table_json.h"

#include <gtest/gtest.h>

#include "store/testing/clickhouse_oracle.h"

namespace plumbago::store::clickhouse {
namespace {

using store::testing::DecodeText;
using store::testing::json;
namespace testing = store::testing;

json Only(const std::string& text) {
  model::Names names;
  EXPECT_EQ(TableJson().Sniff(text, "x"), formats::Match::kYes) << text;
  const auto decoded = DecodeText(TableJson(), text, names);
  EXPECT_TRUE(decoded);
  EXPECT_EQ(decoded->spans.size(), 1u);
  EXPECT_EQ(decoded->damage.Count(model::Damage::kMalformed), 0u);
  return decoded->spans.empty() ? json() : json::parse(decoded->spans[0]);
}

TEST(ClickHouseJson, RowsOfTheExporter) {
  PLUMBAGO_TRACES_OR_SKIP("clickhouse");
  const std::string text = testing::ReadTraces("clickhouse/otel_traces.jsonl.zst");
  EXPECT_EQ(TableJson().Sniff(std::string_view(text).substr(0, 4096), "x"), formats::Match::kYes);
  model::Names names;
  const auto decoded = DecodeText(TableJson(), text, names);
  ASSERT_TRUE(decoded);
  testing::ExpectBlockOneAsTexts(decoded->spans);
  EXPECT_EQ(decoded->lines, 676u);
  EXPECT_EQ(decoded->damage.Count(model::Damage::kWrongTime), 1u);
  EXPECT_EQ(decoded->damage.Count(model::Damage::kMalformed), 0u);
}

// Old spellings, numbers as texts, a time with a zone, JSON columns with dots unfolded.
TEST(ClickHouseJson, OtherSettingsOfTheServer) {
  const json span = Only(
      R"({"Timestamp":"2022-06-20T21:09:16.935625001Z","TraceId":"0af7651916cd43dd8448eb211c80319c",)"
      R"("SpanId":"b7ad6b7169203331","ParentSpanId":"00f067aa0ba902b7","SpanName":"GET \/a",)"
      R"("SpanKind":"SPAN_KIND_SERVER","ServiceName":"cart","ResourceAttributes":{"service":)"
      R"({"name":"cart"},"host":{"name":"h1"}},"SpanAttributes":{"http":{"status_code":200,)"
      R"("route":"\/a"},"tags":["x"],"ok":true},"Duration":"18446744073709551615",)"
      R"("StatusCode":"STATUS_CODE_ERROR","Events.Timestamp":["1655759356.5"],)"
      R"("Events.Name":["e"],"Events.Attributes":[{"k":"v"}]})");
  EXPECT_EQ(span["trace"], "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(span["start"], 1655759356'935625001);
  EXPECT_EQ(span["duration"], -1);  // it has wrapped
  EXPECT_EQ(span["kind"], 2);
  EXPECT_EQ(span["status"], 2);
  EXPECT_EQ(span["name"], "GET /a");
  EXPECT_EQ(span["resource"], json::parse(R"({"service.name":{"stringValue":"cart"},)"
                                          R"("host.name":{"stringValue":"h1"}})"));
  EXPECT_EQ(span["attributes"],
            json::parse(R"({"http.status_code":{"intValue":"200"},"http.route":)"
                        R"({"stringValue":"/a"},"tags":{"stringValue":"[\"x\"]"},)"
                        R"("ok":{"boolValue":true}})"));
  EXPECT_EQ(span["events"][0]["time"], 1655759356'500000000);
  EXPECT_EQ(span["events"][0]["attributes"]["k"]["stringValue"], "v");
}

TEST(ClickHouseJson, SigNoz) {
  const json span = Only(
      R"({"timestamp":"2024-01-02 03:04:05.000000006","trace_id":"0af7651916cd43dd8448eb211c80319c",)"
      R"("span_id":"b7ad6b7169203331","parent_span_id":"","name":"f","kind":3,"kind_string":"Client",)"
      R"("duration_nano":"42","status_code":2,"attributes_string":{"a":"b"},"attributes_number":)"
      R"({"n":1.5},"attributes_bool":{"t":true},"resource":{"service":{"name":"pay"}},)"
      R"("events":["{\"name\":\"e\",\"timeUnixNano\":7,\"attributeMap\":{\"x\":\"y\"}}"],"links":"[]"})");
  EXPECT_EQ(span["kind"], 3);
  EXPECT_EQ(span["duration"], 42);
  EXPECT_EQ(span["status"], 2);
  EXPECT_EQ(span["resource"]["service.name"]["stringValue"], "pay");
  EXPECT_EQ(span["attributes"].size(), 3u);
  EXPECT_EQ(span["events"][0]["name"], "e");
  EXPECT_EQ(span["events"][0]["time"], 7);
  EXPECT_EQ(span["events"][0]["attributes"]["x"]["stringValue"], "y");
}

TEST(ClickHouseJson, Jaeger) {
  const json span = Only(
      R"({"id":"b7ad6b7169203331","trace_id":"0af7651916cd43dd8448eb211c80319c","parent_span_id":"",)"
      R"("name":"f","kind":"server","start_time":"2024-01-02 03:04:05.000000006","duration":9,)"
      R"("status_code":"Error","service_name":"ship","str_attributes.key":["a"],)"
      R"("str_attributes.value":["b"],"int_attributes.key":["n"],"int_attributes.value":["1"],)"
      R"("resource_str_attributes.key":["host.name"],"resource_str_attributes.value":["h"]})");
  EXPECT_EQ(span["kind"], 2);
  EXPECT_EQ(span["duration"], 9);
  EXPECT_EQ(span["status"], 2);
  EXPECT_EQ(span["resource"]["service.name"]["stringValue"], "ship");
  EXPECT_EQ(span["resource"]["host.name"]["stringValue"], "h");
  EXPECT_EQ(span["attributes"]["a"]["stringValue"], "b");
  EXPECT_EQ(span["attributes"]["n"]["stringValue"], "1");
}

// Found by the fuzzer: values without keys took those of a row before, of a block that was gone.
TEST(ClickHouseJson, ValuesWithoutKeysHaveNoName) {
  const std::string head = R"({"id":"2","trace_id":"1","start_time":"1","duration":1,)";
  model::Names names;
  const auto decoded =
      DecodeText(TableJson(),
                 head + R"("str_attributes.key":["a"],"str_attributes.value":["b"]})" + "\n" +
                     head + R"("str_attributes.value":["c"],"int_attributes.value":[1]})",
                 names);
  ASSERT_TRUE(decoded);
  ASSERT_EQ(decoded->spans.size(), 2u);
  EXPECT_EQ(json::parse(decoded->spans[0])["attributes"].size() +
                json::parse(decoded->spans[1])["attributes"].size(),
            1u);
}

// FORMAT JSON: one document.
TEST(ClickHouseJson, Document) {
  const std::string row =
      R"({"Timestamp":"2022-06-20 21:09:16","TraceId":"1","SpanId":"2","SpanName":"f"})";
  model::Names names;
  const std::string text = "{\n\"meta\":[{\"name\":\"TraceId\"}],\n\"data\":[\n" + row + ",\n" +
                           row + "\n],\n\"rows\":2}";
  const auto decoded = DecodeText(TableJson(), text, names);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->spans.size(), 2u);
}

TEST(ClickHouseJson, BadRowsAreCounted) {
  const std::string text =
      R"({"Timestamp":"2022-06-20 21:09:16","TraceId":"1","SpanId":"2","SpanName":"f"})"
      "\n"
      R"({"Timestamp":"yesterday","TraceId":"1","SpanId":"3","SpanName":"f"})"
      "\n"
      R"({"Timestamp":"2022-06-20 21:09:16","TraceId":"","SpanId":"4","SpanName":"f"})"
      "\n"
      R"({"Timestamp":"2022-06-20 21:09:16","TraceId":"1","SpanId":"0","SpanName":"f"})"
      "\n"
      R"({"Timestamp":12)"
      "\n"
      R"({"Timestamp":"2022-06-20 21:09:16","TraceId":"1","SpanId":"5","SpanName":"f"})";
  model::Names names;
  const auto decoded = DecodeText(TableJson(), text, names);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->spans.size(), 2u);
  EXPECT_EQ(decoded->damage.Count(model::Damage::kMalformed), 4u);
  EXPECT_EQ(decoded->batches[0].calls[1].origin.line, 5u);
}

}  // namespace
}  // namespace plumbago::store::clickhouse
