#include "formats/zipkin/zipkin.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "formats/json/testing/round_trip.h"

namespace plumbago::formats::zipkin {
namespace {

using json::testing::DecodedSpans;

const Zipkin kFormat;

DecodedSpans Decode(std::string_view text, size_t block_bytes = 1u << 20) {
  model::Names names;
  return json::testing::DecodeSpans(kFormat, text, block_bytes, names);
}

TEST(Zipkin, SpansComeBack) { json::testing::ExpectRoundTrip(kFormat); }

const std::string kClient =
    R"({"traceId":"00000000000000ab","id":"2","parentId":"1","name":"get","kind":"CLIENT",)"
    R"("timestamp":1700000000000001,"duration":500,"localEndpoint":{"serviceName":"front","ipv4":"10.0.0.1",)"
    R"("port":80},"remoteEndpoint":{"serviceName":"back","ipv4":"10.0.0.2"},"annotations":[{"timestamp":)"
    R"(1700000000000002,"value":"ws"}],"tags":{"http.status_code":"200","error":"bad \"gateway\""}})";
const std::string kServer =
    R"({"traceId":"ab","id":"2","parentId":"1","kind":"SERVER","shared":true,"localEndpoint":{"serviceName":"back"}})";
const std::vector<std::string> kSpans = {
    "trace 000000000000000000000000000000ab span 0000000000000002 parent 0000000000000001\n"
    "start 1700000000000001000 duration 500000 name 'get' kind 3 status 2 '' flags 0\n"
    "  'http.status_code': '200'\n  'error': 'bad \"gateway\"'\n  'peer.service': 'back'\n"
    "  'network.peer.address': '10.0.0.2'\nresource 'front'\n"
    "  'service.instance.id': '10.0.0.1:80'\nevent 1700000000000002000 'ws'\n",
    "trace 000000000000000000000000000000ab span 0000000000000002 parent 0000000000000001\n"
    "start -9223372036854775808 duration -9223372036854775808 name '' kind 2 status 0 '' flags 0 "
    "shared\nresource 'back'\n"};

TEST(Zipkin, EveryShape) {
  const std::string array = "[" + kClient + "," + kServer + "]";
  for (const std::string& text :
       {array, kClient + "\n" + kServer + "\n", "[" + array + "]",
        "[[" + kClient + "],[" + kServer + "]]", nlohmann::json::parse(array).dump(2), array + "\n",
        "[" + kClient + "]\n[" + kServer + "]\n", "[\n" + kClient + ",\n" + kServer + "\n]\n",
        kClient + kServer, "{\"_source\":" + kClient + "}\n{\"_source\":" + kServer + "}\n",
        "{\"hits\":{\"hits\":[{\"_source\":" + kClient + "},{\"_source\":" + kServer + "}]}}"}) {
    EXPECT_EQ(kFormat.Sniff(text, ""), Match::kYes) << text;
    for (const size_t block_bytes : {text.size() + 1, size_t{1}, size_t{200}}) {
      const DecodedSpans read = Decode(text, block_bytes);
      EXPECT_EQ(read.malformed, 0u) << read.example << "\n" << text;
      ASSERT_EQ(read.spans.size(), 2u) << text;
      // A parser that sorts keys is between.
      if (text.find("\n  {") != text.npos) continue;
      EXPECT_EQ(read.spans, kSpans) << text;
    }
  }
}

TEST(Zipkin, DamageCostsItself) {
  struct Bad {
    std::string text;
    std::string message;
  };
  for (const Bad& bad : std::vector<Bad>{
           {R"({"traceId":"ab"})", "expected a span with an id"},
           {R"({"id":"1"})", "expected a span with a traceId"},
           {R"({"traceId":"ab","id":"long"})", "expected an id of up to 16 hex digits"},
           {R"({"traceId":"ab","id":"1","timestamp":{}})", "expected a number"},
           {R"({"traceId":"ab","id":"1","tags":["x"]})", "expected {"},
           {"7", "expected {"},
       }) {
    for (const bool lines : {true, false}) {
      const DecodedSpans read =
          lines ? Decode(kClient + "\n" + bad.text + "\n" + kClient + "\n")
                : Decode("[\n" + kClient + ",\n" + bad.text + ",\n" + kClient + "\n]");
      EXPECT_EQ(read.spans.size(), 2u) << bad.text;
      EXPECT_EQ(read.malformed, 1u) << bad.text;
      EXPECT_TRUE(read.example.starts_with(bad.message)) << read.example;
      EXPECT_EQ(read.example_line, lines ? 2u : 3u) << bad.text;
      EXPECT_GE(read.example_column, 1u);
    }
  }
  // A tag of ours that somebody has damaged: the span is used, and it is said.
  const DecodedSpans rest =
      Decode(R"([{"traceId":"ab","id":"1","tags":{"plumbago.rest":"{\"flags\":","a":"b"}}])");
  EXPECT_EQ(rest.spans.size(), 1u);
  EXPECT_EQ(rest.malformed, 1u);
}

TEST(Zipkin, Sniffs) {
  EXPECT_EQ(kFormat.Sniff("[]", ""), Match::kMaybe);
  EXPECT_EQ(kFormat.Sniff("[\n\n]\n", ""), Match::kMaybe);
  EXPECT_EQ(kFormat.Sniff("[1,2]", ""), Match::kNo);
  EXPECT_EQ(kFormat.Sniff("", ""), Match::kNo);
  EXPECT_EQ(kFormat.Sniff(R"({"traceId":"a","spanId":"1","id":"x"})", ""), Match::kNo);
  EXPECT_EQ(
      kFormat.Sniff(R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"a"}]}]}]})", ""),
      Match::kNo);
}

}  // namespace
}  // namespace plumbago::formats::zipkin
