#include "serverless/release_check.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "serverless/reference_release.h"

namespace plumbago::serverless {
namespace {

std::vector<std::string> FilesOfRelease() {
  std::vector<std::string> files;
  for (uint32_t day = 1; day <= 14; ++day) {
    files.push_back(fmt::format("azure/invocations_per_function_md.anon.d{:02}.csv", day));
    files.push_back(fmt::format("azure/function_durations_percentiles.anon.d{:02}.csv", day));
    if (day <= 12)
      files.push_back(fmt::format("azure/app_memory_percentiles.anon.d{:02}.csv", day));
  }
  return files;
}

// As many of everything as the release has, and nothing else like it.
ReadWorkload AsLarge() {
  ReadWorkload read;
  read.files = FilesOfRelease();
  Workload& load = read.load;
  for (uint64_t a = 0; a < release::kApps; ++a) {
    AppLoad& app = load.apps.emplace_back();
    app.owner = fmt::format("o{}", a % release::kOwners);
    app.name = fmt::format("a{}", a);
    app.functions.resize(a == 0 ? release::kFunctions - 2 * (release::kApps - 1) : 2);
  }
  load.rows = release::kInvocationRows - 3;
  load.joins.duplicate_minutes = 3;
  load.duration_rows = release::kDurationRows;
  load.memory_rows = release::kMemoryRows;
  load.invocations = release::kInvocations;
  return read;
}

std::string Text(const document::Statement& statement) {
  std::string text;
  for (const std::string& part : statement.parts) text += part + "\n";
  return text;
}

TEST(ReleaseCheck, WhatIsOnlyNamedSoIsNotComparedWithAnything) {
  ReadWorkload read;
  EXPECT_FALSE(ReleaseCheck(read));
  read.files = {"x.csv"};
  EXPECT_FALSE(ReleaseCheck(read));
  EXPECT_FALSE(ReleaseStatement(read));
  read.files = FilesOfRelease();
  read.files.push_back("other.csv");
  EXPECT_FALSE(PartsOfRelease(read.files));
}

TEST(ReleaseCheck, SaysWhichPartsAreThere) {
  ReadWorkload read;
  read.files = {"invocations_per_function_md.anon.d03.csv",
                "a.tar.xz:invocations_per_function_md.anon.d01.csv",
                "invocations_per_function_md.anon.d02.csv.gz",
                "function_durations_percentiles.anon.d07.csv"};
  const auto parts = PartsOfRelease(read.files);
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->invocations, (std::vector<uint32_t>{1, 2, 3}));
  EXPECT_FALSE(parts->all());
  EXPECT_NE(Text(*ReleaseStatement(read))
                .find("invocations of days 1-3, durations of days 7, memory of days -"),
            std::string::npos);
  EXPECT_EQ(ReleaseCheck(read)->headline.at(0).value, 0);
}

TEST(ReleaseCheck, TotalsThatAreEqualAndOneThatIsNot) {
  ReadWorkload read = AsLarge();
  ASSERT_TRUE(PartsOfRelease(read.files)->all());
  EXPECT_NE(Text(*ReleaseStatement(read)).find("all 7 totals"), std::string::npos)
      << Text(*ReleaseStatement(read));
  read.load.duration_rows -= 1;
  EXPECT_NE(Text(*ReleaseStatement(read)).find("rows of durations 662926, not 662927"),
            std::string::npos)
      << Text(*ReleaseStatement(read));
}

TEST(ReleaseCheck, TheSectionListsAllThatIsKnown) {
  ReadWorkload read = AsLarge();
  read.load.apps[7].minutes.Append(14 * 60 + 8, release::kInvocations);
  read.load.apps[9].memory = {{0, 1, 120, {}}, {1, 1, 120, {}}};
  const auto section = ReleaseCheck(read);
  ASSERT_TRUE(section);
  std::map<std::string, std::vector<document::Cell>> rows;
  for (const auto& row : section->tables.at(0).rows) rows[std::get<std::string>(row[0])] = row;
  const auto here = [&](const char* name) { return std::get<std::string>(rows.at(name).at(2)); };
  const auto equal = [&](const char* name) { return std::get<std::string>(rows.at(name).at(3)); };
  EXPECT_EQ(equal("invocations"), "yes");
  EXPECT_EQ(here("applications with 95 % of invocations"), "1");
  EXPECT_EQ(equal("minute of the day with most invocations"), "yes");
  EXPECT_EQ(here("millions of invocations from 14:00"), "12496");
  EXPECT_EQ(equal("memory, average, MB, P25"), "yes");
  EXPECT_EQ(here("memory, average, MB, P99"), "120");
  EXPECT_EQ(here("functions of an application, mean"), "2.98");
  EXPECT_EQ(rows.size(), section->headline.at(0).value);
  // What differs comes first.
  EXPECT_EQ(std::get<std::string>(section->tables[0].rows.front().at(3)), "no");
  EXPECT_EQ(std::get<std::string>(section->tables[0].rows.back().at(3)), "yes");
}

// The totals agree with each other.
TEST(ReleaseCheck, TheReferenceIsOfOnePiece) {
  EXPECT_NEAR(std::accumulate(release::kHours.begin(), release::kHours.end(), 0.0),
              static_cast<double>(release::kInvocations) / 1e6, 12);
  EXPECT_NEAR(static_cast<double>(release::kFunctions) / static_cast<double>(release::kApps),
              release::kFunctionsOfAppMean, 0.005);
  EXPECT_LT(release::kTopFunction.invocations, release::kTopApps[0].invocations);
}

}  // namespace
}  // namespace plumbago::serverless
