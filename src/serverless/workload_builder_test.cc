// Tables of invocations, durations and memory put together, by whatever threads.
#include "serverless/workload_builder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "base/strong_id.h"
#include "serverless/memory_builder.h"

namespace plumbago::serverless {
namespace {

// Rows by text, given to collectors one by one.
class Tables {
 public:
  explicit Tables(size_t threads = 1) : collectors_(threads) {}

  using Counts = std::map<uint32_t, uint32_t>;
  void Minutes(const std::string& app, const std::string& function, uint32_t day,
               const Counts& counts, model::Trigger trigger = model::Trigger::kHttp) {
    model::CallBatch batch;
    model::FunctionMinutes row;
    Name(row, app, function);
    row.trigger = trigger;
    row.first = day * 1440;
    row.end = row.first + 1440;
    row.offset = 1;  // not the first of the batch
    batch.functions.counts.push_back({7, 7});
    for (const auto& [minute, count] : counts)
      batch.functions.counts.push_back({day * 1440 + minute, count});
    row.counts = static_cast<uint32_t>(counts.size());
    batch.functions.minutes.push_back(row);
    Give(batch);
  }
  void Durations(const std::string& app, const std::string& function, uint32_t day, double average,
                 double minimum = 1) {
    model::CallBatch batch;
    model::FunctionDurations row;
    Name(row, app, function);
    row.day = day;
    row.count = 5;
    row.average_ms = average;
    row.minimum_ms = minimum;
    row.maximum_ms = 100;
    batch.functions.durations.push_back(row);
    Give(batch);
  }
  void Memory(const std::string& app, const std::string& function, uint32_t day, double average,
              uint64_t samples = 10) {
    model::CallBatch batch;
    model::AppMemory row;
    Name(row, app, function);
    row.day = day;
    row.samples = samples;
    row.average_mb = average;
    row.percentiles_mb.fill(average);
    batch.functions.memory.push_back(row);
    Give(batch);
  }
  Workload Build() {
    Result<Workload> load = BuildWorkload(collectors_, names_);
    EXPECT_TRUE(load);
    return std::move(*load);
  }

 private:
  // "owner/app".
  template <class Row>
  void Name(Row& row, const std::string& app, const std::string& function) {
    row.owner = names_.Instance(app.substr(0, app.find('/')));
    row.app = names_.Service(app.substr(app.find('/') + 1));
    row.function = names_.Operation(function);
    row.origin = {0, line_++};
  }
  void Give(model::CallBatch& batch) { collectors_[line_ % collectors_.size()].Accept(batch); }

