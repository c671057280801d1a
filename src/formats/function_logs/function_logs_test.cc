// The tables of Azure 2021 and of Huawei's cold starts.
#include <gtest/gtest.h>

#include "formats/function_formats.h"
#include "formats/function_logs/azure_2021.h"
#include "formats/function_logs/huawei_starts.h"
#include "formats/testing/plain_executions.h"
#include "formats/testing/sample_data.h"

namespace plumbago::formats::function_logs {
namespace {

using testing::DecodedExecutions, testing::PlainExecution, testing::PlainStart;

DecodedExecutions Decode(const Format& format, const std::string& text, size_t block = 1 << 20) {
  EXPECT_EQ(format.Sniff(text, "x.csv"), Match::kYes);
  const auto decoder = format.Open(text, "x.csv");
  EXPECT_TRUE(decoder) << decoder.error().Text();
  return decoder ? testing::DecodeExecutions(format, **decoder, text, block) : DecodedExecutions();
}

TEST(Azure2021, StartsAreEndsLessDurations) {
  const DecodedExecutions decoded = Decode(Azure2021(),
                                           "app,func,end_timestamp,duration\n"
                                           "a1,f1,0.07949090003967285,0.078\n"
                                           "a1,f2,0.5,0.75\n"
                                           "a2,f1,1209599.25,0\n");
  ASSERT_EQ(decoded.executions.size(), 3u);
  PlainExecution first;
  first.app = "a1";
  first.function = "f1";
  first.start_us = 1490;
  first.duration_us = 78000;
  first.line = 2;
  EXPECT_EQ(decoded.executions[0], first);
  EXPECT_EQ(decoded.executions[1].start_us, -250'000);
  EXPECT_EQ(decoded.executions[1].duration_us, 750'000);
  EXPECT_EQ(decoded.executions[2].start_us, 1'209'599'250'000);
  EXPECT_EQ(decoded.executions[2].duration_us, 0);
  EXPECT_FALSE(decoded.executions[2].dated);
  EXPECT_EQ(decoded.malformed, 0u);
}

TEST(Azure2021, BadRowsAreCountedAndTheRestIsUsed) {
  const std::string text =
      "func,duration,app,end_timestamp\n"
      "f,1,a,5\n"
      "f,-1,a,5\n"
      "f,1,a,soon\n"
      "f,1,,5\n"
      ",1,a,5\n"
      "func,duration,app,end_timestamp\n"
      "f,1,a\n"
      "f,1e1,a,3.5e1\n";
  const DecodedExecutions decoded = Decode(Azure2021(), text);
  EXPECT_EQ(decoded.malformed, 5u);
  EXPECT_EQ(decoded.example_line, 3u);
  EXPECT_EQ(decoded.example_column, 3u);
  EXPECT_NE(decoded.example.find("not negative"), std::string::npos) << decoded.example;
  ASSERT_EQ(decoded.executions.size(), 2u);
  EXPECT_EQ(decoded.executions[1].start_us, 25'000'000);
  EXPECT_EQ(Decode(Azure2021(), text, 10).executions, decoded.executions);
}

// The rows that public documents print.
TEST(Azure2021, RealRows) {
  const std::string text = testing::ReadPlainSample("../azure/azure2021_sample7.csv");
  if (text.empty()) {
    ASSERT_EQ(std::getenv("CI"), nullptr) << "no sample data";
    GTEST_SKIP() << "no sample data: set PLUMBAGO_DATA";
  }
  const DecodedExecutions decoded = Decode(Azure2021(), text);
  EXPECT_EQ(decoded.malformed, 0u);
  ASSERT_EQ(decoded.executions.size(), 7u);
  for (const PlainExecution& one : decoded.executions) {
    EXPECT_EQ(one.app.size(), 64u);
    EXPECT_EQ(one.function.size(), 64u);
    EXPECT_GE(one.duration_us, 0);
    EXPECT_LT(one.start_us, int64_t{14} * 86'400 * 1'000'000);
  }
}

const std::string kHuawei =
    "day,time,clusterName,funcName,userID,requestID,totalCost_cold_start,podAllocationCost,"
    "deployCodeCost,deployDependencyCost,schedulingCost,podID\n";

TEST(HuaweiStarts, TimeCountsFromDayZero) {
  const DecodedExecutions decoded =
      Decode(HuaweiStarts(), kHuawei +
                                 "2,172805.5,1,10,134,82f1,2.25,0.027,0.045,,1.5,"
                                 "pool24-600-512-0000577863\n"
                                 "2,5.5,1,10,134,82f2,2.25,0.027,0.045,0.4,1.5,p\n"
                                 "0,5.5,1,11,134,82f2,0.5,0.027,0.045,0.4,1.5,p\n"
                                 "0,6.5,1,11,134,82f2,-0.5,0.027,0.045,0.4,1.5,p\n");
  EXPECT_EQ(decoded.malformed, 2u);  // a time within the day; a negative cost
  EXPECT_NE(decoded.example.find("since day 0"), std::string::npos) << decoded.example;
  ASSERT_EQ(decoded.starts.size(), 2u);
  PlainStart start;
  start.owner = "134";
  start.app = "10---134---pool24-600-512";
  start.function = "10";
  start.at_us = 172'805'500'000;
  start.total_us = 2'250'000;
  start.parts_us = {27'000, 45'000, -1, 1'500'000};
  start.memory_mb = 512;
  start.cpu_millis = 600;
  start.line = 2;
  EXPECT_EQ(decoded.starts[0], start);
  EXPECT_EQ(decoded.starts[1].app, "11---134");
  EXPECT_EQ(decoded.starts[1].memory_mb, 0);
}

TEST(HuaweiStarts, PoolsSayWhatInstancesMayUse) {
  EXPECT_EQ(PoolOf("pool22-300-128-0000618412").name, "pool22-300-128");
  EXPECT_EQ(PoolOf("pool22-300-128").memory_mb, 128u);
  EXPECT_EQ(PoolOf("pool22-300-128").cpu_millis, 300u);
  for (const char* none : {"", "pool", "pool22", "pool22-300", "pool22-300-", "pool22-300-x",
                           "pod-300-128-1", "pool1-2-3x", "pool1-99999999999-2"}) {
    EXPECT_EQ(PoolOf(none).name, "") << none;
    EXPECT_EQ(PoolOf(none).memory_mb, 0u) << none;
  }
}

TEST(FunctionLogs, AreKnownByTheirHeaders) {
  const std::string minutes = "HashOwner,HashApp,HashFunction,Trigger,1,2\n";
  EXPECT_EQ(Azure2021().Sniff(minutes, ""), Match::kNo);
  EXPECT_EQ(HuaweiStarts().Sniff("day,minute,cold_starts\n0,0,17\n", ""), Match::kNo);
  EXPECT_EQ(HuaweiStarts().Sniff("{\"app\":1}\n", ""), Match::kNo);
  EXPECT_TRUE(FindFunctionFormat("huawei-cold-starts"));
  const auto unknown = FindFunctionFormat("azure-function");
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().Text().find("did you mean 'azure-functions'"), std::string::npos);
}

}  // namespace
}  // namespace plumbago::formats::function_logs
