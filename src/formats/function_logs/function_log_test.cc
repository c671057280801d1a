// Executions as JSON lines and as CSV, by maps that are built in and by the user's.
#include "formats/function_logs/function_log.h"

#include <gtest/gtest.h>

#include "formats/csv_mapped/map_file.h"
#include "formats/csv_mapped/map_flags.h"
#include "formats/function_formats.h"
#include "formats/function_logs/execution_table.h"
#include "formats/testing/plain_executions.h"

namespace plumbago::formats::function_logs {
namespace {

using testing::DecodedExecutions, testing::PlainExecution;

DecodedExecutions Decode(const Format& format, const std::string& text, size_t block = 1 << 20) {
  EXPECT_EQ(format.Sniff(text, "x"), Match::kYes);
  const auto decoder = format.Open(text, "x");
  EXPECT_TRUE(decoder) << decoder.error().Text();
  return decoder ? testing::DecodeExecutions(format, **decoder, text, block) : DecodedExecutions();
}

ColumnMap Map(const std::string& toml) {
  auto map = ParseMap(toml, "map");
  EXPECT_TRUE(map) << map.error().Text();
  return map ? std::move(*map) : ColumnMap();
}

const std::string kActivation =
    R"({"activationId":"f81d","namespace":"guest","name":"hello","version":"0.0.1","subject":"guest",)"
    R"("start":1795694400100,"end":1795694400250,"duration":150,"statusCode":0,"logs":[],)"
    R"("response":{"result":{"app":"none","start":5}},"annotations":[{"key":"path","value":)"
    R"("guest/tools/hello"},{"value":66,"key":"waitTime"},{"key":"kind","value":"nodejs:20"},)"
    R"({"key":"initTime","value":50},{"key":"limits","value":{"concurrency":1,"memory":256}}]})"
    "\n";

TEST(FunctionLog, OpenWhiskActivations) {
  const std::string warm =
      R"({"activationId":"a","namespace":"guest","name":"hello","start":1795694401000,"end":1795694401007,)"
      R"("duration":7,"annotations":[{"key":"path","value":"guest/tools/hello"},{"key":"waitTime",)"
      R"("value":3},{"key":"limits","value":{"memory":256}}]})"
      "\n";
  const std::string sequence =
      R"({"activationId":"b","namespace":"guest","name":"all","start":1795694401000,"duration":70,)"
      R"("annotations":[{"key":"path","value":"guest/all"},{"key":"kind","value":"sequence"}]})"
      "\n";
  const DecodedExecutions decoded = Decode(FunctionLog(), kActivation + warm + sequence);
  EXPECT_EQ(decoded.malformed, 0u) << decoded.example;
  ASSERT_EQ(decoded.executions.size(), 2u);
  PlainExecution cold;
  cold.owner = "guest";
  cold.app = "guest/tools/hello";
  cold.function = "hello";
  cold.dated = cold.was_cold = true;
  cold.start_us = 1'795'694'400'100'000;
  cold.duration_us = 100'000;  // without the 50 ms of its initialisation
  cold.cold_us = 116'000;
  cold.memory_mb = 256;
  cold.line = 1;
  EXPECT_EQ(decoded.executions[0], cold);
  EXPECT_FALSE(decoded.executions[1].was_cold);
  EXPECT_EQ(decoded.executions[1].cold_us, -1);
  EXPECT_EQ(decoded.executions[1].duration_us, 7'000);
}

TEST(FunctionLog, AnArrayOverLinesIsTheSame) {
  const std::string text = "[\n  " + kActivation + ",\n" + kActivation + "]\n";
  const DecodedExecutions decoded = Decode(FunctionLog(), text);
  ASSERT_EQ(decoded.executions.size(), 2u);
  EXPECT_EQ(decoded.executions[0].line, 2u);
  EXPECT_EQ(decoded.executions[1].line, 4u);
  EXPECT_EQ(Decode(FunctionLog(), text, 100).executions, decoded.executions);
}

TEST(FunctionLog, KnativeRequestLogs) {
  const std::string text =
      R"({"httpRequest":{"requestMethod":"GET","requestUrl":"/","status":200,"latency":"0.25s",)"
      R"("userAgent":"curl/8"},"revisionName":"hello-00001","timestamp":"2026-11-26T12:00:01Z"})"
      "\n"
      R"({"httpRequest":{"latency":"1.5","userAgent":"x"},"kubernetes":{"labels":)"
      R"({"serving.knative.dev/service":"hello","serving.knative.dev/revision":"hello-00002"},)"
      R"("namespace_name":"shop"},"@timestamp":"2026-11-26T12:00:03.5Z"})"
      "\n"
      R"({"httpRequest":{"latency":"0.001s","userAgent":"kube-probe/1.30"},"revisionName":"r",)"
      R"("timestamp":"2026-11-26T12:00:01Z"})"
      "\n"
      R"({"httpRequest":{"latency":"0.001s"},"revisionName":"r"})"
      "\n";
  const DecodedExecutions decoded = Decode(FunctionLog(), text);
  ASSERT_EQ(decoded.executions.size(), 2u);
  EXPECT_EQ(decoded.executions[0].app, "hello-00001");
  EXPECT_EQ(decoded.executions[0].start_us, 1'795'694'400'750'000);
  EXPECT_EQ(decoded.executions[0].duration_us, 250'000);
  EXPECT_EQ(decoded.executions[0].trigger, model::Trigger::kHttp);
  EXPECT_EQ(decoded.executions[1].app, "hello");
  EXPECT_EQ(decoded.executions[1].function, "hello-00002");
  EXPECT_EQ(decoded.executions[1].owner, "shop");
  EXPECT_EQ(decoded.executions[1].start_us, 1'795'694'402'000'000);
  EXPECT_EQ(decoded.malformed, 1u);
  EXPECT_EQ(decoded.example_line, 4u);
  EXPECT_NE(decoded.example.find("'timestamp' is missing"), std::string::npos) << decoded.example;
}

TEST(FunctionLog, PlainKeysInEveryUnit) {
  const std::string text =
      R"({"app":"a","function":"f","start":"2026-11-26T12:00:00.5Z","duration":"12ms","memory":"128Mi"})"
      "\n"
      R"({"app":"a","start":1795694400.5,"end":1795694401,"trigger":"timer","cold":true})"
      "\n"
      R"({"app":"a","start":1795694400500,"duration":12,"cold":false,"cold_latency_ms":5})"
      "\n"
      R"({"app":"a","end_us":1795694400512000,"duration_us":12000,"cold_latency_ms":5})"
      "\n"
      R"({"app":"a","start_s":12.5,"duration_s":0.25,"memory_bytes":1048576})"
      "\n"
      R"({"app":"a","start":"2026-11-26T12:00:00.5Z","duration":12})"
      "\n"
      R"({"app":"a","start":12.5})"
      "\n"
      R"({"app":"a","start":1795694400500,"duration":-12})"
      "\n"
      R"({"app":"a","start":1795694400500,"end":1795694400499})"
      "\n"
      R"({"start":1795694400500})"
      "\n"
      R"({"app":"a","start":1795694400500)"
      "\n";
  const DecodedExecutions decoded = Decode(FunctionLog(), text);
  ASSERT_EQ(decoded.executions.size(), 5u) << decoded.example;
  constexpr int64_t kAt = 1'795'694'400'500'000;
  EXPECT_EQ(decoded.executions[0].start_us, kAt);
  EXPECT_EQ(decoded.executions[0].duration_us, 12'000);
  EXPECT_EQ(decoded.executions[0].memory_mb, 128);
  EXPECT_EQ(decoded.executions[0].function, "f");
  EXPECT_EQ(decoded.executions[1].start_us, kAt);
  EXPECT_EQ(decoded.executions[1].duration_us, 500'000);
  EXPECT_EQ(decoded.executions[1].function, "a");
  EXPECT_EQ(decoded.executions[1].trigger, model::Trigger::kTimer);
  EXPECT_TRUE(decoded.executions[1].was_cold);
  EXPECT_EQ(decoded.executions[1].cold_us, -1);
  EXPECT_EQ(decoded.executions[2].duration_us, 12'000);  // in the unit of its start
  EXPECT_FALSE(decoded.executions[2].was_cold);
  EXPECT_EQ(decoded.executions[3].start_us, kAt);
  EXPECT_EQ(decoded.executions[3].cold_us, 5'000);
  EXPECT_FALSE(decoded.executions[4].dated);
  EXPECT_EQ(decoded.executions[4].start_us, 12'500'000);
  EXPECT_EQ(decoded.executions[4].memory_mb, 1);
  EXPECT_EQ(decoded.malformed, 6u);
  EXPECT_EQ(decoded.example_line, 6u);
  EXPECT_EQ(decoded.example_column, 56u);
  EXPECT_NE(decoded.example.find("duration is '12', expected a duration with its unit"),
            std::string::npos)
      << decoded.example;
  EXPECT_EQ(Decode(FunctionLog(), text, 64).executions, decoded.executions);
}

const char* const kMap = R"(
[[table]]
rows = "executions"
[table.columns]
app = { column = "k8s.pod", rule = "strip-kubernetes-suffix" }
start = { column = "t.began", unit = "ms" }
duration = { column = "t.took", unit = "us", optional = true }
memory = { column = "mem", unit = "KiB", optional = true }
cold = { column = "state", optional = true, values = { "fresh" = "cold", "*" = "warm" } }
trigger = { value = "queue" }
)";

TEST(FunctionLog, AMapOfTheUsers) {
  const DecodedExecutions decoded =
      Decode(FunctionLog(Map(kMap)),
             R"({"k8s":{"pod":"mail-0"},"t":{"began":5000,"took":1500},"mem":2048,"state":"fresh"})"
             "\n"
             R"({"k8s.pod":"mail-1","t":{"began":6000,"took":null},"state":"old"})"
             "\n");
  EXPECT_EQ(decoded.malformed, 0u) << decoded.example;
  ASSERT_EQ(decoded.executions.size(), 2u);
  EXPECT_EQ(decoded.executions[0].app, "mail");
  EXPECT_EQ(decoded.executions[0].start_us, 5'000'000);
  EXPECT_EQ(decoded.executions[0].duration_us, 1'500);
  EXPECT_EQ(decoded.executions[0].memory_mb, 2);
  EXPECT_TRUE(decoded.executions[0].was_cold);
  EXPECT_EQ(decoded.executions[0].trigger, model::Trigger::kQueue);
  EXPECT_EQ(decoded.executions[1].duration_us, -1);
  EXPECT_FALSE(decoded.executions[1].was_cold);
}

TEST(ExecutionTable, TheSameMapReadsCsv) {
  const DecodedExecutions decoded = Decode(ExecutionTable(Map(kMap)),
                                           "k8s.pod,t.began,t.took,mem,state,more\n"
                                           "mail-0,5000,1500,2048,fresh,x\n"
                                           "mail-0,5000,-1,2048,fresh,x\n"
                                           "mail-0,then,1,2048,fresh,x\n"
                                           "mail-0,7000,,,,x\n");
  ASSERT_EQ(decoded.executions.size(), 2u);
  EXPECT_EQ(decoded.executions[0].cold_us, -1);
  EXPECT_EQ(decoded.executions[0].memory_mb, 2);
  EXPECT_EQ(decoded.executions[1].start_us, 7'000'000);
  EXPECT_EQ(decoded.malformed, 2u);
  EXPECT_EQ(decoded.example_line, 3u);
  EXPECT_EQ(decoded.example_column, 13u);
}

TEST(ExecutionTable, PlainColumnsNeedNoMap) {
  const DecodedExecutions decoded =
      Decode(ExecutionTable(),
             "start,app,duration_ms\n2026-11-26T12:00:00Z,a,12\n2026-11-26 12:00:00,a,12\n");
  ASSERT_EQ(decoded.executions.size(), 1u);  // no zone: nobody knows when
  EXPECT_EQ(decoded.executions[0].duration_us, 12'000);
  EXPECT_EQ(decoded.malformed, 1u);
  EXPECT_EQ(ExecutionTable().Sniff("app,duration\n", ""), Match::kNo);
}

TEST(ExecutionTable, MapsFromTheCommandLine) {
  const std::vector<std::string> columns = {"app=svc:strip-kubernetes-suffix", "start=ts:rfc3339",
                                            "duration=took:ms", "memory=mem:MiB"};
  const auto map = MapFromFlags(columns);
  ASSERT_TRUE(map) << map.error().Text();
  const DecodedExecutions decoded =
      Decode(ExecutionTable(*map), "ts,svc,took,mem\n2026-11-26T12:00:00Z,order-0,12,128\n");
  ASSERT_EQ(decoded.executions.size(), 1u);
  EXPECT_EQ(decoded.executions[0].app, "order");
  EXPECT_EQ(decoded.executions[0].memory_mb, 128);
  EXPECT_FALSE(MapFromFlags(std::vector<std::string>{"app=svc", "start=ts"}));
  EXPECT_FALSE(MapFromFlags(std::vector<std::string>{"app=svc", "trace=x"}));
}

TEST(FunctionLog, MistakesInMapsAreSaid) {
  const auto error = [](const std::string& toml) {
    const auto map = ParseMap(toml, "map");
    return map ? std::string() : map.error().Text();
  };
  const std::string head = "[[table]]\nrows = \"executions\"\n[table.columns]\n";
  EXPECT_NE(error(head + "start = { column = \"a\", unit = \"s\" }\n").find("the field 'app'"),
            std::string::npos);
  EXPECT_NE(error(head + "app = \"a\"\n").find("'start' or 'end'"), std::string::npos);
  EXPECT_NE(error(head + "app = \"a\"\nstart = \"b\"\n").find("unit ="), std::string::npos);
  EXPECT_NE(error(head + "app = \"a\"\nmemory = \"b\"\n").find("unit = one of MB"),
            std::string::npos);
  EXPECT_NE(error(head + "functon = \"a\"\n").find("did you mean 'function'"), std::string::npos);
  EXPECT_NE(error("[[table]]\nrows = \"calls\"\n[table.columns]\ntrace = \"t\"\nspan = \"s\"\n"
                  "start = { column = \"a\", format = \"any\" }\n")
                .find("rfc3339"),
            std::string::npos);
}

TEST(FunctionLog, OtherJsonIsNone) {
  EXPECT_EQ(FunctionLog().Sniff("{\"traceID\":\"1\",\"spans\":[]}\n", ""), Match::kNo);
  EXPECT_EQ(FunctionLog().Sniff("{\"app\":\"a\"}\n", ""), Match::kNo);
  EXPECT_EQ(FunctionLog().Sniff("app,start\n", ""), Match::kNo);
  EXPECT_FALSE(FunctionLog().Open("{\"app\":\"a\"}\n", "x"));
}

}  // namespace
}  // namespace plumbago::formats::function_logs
