#include "generate/functions/generate_invocations.h"

#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <set>
#include <string>

#include "formats/testing/plain_csv.h"

namespace plumbago::generate::functions {
namespace {

using formats::testing::PlainCsvRows;

using Texts = std::map<std::pair<Table, uint32_t>, std::string>;

struct Made {
  Texts texts;
  InvocationsTruth truth;
};

Made Make(const InvocationOptions& options) {
  Made made;
  std::mutex mutex;
  auto truth = GenerateInvocations(
      PublishedShape(), options,
      [&](Table table, uint32_t day, std::string_view text) -> Result<void> {
        const std::lock_guard lock(mutex);
        made.texts[{table, day}] += text;
        return {};
      },
      [] { return false; });
  EXPECT_TRUE(truth) << truth.error().Text();
  if (truth) made.truth = std::move(*truth);
  return made;
}

InvocationOptions Small() {
  InvocationOptions options;
  options.apps = 150;
  options.days = 5;
  options.memory_days = 3;
  options.seed = 7;
  options.log_rows = 5000;
  return options;
}

TEST(GenerateInvocations, SameBytesForAnyThreads) {
  InvocationOptions options = Small();
  options.damage.duplicates = options.damage.malformed = options.damage.one_table = 0.05;
  const Made one = Make(options);
  const std::string truth = one.truth.Json(options, false);
  for (const unsigned threads : {2u, 4u}) {
    options.threads = threads;
    const Made made = Make(options);
    EXPECT_TRUE(one.texts == made.texts) << threads;
    EXPECT_EQ(truth, made.truth.Json(options, false)) << threads;
  }
  options.seed = 8;
  EXPECT_FALSE(one.texts == Make(options).texts);
}

// Fewer days are the beginning of more, up to the span of the shape.
TEST(GenerateInvocations, FewerDaysAreTheFirst) {
  InvocationOptions options = Small();
  const Made all = Make(options);
  options.days = 2;
  options.memory_days = 2;
  const Made some = Make(options);
  for (uint32_t day = 0; day < 2; ++day) {
    EXPECT_TRUE(all.texts.at({Table::kInvocations, day}) ==
                some.texts.at({Table::kInvocations, day}));
    EXPECT_TRUE(all.texts.at({Table::kDurations, day}) == some.texts.at({Table::kDurations, day}));
  }
}

// A reader of its own finds what the truth says.
TEST(GenerateInvocations, TruthIsWhatTheTablesHold) {
  InvocationOptions options = Small();
  options.apps = 300;
  options.threads = 2;
  options.damage = {.duplicates = 0.1,
                    .malformed = 0.1,
                    .one_table = 0.1,
                    .negative = 0.1,
                    .counts = 0.1,
                    .missing_day = 2};
  const Made made = Make(options);
  const InvocationCounts& truth = made.truth.counts;
  EXPECT_EQ(made.texts.count({Table::kInvocations, 1}), 0u);
  InvocationCounts found;
  std::set<std::string> functions, apps, timed, sized;
  std::map<std::pair<std::string, uint32_t>, uint64_t> totals;  // by function and day
  for (uint32_t day = 0; day < options.days; ++day) {
    if (day == 1) continue;
    std::set<std::string> seen;
    for (const auto& row : PlainCsvRows(made.texts.at({Table::kInvocations, day}))) {
      bool good = row.size() == 1444;
      uint64_t total = 0;
      for (size_t i = 4; good && i < row.size(); ++i) {
        good = !row[i].empty() && row[i].find_first_not_of("0123456789") == std::string::npos;
        if (good) total += std::stoull(row[i]);
      }
      if (!good) {
        ++found.malformed_lines;
      } else if (!seen.insert(row[2]).second) {
        ++found.duplicate_rows;
      } else {
        ++found.rows;
        found.invocations += total;
        functions.insert(row[2]);
        apps.insert(row[1]);
        totals[{row[2], day}] = total;
      }
    }
  }
  for (uint32_t day = 0; day < options.days; ++day) {
    for (const auto& row : PlainCsvRows(made.texts.at({Table::kDurations, day}))) {
      ASSERT_EQ(row.size(), 14u);
      ++found.duration_rows;
      timed.insert(row[2]);
      found.negative_rows += std::stoll(row[3]) < 0;
      found.not_above_0_rows +=
          std::stod(row[3]) <= 0 || std::stod(row[5]) <= 0 || std::stod(row[6]) <= 0;
      const auto total = totals.find({row[2], day});
      if (total != totals.end()) found.other_count_rows += std::stoull(row[4]) != total->second;
    }
  }
  for (uint32_t day = 0; day < options.memory_days; ++day) {
    for (const auto& row : PlainCsvRows(made.texts.at({Table::kMemory, day}))) {
      ASSERT_EQ(row.size(), 12u);
      ++found.memory_rows;
      sized.insert(row[1]);
    }
  }
  for (const std::string& f : functions) found.functions_without_durations += !timed.contains(f);
  for (const std::string& f : timed) found.functions_in_durations_only += !functions.contains(f);
  for (const std::string& a : apps) found.apps_without_memory += !sized.contains(a);
  for (const std::string& a : sized) found.apps_in_memory_only += !apps.contains(a);
  EXPECT_EQ(found.rows, truth.rows);
  EXPECT_EQ(found.invocations, truth.invocations);
  EXPECT_EQ(functions.size(), truth.functions);
  EXPECT_EQ(apps.size(), truth.apps);
  EXPECT_EQ(found.duration_rows, truth.duration_rows);
  EXPECT_EQ(found.memory_rows, truth.memory_rows);
  EXPECT_EQ(found.malformed_lines, truth.malformed_lines);
  EXPECT_EQ(found.duplicate_rows, truth.duplicate_rows);
  EXPECT_EQ(found.negative_rows, truth.negative_rows);
  EXPECT_EQ(found.not_above_0_rows, truth.not_above_0_rows);
  EXPECT_EQ(found.functions_without_durations, truth.functions_without_durations);
  EXPECT_EQ(found.functions_in_durations_only, truth.functions_in_durations_only);
  EXPECT_EQ(found.apps_without_memory, truth.apps_without_memory);
  EXPECT_EQ(found.apps_in_memory_only, truth.apps_in_memory_only);
  // Those of the day without invocations cannot be told from others.
  EXPECT_LE(found.other_count_rows, truth.other_count_rows);
  EXPECT_GT(found.other_count_rows, truth.other_count_rows / 2);
  for (const uint64_t count : {truth.duplicate_rows, truth.malformed_lines, truth.negative_rows,
                               truth.functions_without_durations, truth.apps_in_memory_only}) {
    EXPECT_GT(count, 0u);
  }
}

// The log has the executions of its applications that the tables count, minute by minute.
TEST(GenerateInvocations, LogAgreesWithTheTables) {
  const InvocationOptions options = Small();
  const Made made = Make(options);
  std::map<std::string, std::map<uint64_t, uint64_t>> logged;  // by function and minute
  std::set<std::string> apps;
  uint64_t rows = 0;
  for (const auto& row : PlainCsvRows(made.texts.at({Table::kLog, 0}))) {
    ASSERT_EQ(row.size(), 4u);
    ++logged[row[1]][static_cast<uint64_t>(std::stod(row[2]) / 60)];
    EXPECT_GE(std::stod(row[3]), 0);
    apps.insert(row[0]);
    ++rows;
  }
  EXPECT_EQ(rows, made.truth.counts.log_rows);
  EXPECT_EQ(apps.size(), made.truth.counts.log_apps);
  EXPECT_GT(apps.size(), 3u);
  std::map<std::string, std::map<uint64_t, uint64_t>> counted;
  for (uint32_t day = 0; day < options.days; ++day) {
    for (const auto& row : PlainCsvRows(made.texts.at({Table::kInvocations, day}))) {
      if (!apps.contains(row[1])) continue;
      for (size_t i = 4; i < row.size(); ++i) {
        if (row[i] != "0") counted[row[2]][day * 1440 + i - 4] = std::stoull(row[i]);
      }
    }
  }
  EXPECT_TRUE(logged == counted);
}

TEST(GenerateInvocations, StopsAtAnErrorOfTheSink) {
  InvocationOptions options = Small();
  options.threads = 3;
  int calls = 0;
  std::mutex mutex;
  const auto made = GenerateInvocations(
      PublishedShape(), options,
      [&](Table, uint32_t, std::string_view) -> Result<void> {
        const std::lock_guard lock(mutex);
        if (++calls > 30) return Fail(ErrorKind::kResource, "disk full");
        return {};
      },
      [] { return false; });
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().message, "disk full");
  const auto stopped = GenerateInvocations(
      PublishedShape(), options,
      [](Table, uint32_t, std::string_view) -> Result<void> { return {}; }, [] { return true; });
  ASSERT_TRUE(stopped);
  EXPECT_TRUE(stopped->interrupted);
}

TEST(GenerateInvocations, OneApplicationOneDay) {
  InvocationOptions options;
  options.apps = 1;
  options.days = options.memory_days = 1;
  const Made made = Make(options);
  EXPECT_EQ(made.truth.counts.rows, made.truth.counts.duration_rows);
  EXPECT_EQ(made.texts.size(), 3u);
}

TEST(ParseInvocationDamage, SaysWhatIsWrong) {
  const auto damage = ParseInvocationDamage("duplicates=0.25,missing-day=3", 14);
  ASSERT_TRUE(damage);
  EXPECT_EQ(damage->duplicates, 0.25);
  EXPECT_EQ(damage->missing_day, 3u);
  for (const auto& [text, expected] :
       std::map<std::string, std::string>{{"dups=1", "there are duplicates"},
                                          {"duplicates", "KIND=SHARE"},
                                          {"duplicates=0.6", "from 0 to 0.5"},
                                          {"negative=nan", "from 0 to 0.5"},
                                          {"missing-day=15", "from 1 to 14"}}) {
    const auto wrong = ParseInvocationDamage(text, 14);
    ASSERT_FALSE(wrong) << text;
    EXPECT_NE(wrong.error().message.find(expected), std::string::npos) << wrong.error().message;
  }
}

}  // namespace
}  // namespace plumbago::generate::functions
