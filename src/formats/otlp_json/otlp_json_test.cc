#include "formats/otlp_json/otlp_json.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "formats/json/testing/round_trip.h"
#include "formats/json/testing/trace_samples.h"

namespace plumbago::formats::otlp_json {
namespace {

using json::testing::DecodedSpans;

const OtlpJson kFormat;

DecodedSpans Decode(std::string_view text, size_t block_bytes = 1u << 20) {
  model::Names names;
  return json::testing::DecodeSpans(kFormat, text, block_bytes, names);
}

TEST(OtlpJson, SpansComeBack) { json::testing::ExpectRoundTrip(kFormat); }

const std::string kResource =
    R"({"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"s"}},)"
    R"({"key":"n","value":{"intValue":"1"}}]},"scopeSpans":[{"scope":{"name":"lib","version":"2"},"spans":[)"
    R"({"traceId":"000000000000000000000000000000AB","spanId":"0000000000000001","parentSpanId":"","name":"op",)"
    R"("kind":2,"startTimeUnixNano":"1700000000000000001","endTimeUnixNano":"1700000000000000011",)"
    R"("attributes":[{"key":"a","value":{"boolValue":false}}],"status":{"code":2,"message":"m"},)"
    R"("events":[{"timeUnixNano":"5","name":"e"}],"links":[{"traceId":"cd","spanId":"2"}],"unknown":{"x":[1]}}]}],)"
    R"("schemaUrl":"https://x"})";
const std::string kSpan =
    "trace 000000000000000000000000000000ab span 0000000000000001 parent 0000000000000000\n"
    "start 1700000000000000001 duration 10 name 'op' kind 2 status 2 'm' flags 0\n  'a': false\n"
    "resource 's'\n  'n': 1\nscope 'lib' '2'\nevent 5 'e'\n"
    "link 000000000000000000000000000000cd 0000000000000002 state '' flags 0\n";

TEST(OtlpJson, EveryShape) {
  const std::string data = "{\"resourceSpans\":[" + kResource + "]}";
  const std::string pretty = nlohmann::json::parse(data).dump(2);
  for (const std::string& text :
       {data + "\n" + data + "\n", "[" + data + "," + data + "]", data + data, pretty + pretty,
        pretty + "\n" + pretty, "{\"resourceSpans\":[" + kResource + "," + kResource + "]}",
        // Jaeger's API v3, Tempo's v1 and v2.
        "{\"result\":{\"resourceSpans\":[" + kResource + "," + kResource + "]}}",
        "{\"batches\":[" + kResource + "," + kResource + "]}",
        "{\"trace\":{\"resourceSpans\":[" + kResource + "," + kResource +
            "]},\"metrics\":{\"x\":\"1\"},\"status\":\"PARTIAL\"}",
        kResource + "\n" + kResource + "\n"}) {
    EXPECT_EQ(kFormat.Sniff(text, ""), Match::kYes) << text;
    for (const size_t block_bytes : {text.size() + 1, size_t{1}, size_t{300}}) {
      const DecodedSpans read = Decode(text, block_bytes);
      EXPECT_EQ(read.malformed, 0u) << read.example << "\n" << text;
      ASSERT_EQ(read.spans.size(), 2u) << text;
      for (const std::string& span : read.spans) EXPECT_EQ(span, kSpan) << text;
    }
  }
}

std::string One(const std::string& members) {
  const DecodedSpans read =
      Decode(R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"ab","spanId":"1",)" +
             members + "}]}]}]}");
  EXPECT_EQ(read.malformed, 0u) << read.example;
  return read.spans.size() == 1 ? read.spans[0] : "";
}
void Has(const std::string& members, const std::string& wanted) {
  const std::string text = One(members);
  EXPECT_NE(text.find(wanted), text.npos) << text;
}

TEST(OtlpJson, Leniences) {
  Has(R"("kind":"SPAN_KIND_CONSUMER","status":{"code":"STATUS_CODE_ERROR"})", "kind 5 status 2");
  Has(R"("kind":3,"status":{"code":1})", "kind 3 status 1");
  Has(R"("kind":"SPAN_KIND_SERVER","status":{})", "kind 2 status 0");
  Has(R"("kind":99,"status":null)", "kind 0 status 0");
  Has(R"("startTimeUnixNano":1700000000000000001,"endTimeUnixNano":1700000000000000002)",
      "start 1700000000000000001 duration 1 ");
  Has(R"("startTimeUnixNano":"20","endTimeUnixNano":"10")", "start 20 duration -10 ");
  Has(R"("name":null,"attributes":null,"events":null,"links":null)", "name ''");
  Has(R"("attributes":[{"key":"k","value":{"intValue":5}},{"key":"l","value":{"doubleValue":1}},)"
      R"({"key":"m"},{"key":"o","value":{"arrayValue":{"values":[{"intValue":5}]}}}])",
      "  'k': 5\n  'l': 1.000000e+00=3ff0000000000000\n  'm': ''\n"
      "  'o': json '{\"arrayValue\":{\"values\":[{\"intValue\":\"5\"}]}}'\n");
  // Ids: Tempo's base64, hex without zeros in front.
  const DecodedSpans tempo = Decode(
      R"({"batches":[{"resource":{},"scopeSpans":[{"spans":[{"traceId":"AAAAAAAAAAAABTJTx/mFjQ==",)"
      R"("spanId":"F6zNR3IUasg=","parentSpanId":"NDAIuknOGOI=","kind":"SPAN_KIND_CLIENT"}]}]}]})");
  ASSERT_EQ(tempo.spans.size(), 1u) << tempo.example;
  EXPECT_TRUE(
      tempo.spans[0].starts_with("trace 000000000000000000053253c7f9858d span "
                                 "17accd4772146ac8 parent 343008ba49ce18e2"))
      << tempo.spans[0];
  // What stands behind what it is needed for.
  const DecodedSpans behind = Decode(
      R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"ab","spanId":"1"}],"scope":{"name":"l"}}],)"
      R"("resource":{"attributes":[{"key":"service.name","value":{"stringValue":"s"}}]}},)"
      R"({"instrumentationLibrarySpans":[{"spans":[{"traceId":"ab","spanId":"2"}],)"
      R"("instrumentationLibrary":{"name":"old"}}],"resource":{}}]})");
  ASSERT_EQ(behind.spans.size(), 2u) << behind.example;
  EXPECT_NE(behind.spans[0].find("resource 's'\nscope 'l' ''"), std::string::npos);
  EXPECT_NE(behind.spans[1].find("resource ''\nscope 'old' ''"), std::string::npos);
  // A service's name that is no text is an attribute like others.
  EXPECT_NE(
      Decode(R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":)"
             R"({"intValue":"5"}}]},"scopeSpans":[{"spans":[{"traceId":"ab","spanId":"1"}]}]}]})")
          .spans.at(0)
          .find("resource ''\n  'service.name': 5"),
      std::string::npos);
}

