// Executions of logs, put together by whatever threads in whatever order.
#include "serverless/execution_builder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "serverless/workload_builder.h"

namespace plumbago::serverless {
namespace {

constexpr int64_t kSecond = 1'000'000, kMinute = 60 * kSecond, kDay = 1440 * kMinute;

class Log {
 public:
  explicit Log(size_t threads = 1) : collectors_(threads) {}

  model::Execution Row(const std::string& app, const std::string& function, int64_t start_us,
                       int64_t duration_us) {
    model::Execution row;
    row.owner = names_.Instance("o");
    row.app = names_.Service(app);
    row.function = names_.Operation(function);
    row.start_us = start_us;
    row.duration_us = duration_us;
    return row;
  }
  void Add(const model::Execution& row) {
    model::CallBatch batch;
    batch.functions.executions.push_back(row);
    collectors_[at_++ % collectors_.size()].Accept(batch);
  }
  void Add(const std::string& app, const std::string& function, int64_t start_us,
           int64_t duration_us) {
    Add(Row(app, function, start_us, duration_us));
  }
  void AddStart(const std::string& app, int64_t at_us, float memory_mb) {
    model::CallBatch batch;
    model::ColdStart row;
    row.app = names_.Service(app);
    row.function = names_.Operation("f");
    row.at_us = at_us;
    row.memory_mb = memory_mb;
    batch.functions.cold_starts.push_back(row);
    collectors_[at_++ % collectors_.size()].Accept(batch);
  }
  void AddMinutes(const std::string& app, uint32_t day) {
    model::CallBatch batch;
    model::FunctionMinutes row;
    row.owner = names_.Instance("o");
    row.app = names_.Service(app);
    row.function = names_.Operation("f");
    row.first = day * 1440;
    row.end = row.first + 1440;
    row.counts = 1;
    batch.functions.counts.push_back({row.first + 3, 1});
    batch.functions.minutes.push_back(row);
    collectors_[0].Accept(batch);
  }
  Workload Build() {
    Result<Workload> load = BuildWorkload(collectors_, names_);
    EXPECT_TRUE(load);
    return std::move(*load);
  }

