#include <gtest/gtest.h>

#include "formats/function_formats.h"
#include "formats/function_tables/azure_name.h"
#include "formats/function_tables/statistics_format.h"
#include "formats/testing/plain_statistics.h"

namespace plumbago::formats::function_tables {
namespace {

using testing::DecodedStatistics;
using testing::PlainStatistics;

const StatisticsFormat kDurations(StatisticsKind::kDurations), kMemory(StatisticsKind::kMemory);

DecodedStatistics Decode(const StatisticsFormat& format, const std::string& text,
                         const std::string& path = "x.csv", size_t block = 1 << 20) {
  EXPECT_EQ(format.Sniff(text, path), Match::kYes);
  const auto decoder = format.Open(text, path);
  EXPECT_TRUE(decoder) << decoder.error().Text();
  return decoder ? testing::DecodeStatistics(format, **decoder, text, block) : DecodedStatistics();
}

const std::string kDurationsHeader =
    "HashOwner,HashApp,HashFunction,Average,Count,Minimum,Maximum,percentile_Average_0,"
    "percentile_Average_1,percentile_Average_25,percentile_Average_50,percentile_Average_75,"
    "percentile_Average_99,percentile_Average_100\n";
const std::string kMemoryPercentiles =
    "AverageAllocatedMb_pct1,AverageAllocatedMb_pct5,AverageAllocatedMb_pct25,"
    "AverageAllocatedMb_pct50,AverageAllocatedMb_pct75,AverageAllocatedMb_pct95,"
    "AverageAllocatedMb_pct99,AverageAllocatedMb_pct100\n";

TEST(FunctionTables, Durations) {
  const DecodedStatistics decoded =
      Decode(kDurations, kDurationsHeader + "o,a,f,37,285,1.0,475.5,1,2,12,21,37,277,475\n",
             "t/function_durations_percentiles.anon.d05.csv");
  ASSERT_EQ(decoded.rows.size(), 1u);
  EXPECT_EQ(
      decoded.rows[0],
      (PlainStatistics{"o", "a", "f", 4, 285, {37, 1, 475.5, 1, 2, 12, 21, 37, 277, 475}, 2}));
  EXPECT_EQ(decoded.malformed, 0u);
}

TEST(FunctionTables, MemoryOfAnApplication) {
  const DecodedStatistics decoded =
      Decode(kMemory,
             "HashOwner,HashApp,SampleCount,AverageAllocatedMb," + kMemoryPercentiles +
                 "o,a,900,188,172,185,186,187,188,205,214,215\n",
             "app_memory_percentiles.anon.d02.csv.gz");
  ASSERT_EQ(decoded.rows.size(), 1u);
  EXPECT_EQ(
      decoded.rows[0],
      (PlainStatistics{"o", "a", "", 1, 900, {188, 172, 185, 186, 187, 188, 205, 214, 215}, 2}));
}

// Samples: each function's share, columns in another order, one of somebody else's.
TEST(FunctionTables, MemoryByFunctionInAnotherOrder) {
  const DecodedStatistics decoded =
      Decode(kMemory, "HashFunction,HashOwner,HashApp,note,SampleCount,AverageAllocatedMb," +
                          kMemoryPercentiles +
                          "f,o,a,x,22209,9.416666666666666,7.8,8.25,8.75,9.75,9.9,10.4,10.5,10.6\n"
                          "g,o,a,,22209.0,1e1,1,2,3,4,5,6,7,8\n");
  ASSERT_EQ(decoded.rows.size(), 2u);
  EXPECT_EQ(decoded.rows[0].function, "f");
  EXPECT_EQ(decoded.rows[0].app, "a");
  EXPECT_EQ(decoded.rows[0].owner, "o");
  EXPECT_EQ(decoded.rows[0].numbers.front(), 9.416666666666666);
  EXPECT_EQ(decoded.rows[1].count, 22209u);
  EXPECT_EQ(decoded.rows[1].numbers.front(), 10.0);
}

// What cannot be true of an execution is still a row: it is counted where tables are joined.
TEST(FunctionTables, AveragesBelowZeroAreRows) {
  const DecodedStatistics decoded =
      Decode(kDurations, kDurationsHeader + "o,a,f,-37,285,0.0,0.0,-1,2,12,21,37,277,475\n");
  ASSERT_EQ(decoded.rows.size(), 1u);
  EXPECT_EQ(decoded.rows[0].numbers[0], -37.0);
  EXPECT_EQ(decoded.rows[0].numbers[3], -1.0);
}

TEST(FunctionTables, BadCellsAreCountedWithTheirPlace) {
  const std::string rest = ",1,2,12,21,37,277,475\n";
  for (const auto& [row, said] : std::vector<std::pair<std::string, std::string>>{
           {"o,a,,37,285,1,475" + rest, "function is empty"},
           {"o,,f,37,285,1,475" + rest, "application is empty"},
           {"o,a,f,soon,285,1,475" + rest, "average is 'soon', expected milliseconds"},
           {"o,a,f,,285,1,475" + rest, "average is empty"},
           {"o,a,f,nan,285,1,475" + rest, "average is 'nan'"},
           {"o,a,f,37,-1,1,475" + rest, "count is '-1', expected a whole number"},
           {"o,a,f,37,2.5,1,475" + rest, "count is '2.5'"},
           {"o,a,f,37,285,1e999,475" + rest, "minimum is '1e999'"},
           {"o,a,f,37,285,1,inf" + rest, "maximum is 'inf'"},
           {"o,a,f,37,285,1,475,1,2,12,21,37,277,x\n", "percentile is 'x'"},
           {"o,a,f,37,285\n", "5 fields, expected 14"}}) {
    const std::string text = kDurationsHeader + "o,a,e,37,285,1,475" + rest + row +
                             kDurationsHeader + "o,a,g,37,285,1,475" + rest;
    const DecodedStatistics decoded = Decode(kDurations, text);
    EXPECT_EQ(decoded.rows.size(), 2u) << row;
    EXPECT_EQ(decoded.malformed, 1u) << row;
    EXPECT_EQ(decoded.example_line, 3u) << row;
    EXPECT_NE(decoded.example.find(said), std::string::npos) << decoded.example;
    EXPECT_EQ(Decode(kDurations, text, "x.csv", 30).rows, decoded.rows);
  }
  const DecodedStatistics column =
      Decode(kDurations, kDurationsHeader + "o,a,f,37,285,zz,475" + rest);
  EXPECT_EQ(column.example_column, 14u);
}

TEST(FunctionTables, HeadersTellTablesApart) {
  const std::string memory = "HashOwner,HashApp,SampleCount,AverageAllocatedMb,";
  for (const Format* format : FunctionFormats()) {
    EXPECT_EQ(format->Sniff(kDurationsHeader, "") == Match::kYes,
              format->name() == "azure-durations");
    EXPECT_EQ(format->Sniff(memory + kMemoryPercentiles, "") == Match::kYes,
              format->name() == "azure-memory");
    EXPECT_NE(format->Sniff("HashApp,NumInvocations\n", ""), Match::kYes);
  }
  const auto missing = kMemory.Open(memory + "AverageAllocatedMb_pct1\n", "");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().Text().find("averageallocatedmb_pct5"), std::string::npos)
      << missing.error().Text();
}

TEST(AzureNames, TellDayAndSet) {
  struct Case {
    std::string path, set;
    uint32_t day;
    bool has_day, of_release;
  };
  for (const Case& c : std::vector<Case>{
           {"a/invocations_per_function_md.anon.d05.csv", "anon", 4, true, true},
           {"t.tar:b/function_durations_percentiles.anon.d14.csv.gz", "anon", 13, true, true},
           {"app_memory_percentiles.anon.d01.csv.zst", "anon", 0, true, true},
           {"invocations_per_function_md.anon.csv", "anon", 0, false, false},
           {"invocations_per_function_md.anon.d00.csv", "anon.d00", 0, false, false},
           {"inv.anon.d02.csv.gz", "inv.anon", 1, true, false},
           {"azure2019_invitro500_durations.csv.zst", "azure2019_invitro500", 0, false, false},
           {"azure2019_app_memory_10000.csv.zst", "azure2019_app_10000", 0, false, false},
           {"500/invocations.csv", "", 0, false, false},
           {"memory.csv", "", 0, false, false},
           {"mymemory.csv", "mymemory", 0, false, false},
           {"a.d05/x.csv", "x", 0, false, false}}) {
    const AzureName name = ReadAzureName(c.path);
    EXPECT_EQ(name.set, c.set) << c.path;
    EXPECT_EQ(name.day, c.day) << c.path;
    EXPECT_EQ(name.has_day, c.has_day) << c.path;
    EXPECT_EQ(name.of_release(), c.of_release) << c.path;
  }
}

}  // namespace
}  // namespace plumbago::formats::function_tables