TEST(OtlpJson, DamageCostsItself) {
  const std::string good = "{\"resourceSpans\":[" + kResource + "]}";
  const auto span = [](const std::string& members) {
    return R"({"resourceSpans":[{"scopeSpans":[{"spans":[{)" + members + R"(}]}]}]})";
  };
  struct Bad {
    std::string text;
    uint64_t column;
    std::string message;
  };
  for (const Bad& bad : std::vector<Bad>{
           {span(R"("traceId":"","spanId":"1")"), 44, "expected a span with a traceId"},
           {span(R"("traceId":"ab","spanId":"")"), 44, "expected a span with a spanId"},
           {span(R"("traceId":"ab","spanId":"xyz")"), 69, "expected a span's id of 16 hex digits"},
           {span(R"("traceId":"ab","spanId":"1","startTimeUnixNano":"x")"), 93,
            "expected a number, found '\"x\"}"},
           {good.substr(0, good.size() - 3), good.size() - 2, "expected , or }, found the end"},
           {good.substr(0, 200), 201, "expected the end of a text, found the end of the line"},
       }) {
    const DecodedSpans read = Decode(good + "\n" + bad.text + "\n" + good + "\n");
    EXPECT_EQ(read.malformed, 1u) << bad.text;
    EXPECT_GE(read.spans.size(), 2u) << bad.text;
    EXPECT_TRUE(read.example.starts_with(bad.message)) << read.example;
    EXPECT_EQ(read.example_line, 2u);
    EXPECT_EQ(read.example_column, bad.column) << read.example;
  }
  const DecodedSpans cut =
      Decode("{\n\"resourceSpans\":[\n" + kResource + ",\n" + kResource.substr(0, 400));
  EXPECT_EQ(cut.spans.size(), 1u);
  EXPECT_EQ(cut.malformed, 1u);
}

TEST(OtlpJson, Sniffs) {
  EXPECT_EQ(kFormat.Sniff("{\"resourceSpans\":[", ""), Match::kYes);
  EXPECT_EQ(kFormat.Sniff("{\"batches\":[]}", ""), Match::kMaybe);
  EXPECT_EQ(kFormat.Sniff("{\"data\":[{\"traceID\":\"a\",\"spans\":[]}]}", ""), Match::kNo);
  EXPECT_EQ(kFormat.Sniff(R"([{"traceId":"a","id":"1","tags":{"resource":"x"}}])", ""), Match::kNo);
}

TEST(OtlpJson, RealTraces) {
  for (const std::string name : {"tempo-made-block1", "tempo-made-union"}) {
    const std::string text = json::testing::ReadTraces(name + ".otlp.jsonl.zst");
    if (text.empty()) {
      const char* ci = std::getenv("CI");
      if (ci != nullptr && std::string_view(ci) == "true") FAIL() << "no sample data";
      GTEST_SKIP() << "no sample data (" << name << "): set PLUMBAGO_DATA";
    }
    const DecodedSpans read = Decode(text);
    EXPECT_EQ(read.malformed, 0u) << read.example;
    EXPECT_EQ(read.spans.size(), name == "tempo-made-block1" ? 676u : 786u);
    size_t next = 0;
    for (size_t begin = 0; begin < text.size();) {
      const size_t end = text.find('\n', begin);
      const auto line = nlohmann::json::parse(text.substr(begin, end - begin));
      for (const auto& resource : line["resourceSpans"]) {
        for (const auto& scope : resource["scopeSpans"]) {
          for (const auto& span : scope["spans"]) {
            ASSERT_LT(next, read.spans.size());
            const std::string parent = span.value("parentSpanId", "");
            ASSERT_TRUE(read.spans[next++].starts_with(
                fmt::format("trace {} span {} parent {:0>16}\nstart {} duration ",
                            span["traceId"].get<std::string>(), span["spanId"].get<std::string>(),
                            parent, span["startTimeUnixNano"].get<std::string>())));
          }
        }
      }
      begin = end + 1;
    }
    EXPECT_EQ(next, read.spans.size());
  }
}

}  // namespace
}  // namespace plumbago::formats::otlp_json