 private:
  model::Names names_;
  std::vector<FunctionCollector> collectors_;
  size_t at_ = 0;
};

std::map<uint32_t, uint64_t> Minutes(const model::MinuteSeries& series) {
  std::map<uint32_t, uint64_t> minutes;
  series.ForEach([&](uint32_t minute, uint64_t count) { minutes[minute] = count; });
  return minutes;
}

TEST(Executions, AreSortedAndCountedByStart) {
  Log log;
  log.Add("b", "g", 61 * kSecond, 5 * kSecond);
  log.Add("a", "z", 200 * kSecond, 0);
  log.Add("b", "f", 10 * kSecond, 100 * kSecond);
  log.Add("b", "g", 61 * kSecond, 5 * kSecond);  // the same again is another one
  const Workload load = log.Build();
  ASSERT_EQ(load.apps.size(), 2u);
  const AppLoad& b = load.apps[1];
  EXPECT_EQ(b.owner, "o");
  ASSERT_EQ(b.executions.size(), 3u);
  EXPECT_EQ(b.executions[0].start_us, 10 * kSecond);
  EXPECT_EQ(b.executions[0].duration_us, 100 * kSecond);
  EXPECT_EQ(b.executions[0].function, 0u);
  EXPECT_EQ(b.executions[2].function, 1u);
  EXPECT_EQ(Minutes(b.minutes), (std::map<uint32_t, uint64_t>{{0, 1}, {1, 2}}));
  EXPECT_EQ(Minutes(b.functions.at(1).minutes), (std::map<uint32_t, uint64_t>{{1, 2}}));
  EXPECT_EQ(load.execution_rows, 4u);
  EXPECT_EQ(load.invocations, 4u);
  EXPECT_EQ(load.first_minute, 0u);
  EXPECT_EQ(load.end_minute, 4u);
  EXPECT_EQ(load.day0, model::kNoDay);
}

TEST(Executions, MinuteZeroOfDatesIsMidnight) {
  Log log;
  const int64_t noon = 20'000 * kDay + kDay / 2;
  for (const int64_t start : {noon + 3 * kDay, noon}) {
    model::Execution row = log.Row("a", "f", start, kSecond);
    row.dated = true;
    log.Add(row);
  }
  log.Add("a", "f", 5 * kSecond, kSecond);  // when is that?
  const Workload load = log.Build();
  EXPECT_EQ(load.day0, 20'000);
  EXPECT_EQ(load.first_minute, 720u);
  EXPECT_EQ(load.end_minute, 3 * 1440u + 721);
  EXPECT_EQ(load.missing_days, (std::vector<uint32_t>{1, 2}));
  EXPECT_EQ(load.log.undated, 1u);
  EXPECT_EQ(load.execution_rows, 2u);
}

TEST(Executions, WhatBeganBeforeTheDataBeginsWithThem) {
  Log log;
  log.Add("a", "f", -30 * kSecond, 40 * kSecond);
  log.Add("a", "f", -30 * kSecond, 20 * kSecond);
  log.Add("a", "f", 7 * kSecond, model::Execution::kUnknown);
  const Workload load = log.Build();
  ASSERT_EQ(load.apps.at(0).executions.size(), 2u);
  EXPECT_EQ(load.apps[0].executions[0].start_us, 0);
  EXPECT_EQ(load.apps[0].executions[0].duration_us, 10 * kSecond);
  EXPECT_EQ(load.apps[0].executions[1].duration_us, 0);
  EXPECT_EQ(load.log.clipped, 1u);
  EXPECT_EQ(load.log.outside, 1u);
  EXPECT_EQ(load.log.without_duration, 1u);
}

TEST(Executions, MemoryTriggerAndColdStartsOfThoseThatSay) {
  Log log;
  model::Execution row = log.Row("a", "f", 0, kSecond);
  row.memory_mb = 100;
  row.trigger = model::Trigger::kTimer;
  log.Add(row);
  row.memory_mb = 200;
  row.was_cold = true;
  row.cold_us = 3;
  row.start_us = kMinute;
  log.Add(row);
  log.Add("a", "f", 2 * kMinute, kSecond);
  const Workload load = log.Build();
  const AppLoad& app = load.apps.at(0);
  EXPECT_DOUBLE_EQ(app.memory_mb, 150);
  EXPECT_EQ(app.functions.at(0).trigger, model::Trigger::kTimer);
  EXPECT_EQ(app.executions[1].cold_us, 3);
  EXPECT_EQ(app.executions[0].cold_us, -1);
  EXPECT_EQ(load.log.cold, 1u);
}

TEST(Executions, OfWhatTablesHaveAreLeftOut) {
  Log log;
  log.AddMinutes("b", 1);
  log.Add("b", "f", 5 * kSecond, kSecond);
  log.Add("a", "f", 3 * kDay, kSecond);
  log.Add("c", "f", 3 * kDay, kSecond);
  const Workload load = log.Build();
  ASSERT_EQ(load.apps.size(), 3u);
  EXPECT_EQ(load.apps[0].name, "a");
  EXPECT_TRUE(load.apps[1].executions.empty());
  EXPECT_EQ(load.log.in_tables, 1u);
  EXPECT_EQ(load.invocations, 3u);
  EXPECT_EQ(load.missing_days, (std::vector<uint32_t>{2}));
}

TEST(Executions, ColdStartsAlone) {
  Log log(2);
  log.AddStart("a", 100 * kSecond, 512);
  log.AddStart("a", 40 * kSecond, 0);
  log.AddStart("b", 70 * kSecond, 128);
  const Workload load = log.Build();
  EXPECT_TRUE(load.apps.empty());
  ASSERT_EQ(load.start_logs.size(), 2u);
  EXPECT_EQ(load.start_logs[0].starts.at(0).at_us, 40 * kSecond);
  EXPECT_DOUBLE_EQ(load.start_logs[0].memory_mb, 512);
  EXPECT_EQ(load.end_minute, 2u);
}

// The same rows in another order, by other threads.
TEST(Executions, TheOrderOfRowsDoesNotMatter) {
  std::mt19937 engine(3);
  const auto below = [&](uint32_t n) { return static_cast<uint32_t>(engine()) % n; };
  for (int trial = 0; trial < 30; ++trial) {
    struct Plain {
      std::string app, function;
      int64_t start, duration, cold;
      float memory;
    };
    std::vector<Plain> rows;
    for (int i = 0; i < 60; ++i) {
      rows.push_back({fmt::format("a{}", below(4)), fmt::format("f{}", below(3)),
                      below(5) * kMinute / 2, below(3) * kSecond, below(2) ? 5 : -1,
                      static_cast<float>(below(3)) * 0.1F});
    }
    const auto build = [&](size_t threads) {
      Log log(threads);
      for (const Plain& plain : rows) {
        model::Execution row = log.Row(plain.app, plain.function, plain.start, plain.duration);
        row.cold_us = plain.cold;
        row.memory_mb = plain.memory;
        log.Add(row);
      }
      return log.Build();
    };
    const Workload one = build(1);
    std::shuffle(rows.begin(), rows.end(), engine);
    const Workload other = build(3);
    ASSERT_EQ(one.apps.size(), other.apps.size());
    for (size_t a = 0; a < one.apps.size(); ++a) {
      const AppLoad &x = one.apps[a], &y = other.apps[a];
      EXPECT_EQ(x.name, y.name);
      EXPECT_EQ(x.memory_mb, y.memory_mb);
      EXPECT_EQ(x.minutes, y.minutes);
      ASSERT_EQ(x.executions.size(), y.executions.size());
      for (size_t i = 0; i < x.executions.size(); ++i) {
        EXPECT_EQ(x.executions[i].start_us, y.executions[i].start_us);
        EXPECT_EQ(x.executions[i].duration_us, y.executions[i].duration_us);
        EXPECT_EQ(x.executions[i].cold_us, y.executions[i].cold_us);
        EXPECT_EQ(x.executions[i].function, y.executions[i].function);
      }
    }
  }
}

}  // namespace
}  // namespace plumbago::serverless
