#include "formats/jaeger/jaeger.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "base/archive.h"
#include "formats/json/testing/round_trip.h"
#include "formats/json/testing/trace_samples.h"

namespace plumbago::formats::jaeger {
namespace {

using json::testing::DecodedSpans;

const Jaeger kFormat;

DecodedSpans Decode(std::string_view text, size_t block_bytes = 1u << 20) {
  model::Names names;
  return json::testing::DecodeSpans(kFormat, text, block_bytes, names);
}

TEST(Jaeger, SpansComeBack) { json::testing::ExpectRoundTrip(kFormat); }

const std::string kTrace =
    R"({"traceID":"ab","spans":[)"
    R"({"traceID":"ab","spanID":"1","operationName":"GET /","references":[],"startTime":1700000000000001,)"
    R"("duration":500,"tags":[{"key":"span.kind","type":"string","value":"server"},)"
    R"({"key":"n","type":"int64","value":7},{"key":"r","type":"float64","value":1},)"
    R"({"key":"b","type":"bool","value":true},{"key":"x","type":"binary","value":"AQI="}],)"
    R"("logs":[{"timestamp":1700000000000002,"fields":[{"key":"event","type":"string","value":"hit"},)"
    R"({"key":"k","type":"string","value":"v"}]}],"processID":"p1","flags":1,"warnings":null},)"
    R"({"traceID":"ab","spanID":"2","operationName":"q","references":[{"refType":"CHILD_OF","traceID":"ab",)"
    R"("spanID":"1"}],"startTime":1700000000000003,"duration":5,"tags":[{"key":"error","type":"bool",)"
    R"("value":true}],"logs":[],"processID":"p2"}],)"
    R"("processes":{"p1":{"serviceName":"front","tags":[{"key":"hostname","type":"string","value":"h1"}]},)"
    R"("p2":{"serviceName":"back"}}})";

const std::vector<std::string> kSpans = {
    "trace 000000000000000000000000000000ab span 0000000000000001 parent 0000000000000000\n"
    "start 1700000000000001000 duration 500000 name 'GET /' kind 2 status 0 '' flags 1\n"
    "  'n': 7\n  'r': 1.000000e+00=3ff0000000000000\n  'b': true\n  'x': bytes '\\01\\02'\n"
    "resource 'front'\n  'hostname': 'h1'\nevent 1700000000000002000 'hit'\n  'k': 'v'\n",
    "trace 000000000000000000000000000000ab span 0000000000000002 parent 0000000000000001\n"
    "start 1700000000000003000 duration 5000 name 'q' kind 0 status 2 '' flags 0\n"
    "  'error': true\nresource 'back'\n"};

TEST(Jaeger, EveryShape) {
  const std::string pretty = nlohmann::json::parse(kTrace).dump(4);
  const std::string document =
      "{\"data\":[" + kTrace + "," + kTrace + "],\"total\":0,\"errors\":null}";
  for (const std::string& text :
       {kTrace + "\n" + kTrace + "\n", kTrace + "\r\n\n" + kTrace,
        "[" + kTrace + "," + kTrace + "]", document, nlohmann::json::parse(document).dump(2),
        pretty + "\n" + pretty + "\n", pretty + pretty, "[" + pretty + "," + pretty + "]",
        kTrace + kTrace, "{\"data\":[" + kTrace + "]}\n{\"data\":[" + kTrace + "]}\n",
        "{\"data\":[" + kTrace + "]}{\"data\":[" + kTrace + "]}",
        "[{\"data\":[" + kTrace + "]},{\"data\":[" + kTrace + "]}]",
        "{\"data\":[\n" + kTrace + ",\n" + kTrace + "\n]}\n"}) {
    for (const size_t block_bytes : {text.size() + 1, size_t{1}, size_t{100}, size_t{1500}}) {
      const DecodedSpans read = Decode(text, block_bytes);
      EXPECT_EQ(read.malformed, 0u) << read.example << "\n" << text;
      ASSERT_EQ(read.spans.size(), 4u) << text;
      for (size_t i = 0; i < 4; ++i) EXPECT_EQ(read.spans[i], kSpans[i % 2]) << text;
    }
  }
  EXPECT_EQ(Decode(kTrace + "\n" + kTrace).span_lines, (std::vector<uint64_t>{1, 1, 2, 2}));
  EXPECT_EQ(Decode("{\"data\":[\n" + kTrace + ",\n" + kTrace + "\n]}\n", 100).span_lines,
            (std::vector<uint64_t>{2, 2, 3, 3}));
  EXPECT_TRUE(Decode("{\"data\":[],\"errors\":null}\n").spans.empty());
}

// A span with `more` members.
std::string OneSpan(const std::string& more) {
  return R"({"traceID":"ab","spans":[{"traceID":"ab","spanID":"2")" + more +
         R"(}],"processes":{"p1":{"serviceName":"s"}}})";
}
std::string FirstLine(const std::string& more) {
  const DecodedSpans read = Decode(OneSpan(more));
  EXPECT_EQ(read.spans.size(), 1u) << more << read.example;
  return read.spans.empty() ? "" : read.spans[0].substr(0, read.spans[0].find("\nresource"));
}

TEST(Jaeger, Parents) {
  const auto parent = [](const std::string& references) {
    const std::string text = FirstLine("," + references);
    return text.substr(text.find("parent ") + 7, 16) +
           (text.find("follows_from") != text.npos ? "f" : "");
  };
  EXPECT_EQ(parent(R"("parentSpanID":"a")"), "000000000000000a");
  EXPECT_EQ(parent(R"("parentSpanID":"0")"), "0000000000000000");
  EXPECT_EQ(parent(R"("references":[{"refType":"FOLLOWS_FROM","traceID":"ab","spanID":"c"}])"),
            "000000000000000cf");
  // CHILD_OF first, and only of the same trace.
  EXPECT_EQ(parent(R"("references":[{"refType":"CHILD_OF","traceID":"ff","spanID":"b"},)"
                   R"({"refType":"FOLLOWS_FROM","traceID":"ab","spanID":"c"},)"
                   R"({"refType":"CHILD_OF","traceID":"ab","spanID":"d"},)"
                   R"({"refType":"CHILD_OF","traceID":"ab","spanID":"e"}])"),
            "000000000000000d");
  const DecodedSpans read =
      Decode(OneSpan(R"(,"references":[{"refType":"CHILD_OF","traceID":"ff","spanID":"b"},)"
                     R"({"refType":"CHILD_OF","traceID":"ab","spanID":"d"}])"));
  EXPECT_NE(read.spans.at(0).find("link 000000000000000000000000000000ff 000000000000000b state '' "
                                  "flags 0 child_of"),
            std::string::npos);
  // Ids of hand-made files are any text.
  EXPECT_EQ(parent(R"("parentSpanID":"G")"),
            Decode(R"({"traceID":"ab","spans":[{"spanID":"G"}],"processes":{}})")
                .spans[0]
                .substr(44, 16));
}

TEST(Jaeger, TagsThatAreMembers) {
  const auto with = [](const std::string& tags) { return FirstLine(",\"tags\":[" + tags + "]"); };
  const auto has = [&](const std::string& tags, const std::string& wanted) {
    const std::string text = with(tags);
    EXPECT_NE(text.find(wanted), text.npos) << text;
  };
  has(R"({"key":"otel.status_code","type":"string","value":"ERROR"},{"key":"error","type":"bool","value":true},)"
      R"({"key":"otel.status_description","type":"string","value":"no"})",
      "kind 0 status 2 'no' flags 0");
  EXPECT_EQ(
      with(
          R"({"key":"otel.status_code","type":"string","value":"ERROR"},{"key":"error","type":"bool","value":true})")
          .find("'error'"),
      std::string::npos);
  has(R"({"key":"otel.status_code","type":"string","value":"OK"})", "status 1");
  has(R"({"key":"error","type":"string","value":"true"})", "status 2");
  has(R"({"key":"error","type":"bool","value":false})", "status 0");
  has(R"({"key":"span.kind","type":"string","value":"producer"})", "kind 4");
  has(R"({"key":"span.kind","type":"string","value":"odd"})", "'span.kind': 'odd'");
  has(R"({"key":"w3c.tracestate","type":"string","value":"a=b"})", "state 'a=b'");
  // Types as Elasticsearch changes them, types that are missing, a type behind its value.
  has(R"({"key":"n","type":"int64","value":"7"})", "'n': 7");
  has(R"({"key":"n","value":7},{"key":"m","value":true},{"key":"t","value":"x"})",
      "'n': 7\n  'm': true\n  't': 'x'");
  has(R"({"key":"n","value":"7","type":"int64"},{"key":"s","type":"string","value":5})",
      "'n': 7\n  's': '5'");
}

TEST(Jaeger, DocumentsOfElasticsearch) {
  const std::string span =
      R"({"traceID":"ab","spanID":"2","parentSpanID":"1","operationName":"q","startTime":5,"startTimeMillis":0,)"
      R"("duration":7,"tags":[],"tag":{"http@method":"GET","n":3},"logs":[],"process":{"serviceName":"s",)"
      R"("tags":[{"key":"ip","type":"string","value":"10.0.0.1"}]}})";
  const std::string hit = R"({"_index":"jaeger-span-2026-01-01","_id":"x","_source":)" + span + "}";
  for (const std::string& text :
       {span + "\n" + span + "\n", hit + "\n" + hit + "\n",
        R"({"took":1,"hits":{"total":{"value":2},"hits":[)" + hit + "," + hit + "]}}"}) {
    EXPECT_EQ(kFormat.Sniff(text, ""), Match::kYes) << text;
    for (const size_t block_bytes : {size_t{1}, text.size() + 1}) {
      const DecodedSpans read = Decode(text, block_bytes);
      EXPECT_EQ(read.malformed, 0u) << read.example;
      ASSERT_EQ(read.spans.size(), 2u) << text;
      EXPECT_EQ(read.spans[1],
                "trace 000000000000000000000000000000ab span 0000000000000002 parent "
                "0000000000000001\nstart 5000 duration 7000 name 'q' kind 0 status 0 '' flags 0\n"
                "  'http.method': 'GET'\n  'n': 3\nresource 's'\n  'ip': '10.0.0.1'\n");
    }
  }
}

struct Bad {
  std::string text;
  uint64_t column;
  std::string message;
  size_t spans;  // that are left of it
};

TEST(Jaeger, DamageCostsItself) {
  for (const Bad& bad : std::vector<Bad>{
           {"{\"traceID\":\"ab\",\"spans\":[{", 27, "expected a key in quotes, found the end", 0},
           {"{\"traceID\":\"ab\",\"spans\":[{\"x", 29, "expected the end of a text", 0},
           {"{\"traceID\":\"ab\",\"spans\":[{\"x\":\"\xFF\"}]}", 32, "expected valid UTF-8", 0},
           {OneSpan(R"(,"startTime":"soon")"), 67, "expected a number, found '\"soon\"", 0},
           {R"({"traceID":"ab","spans":[{"traceID":"ab"}]})", 26, "expected a span with a spanID",
            0},
           {R"({"traceID":"ab","spans":[{"spanID":"1"},{"spanID":"00"},{"spanID":"3"}]})", 41,
            "expected a span with a spanID", 2},
           {R"({"spans":[{"spanID":"1"}]})", 11, "expected a span with a traceID", 0},
           {OneSpan(R"(,"tags":[{"key":"x","type":"binary","value":"?"}])"), 98,
            "expected the value of a binary tag as base64", 0},
           {"7", 1, "expected {, found '7'", 0},
           {"{\"traceID\":\"ab\"} x", 18, "expected a JSON object, found 'x'", 0},
       }) {
    const DecodedSpans read = Decode(kTrace + "\n" + bad.text + "\n" + kTrace + "\n");
    EXPECT_EQ(read.spans.size(), 4u + bad.spans) << bad.text;
    EXPECT_EQ(read.malformed, 1u) << bad.text;
    EXPECT_TRUE(read.example.starts_with(bad.message)) << read.example;
    EXPECT_EQ(read.example_line, 2u) << bad.text;
    EXPECT_EQ(read.example_column, bad.column) << bad.text;
  }
  // Within one document: element by element.
  for (const std::string bad : {"7", "{\"spans\":[{}]}", "{\"traceID\":\"a\",\"x\":\"\xFF\"}"}) {
    const DecodedSpans read =
        Decode("{\"data\":[\n" + kTrace + ",\n" + bad + ",\n" + kTrace + "\n]}");
    EXPECT_EQ(read.spans.size(), 4u) << bad;
    EXPECT_EQ(read.malformed, 1u) << bad;
    EXPECT_EQ(read.example_line, 3u) << bad;
  }
  // A file that is cut.
  const DecodedSpans cut = Decode("{\"data\":[\n" + kTrace + ",\n" + kTrace.substr(0, 300));
  EXPECT_EQ(cut.spans.size(), 2u);
  EXPECT_EQ(cut.malformed, 1u);
  EXPECT_EQ(Decode(std::string(100'000, '[')).malformed, 1u);
}

TEST(Jaeger, ProcessesBehindManySpans) {
  constexpr int kCount = 20'000;
  std::string text = R"({"traceID":"ab","spans":[)";
  for (int i = 1; i <= kCount; ++i)
    text += fmt::format(R"({}{{"spanID":"{:x}","processID":"p{}"}})", i > 1 ? "," : "", i, i % 3);
  text += "],\"processes\":{";
  for (int i = 0; i < 100; ++i)
    text += fmt::format(R"({}"p{}":{{"serviceName":"s{}"}})", i > 0 ? "," : "", i, i);
  text += "}}";
  const DecodedSpans read = Decode(text);
  ASSERT_EQ(read.spans.size(), size_t{kCount});
  for (size_t i = 0; i < kCount; ++i)
    ASSERT_NE(read.spans[i].find(fmt::format("resource 's{}'", (i + 1) % 3)), std::string::npos);
}

TEST(Jaeger, Sniffs) {
  EXPECT_EQ(kFormat.Sniff(kTrace, ""), Match::kYes);
  EXPECT_EQ(kFormat.Sniff(kTrace.substr(0, 60), ""), Match::kYes);
  EXPECT_EQ(kFormat.Sniff("{\"data\":[\n\n]}\n", ""), Match::kMaybe);
  EXPECT_EQ(kFormat.Sniff(R"({"nodes":[["a","x"]],"edges":[]})", ""), Match::kNo);
  EXPECT_EQ(kFormat.Sniff(R"([{"traceId":"a","id":"1"}])", ""), Match::kNo);
  EXPECT_EQ(kFormat.Sniff("traceID,spanID\n", ""), Match::kNo);
}

// Against another parser of JSON, on real files.
TEST(Jaeger, RealTraces) {
  for (const std::string name : {"dsb-hotel-load50", "dsb-media-load50", "nodejs-load50"}) {
    const std::string text = json::testing::ReadTraces(name + ".jaeger.ndjson.zst");
    if (text.empty()) {
      const char* ci = std::getenv("CI");
      if (ci != nullptr && std::string_view(ci) == "true") FAIL() << "no sample data";
      GTEST_SKIP() << "no sample data (" << name << "): set PLUMBAGO_DATA";
    }
    model::Names names;
    const DecodedSpans read = json::testing::DecodeSpans(kFormat, text, 1u << 20, names);
    EXPECT_EQ(read.malformed, 0u) << read.example;
    size_t next = 0;
    for (size_t begin = 0; begin < text.size();) {
      const size_t end = text.find('\n', begin);
      const auto line = nlohmann::json::parse(text.substr(begin, end - begin));
      for (const auto& trace : line["data"]) {
        for (const auto& span : trace["spans"]) {
          ASSERT_LT(next, read.spans.size());
          const std::string& got = read.spans[next++];
          std::string service = trace["processes"][span["processID"]]["serviceName"];
          const std::string parent =
              span["references"].empty() ? "0" : span["references"][0]["spanID"].get<std::string>();
          ASSERT_TRUE(got.starts_with(fmt::format(
              "trace {:0>32} span {:0>16} parent {:0>16}\nstart {} duration {} name ",
              span["traceID"].get<std::string>(), span["spanID"].get<std::string>(), parent,
              span["startTime"].get<int64_t>() * 1000, span["duration"].get<int64_t>() * 1000)))
              << got;
          ASSERT_NE(got.find("resource '" + service + "'"), std::string::npos);
        }
      }
      begin = end + 1;
    }
    EXPECT_EQ(next, read.spans.size());
  }
}

TEST(Jaeger, TestCasesOfCrisp) {
  const char* folder = std::getenv("PLUMBAGO_DATA");
  const std::string path = std::string(folder != nullptr ? folder : "../shared/data") +
                           "/traces/crisp-test_cases.tar.zst";
  auto archive = Archive::Open(path);
  if (!archive) GTEST_SKIP() << "no sample data (" << path << "): set PLUMBAGO_DATA";
  size_t files = 0;
  while (true) {
    const auto more = (*archive)->Next();
    ASSERT_TRUE(more.has_value());
    if (!*more) break;
    if (!(*archive)->member().ends_with(".json")) continue;
    ++files;
    std::string text(1u << 20, '\0');
    size_t size = 0;
    while (true) {
      const auto got = (*archive)->Read(text.data() + size, text.size() - size);
      ASSERT_TRUE(got.has_value());
      if (*got == 0) break;
      size += *got;
    }
    text.resize(size);
    EXPECT_EQ(kFormat.Sniff(text, ""), Match::kYes);
    const DecodedSpans read = Decode(text);
    EXPECT_EQ(read.malformed, 0u) << (*archive)->member() << read.example;
    size_t spans = 0;
    const auto document = nlohmann::json::parse(text);
    for (const auto& trace : document["data"]) spans += trace["spans"].size();
    EXPECT_EQ(read.spans.size(), spans) << (*archive)->member();
  }
  EXPECT_EQ(files, 33u);
}

}  // namespace
}  // namespace plumbago::formats::jaeger
