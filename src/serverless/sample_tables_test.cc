// The samples of Azure's tables as they are: joined one to one, and never pooled.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "serverless/workload_reader.h"

namespace plumbago::serverless {
namespace {

class SampleTables : public testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("PLUMBAGO_DATA");
    azure_ = std::string(folder != nullptr ? folder : "../shared/data") + "/azure";
    if (!std::filesystem::exists(azure_)) {
      if (std::getenv("CI") != nullptr) FAIL() << "no sample data: " << azure_;
      GTEST_SKIP() << "no sample data: " << azure_;
    }
  }
  Workload Read(const std::string& files) const {
    auto read = ReadFunctions({azure_ + "/" + files}, nullptr, 2, false);
    EXPECT_TRUE(read) << read.error().Text();
    return read ? std::move(read->load) : Workload();
  }
  std::string azure_;
};

// 339 functions of 323 applications stand in all three tables.
TEST_F(SampleTables, InVitrosAreJoinedOneToOne) {
  const Workload load = Read("azure2019_invitro500_*.csv.zst");
  EXPECT_EQ(load.rows, 339u);
  EXPECT_EQ(load.duration_rows, 339u);
  EXPECT_EQ(load.memory_rows, 339u);
  EXPECT_EQ(load.apps.size(), 323u);
  EXPECT_TRUE(load.uninvoked.empty());
  EXPECT_EQ(load.duplicates, 0u);
  const JoinCounts& joins = load.joins;
  EXPECT_EQ(joins.functions_without_durations + joins.functions_in_durations_only +
                joins.apps_without_memory + joins.apps_in_memory_only,
            0u);
  EXPECT_EQ(load.first_minute, 479u);
  EXPECT_EQ(load.end_minute, 959u);
  EXPECT_EQ(load.day0, model::kNoDay);
  for (const AppLoad& app : load.apps) {
    ASSERT_EQ(app.memory.size(), 1u);
    for (const FunctionLoad& function : app.functions) EXPECT_EQ(function.durations.size(), 1u);
  }
}

// Shares put together again are whole MB, and lie where the release's applications do (facts of
// the release: half of them between 120 and 188 MB, 98 % below 408).
TEST_F(SampleTables, InVitrosSharesOfMemoryAreWholeApplications) {
  const Workload load = Read("azure2019_invitro500_*.csv.zst");
  std::vector<double> memory;
  for (const AppLoad& app : load.apps) {
    EXPECT_EQ(app.memory_mb, std::round(app.memory_mb)) << app.name;
    memory.push_back(app.memory_mb);
  }
  std::sort(memory.begin(), memory.end());
  EXPECT_GT(memory.at(memory.size() / 20), 80);
  EXPECT_GT(memory[memory.size() / 2], 120);
  EXPECT_LT(memory[memory.size() / 2], 188);
}

TEST_F(SampleTables, EachTableAlone) {
  const Workload durations = Read("azure2019_durations_10000.csv.zst");
  EXPECT_EQ(durations.apps.size(), 10'000u);
  EXPECT_EQ(durations.duration_rows, 10'000u);
  EXPECT_EQ(durations.invocations, 0u);
  const Workload memory = Read("azure2019_app_memory_10000.csv.zst");
  EXPECT_EQ(memory.apps.size(), 10'000u);
  std::vector<double> averages;
  for (const AppLoad& app : memory.apps) averages.push_back(app.memory_mb);
  std::sort(averages.begin(), averages.end());
  // As the facts' own look at these rows had it: P25, P50, P75, P90.
  EXPECT_EQ(averages[2'500], 120);
  EXPECT_EQ(averages[5'000], 143);
  EXPECT_EQ(averages[7'500], 188);
  EXPECT_EQ(averages[9'000], 210);
}

TEST_F(SampleTables, TheFolderIsRefusedWithAListOfItsSets) {
  const auto read = ReadFunctions({azure_}, nullptr, 2, false);
  ASSERT_FALSE(read);
  const std::string said = read.error().Text();
  for (const char* set : {"azure2019_invitro500_* (durations, invocations, memory; 3 files)",
                          "azure2019_oneday_vectors.csv.zst (vectors of minutes; 1 file)",
                          "azure2019_durations_10000.csv.zst (durations; 1 file)",
                          "azure2019_app_memory_10000.csv.zst (memory; 1 file)"}) {
    EXPECT_NE(said.find(set), std::string::npos) << said;
  }
}

}  // namespace
}  // namespace plumbago::serverless