  model::Names names_;
  std::vector<FunctionCollector> collectors_;
  uint32_t line_ = 0;
};

TEST(Workload, FunctionsAndApplicationsByNameWithAllTheirDays) {
  Tables tables;
  tables.Minutes("o/b", "f", 2, {{0, 1}, {1439, 200}});
  tables.Minutes("o/a", "g", 0, {{5, 3}});
  tables.Minutes("o/b", "f", 0, {{10, 2}});
  tables.Minutes("o/a", "f", 0, {{5, 4}, {6, 1}}, model::Trigger::kTimer);
  const Workload load = tables.Build();
  ASSERT_EQ(load.apps.size(), 2u);
  const AppLoad& a = load.apps[0];
  EXPECT_EQ(a.name, "a");
  EXPECT_EQ(a.owner, "o");
  ASSERT_EQ(a.functions.size(), 2u);
  EXPECT_EQ(a.functions[0].trigger, model::Trigger::kTimer);
  std::map<uint32_t, uint64_t> minutes;
  a.minutes.ForEach([&](uint32_t minute, uint64_t count) { minutes[minute] = count; });
  EXPECT_EQ(minutes, (std::map<uint32_t, uint64_t>{{5, 7}, {6, 1}}));
  minutes.clear();
  load.apps[1].minutes.ForEach([&](uint32_t minute, uint64_t count) { minutes[minute] = count; });
  EXPECT_EQ(minutes, (std::map<uint32_t, uint64_t>{{10, 2}, {2880, 1}, {4319, 200}}));
  EXPECT_EQ(load.invocations, 211u);
  EXPECT_EQ(load.rows, 4u);
  EXPECT_EQ(load.missing_days, std::vector<uint32_t>{1});
  EXPECT_EQ(load.end_minute, 3 * 1440u);
  EXPECT_FALSE(load.has_durations());
}

TEST(Workload, OfRowsThatAreThereTwiceTheFirstIsKept) {
  Tables tables(2);
  tables.Minutes("o/a", "f", 0, {{5, 1}});
  tables.Minutes("o/a", "f", 0, {{6, 1}});
  tables.Durations("o/a", "f", 0, 50);
  tables.Durations("o/a", "f", 0, 60);
  tables.Durations("o/a", "f", 1, 70);
  tables.Memory("o/a", "", 0, 100);
  tables.Memory("o/a", "", 0, 200);
  const Workload load = tables.Build();
  EXPECT_EQ(load.duplicates, 3u);
  EXPECT_EQ(load.joins.duplicate_minutes, 1u);
  EXPECT_EQ(load.joins.duplicate_durations, 1u);
  EXPECT_EQ(load.joins.duplicate_memory, 1u);
  const AppLoad& app = load.apps.at(0);
  EXPECT_EQ(app.minutes.last_minute(), 5u);
  ASSERT_EQ(app.functions[0].durations.size(), 2u);
  EXPECT_EQ(app.functions[0].durations[0].average_ms, 50);
  EXPECT_EQ(app.functions[0].durations[1].day, 1u);
  EXPECT_EQ(app.memory_mb, 100);
  EXPECT_EQ(load.duration_rows, 2u);
  EXPECT_EQ(load.memory_rows, 1u);
}

TEST(Workload, WhatStandsInOneTableOnlyIsCountedAndKeptApart) {
  Tables tables;
  tables.Minutes("o/a", "f", 0, {{5, 1}});
  tables.Minutes("o/a", "g", 0, {{5, 1}});
  tables.Minutes("o/b", "h", 0, {{5, 1}});
  tables.Durations("o/a", "f", 0, 50);
  tables.Durations("o/a", "e", 0, 50);  // a function that was not invoked, of one that was
  tables.Durations("o/c", "f", 0, 50);
  tables.Durations("p/a", "f", 0, -1);  // another owner: another application
  tables.Memory("o/b", "", 0, 120);
  tables.Memory("o/d", "", 0, 0);
  const Workload load = tables.Build();
  ASSERT_EQ(load.apps.size(), 2u);
  EXPECT_EQ(load.joins.functions_without_durations, 2u);
  EXPECT_EQ(load.joins.functions_in_durations_only, 3u);
  EXPECT_EQ(load.joins.apps_without_memory, 1u);
  EXPECT_EQ(load.joins.apps_in_memory_only, 1u);
  EXPECT_EQ(load.joins.bad_durations, 1u);
  EXPECT_EQ(load.joins.bad_memory, 1u);
  ASSERT_EQ(load.uninvoked.size(), 4u);
  EXPECT_EQ(load.uninvoked[0].name, "a");
  EXPECT_EQ(load.uninvoked[0].functions.at(0).name, "e");
  EXPECT_EQ(load.uninvoked[2].name, "d");
  EXPECT_EQ(load.uninvoked[3].owner, "p");
  EXPECT_EQ(load.apps[1].memory_mb, 120);
  EXPECT_EQ(load.apps[0].memory_mb, 0);
}

// Names of applications are met in the order of owners first.
TEST(Workload, ApplicationsOfOneNameAreTheirOwners) {
  Tables tables;
  for (const char* app : {"o/a", "o/z", "p/a", "p/z"}) {
    tables.Minutes(app, "f", 0, {{5, 1}});
    tables.Durations(app, "f", 0, app[0] == 'o' ? 10 : 20);
    tables.Memory(app, "", 0, app[0] == 'o' ? 100 : 200);
  }
  const Workload load = tables.Build();
  ASSERT_EQ(load.apps.size(), 4u);
  EXPECT_TRUE(load.uninvoked.empty());
  for (const AppLoad& app : load.apps) {
    ASSERT_EQ(app.functions.at(0).durations.size(), 1u);
    EXPECT_EQ(app.functions[0].durations[0].average_ms, app.owner == "o" ? 10 : 20);
    EXPECT_EQ(app.memory_mb, app.owner == "o" ? 100 : 200);
  }
}

TEST(Workload, WithoutInvocationsTheOtherTablesAreAll) {
  Tables tables;
  tables.Durations("o/c", "f", 0, 50);
  tables.Memory("o/c", "", 0, 100);
  tables.Memory("o/b", "", 0, 120);
  const Workload load = tables.Build();
  ASSERT_EQ(load.apps.size(), 2u);
  EXPECT_TRUE(load.uninvoked.empty());
  EXPECT_EQ(load.apps[0].name, "b");
  EXPECT_EQ(load.apps[1].functions.at(0).durations.size(), 1u);
  EXPECT_EQ(load.apps[1].memory_mb, 100);
  EXPECT_EQ(load.joins.functions_in_durations_only + load.joins.apps_in_memory_only, 0u);
  EXPECT_EQ(load.invocations, 0u);
}

TEST(Workload, MemoryIsTheMeanOfDaysBySamples) {
  Tables tables;
  tables.Memory("o/a", "", 0, 100, 30);
  tables.Memory("o/a", "", 1, 200, 10);
  tables.Memory("o/a", "", 2, -7, 1000);  // cannot be
  const Workload load = tables.Build();
  EXPECT_DOUBLE_EQ(load.apps.at(0).memory_mb, 125);
  EXPECT_EQ(load.apps[0].memory.size(), 3u);
}

TEST(Workload, SharesOfFunctionsBecomeTheApplication) {
  Tables tables;
  // 94 MB over 27 functions, of which a sample has two.
  tables.Memory("o/a", "f", 0, 94 / 27.0);
  tables.Memory("o/a", "g", 0, 94 / 27.0);
  tables.Memory("o/a", "g", 0, 94 / 27.0);
  // Shares that are of nothing whole add up.
  tables.Memory("o/b", "f", 0, 0.1234567);
  tables.Memory("o/b", "g", 0, 3.5);
  // Whole MB: of two functions that are there, not of one.
  tables.Memory("o/c", "f", 0, 60);
  tables.Memory("o/c", "g", 0, 60);
  // The application itself comes first.
  tables.Memory("o/d", "f", 0, 60);
  tables.Memory("o/d", "", 0, 130);
  const Workload load = tables.Build();
  EXPECT_DOUBLE_EQ(load.apps.at(0).memory_mb, 94);
  EXPECT_EQ(load.apps[0].memory[0].samples, 10u);
  EXPECT_EQ(load.apps[0].memory[0].percentiles_mb[3], 94);
  EXPECT_DOUBLE_EQ(load.apps.at(1).memory_mb, 3.6234567);
  EXPECT_DOUBLE_EQ(load.apps.at(2).memory_mb, 120);
  EXPECT_DOUBLE_EQ(load.apps.at(3).memory_mb, 130);
  EXPECT_EQ(load.joins.duplicate_memory, 2u);
}

// Random tables: the same from one thread and from three, and as a map of maps has it.
TEST(Workload, EqualsItsTwinWhateverTheThreads) {
  std::mt19937 engine(5);
  const auto below = [&](uint32_t n) { return static_cast<uint32_t>(engine()) % n; };
  for (int trial = 0; trial < 20; ++trial) {
    Tables one(1), three(3);
    std::map<std::string, std::map<std::string, std::map<uint32_t, uint64_t>>> twin;
    std::map<std::string, std::map<uint32_t, uint64_t>> of_apps;
    std::map<std::pair<std::string, uint32_t>, bool> seen;
    uint64_t duplicates = 0;
    for (int i = 0; i < 120; ++i) {
      const std::string app = fmt::format("{}/{}", below(3), below(5));
      const std::string function = fmt::format("f{}", below(4));
      const uint32_t day = below(4);
      Tables::Counts counts;
      for (uint32_t k = below(6); k > 0; --k) counts[below(1440)] = 1 + below(1u << below(31));
      one.Minutes(app, function, day, counts);
      three.Minutes(app, function, day, counts);
      if (!seen.emplace(std::pair(app + ' ' + function, day), true).second) {
        ++duplicates;
        continue;
      }
      auto& minutes = twin[app][function];
      for (const auto& [minute, count] : counts) {
        minutes[day * 1440 + minute] += count;
        of_apps[app][day * 1440 + minute] += count;
      }
    }
    const Workload a = one.Build(), b = three.Build();
    ASSERT_EQ(a.apps.size(), twin.size());
    ASSERT_EQ(b.apps.size(), twin.size());
    EXPECT_EQ(a.duplicates, duplicates);
    EXPECT_EQ(b.duplicates, duplicates);
    size_t at = 0;
    for (const auto& [name, functions] : twin) {
      const AppLoad &x = a.apps[at], &y = b.apps[at];
      ++at;
      EXPECT_EQ(x.owner + "/" + x.name, name);
      EXPECT_EQ(y.owner + "/" + y.name, name);
      EXPECT_EQ(x.minutes, y.minutes);
      model::MinuteSeries sum;
      for (const auto& [minute, count] : of_apps[name]) sum.Append(minute, count);
      EXPECT_EQ(x.minutes, sum);
      ASSERT_EQ(x.functions.size(), functions.size());
      size_t f = 0;
      for (const auto& [function, minutes] : functions) {
        model::MinuteSeries series;
        for (const auto& [minute, count] : minutes) series.Append(minute, count);
        EXPECT_EQ(x.functions[f].name, function);
        EXPECT_EQ(x.functions[f].minutes, series);
        EXPECT_EQ(y.functions[f].minutes, series);
        ++f;
      }
    }
  }
}

}  // namespace
}  // namespace plumbago::serverless
