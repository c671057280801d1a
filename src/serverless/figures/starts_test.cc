#include "serverless/figures/starts.h"

#include <gtest/gtest.h>

#include <cmath>

#include "serverless/figures/durations.h"
#include "serverless/figures/memory.h"
#include "statistics/normal.h"
#include "statistics/random.h"

namespace plumbago::serverless {
namespace {

const document::Headline& Find(const document::Section& section, const std::string& name) {
  for (const document::Headline& headline : section.headline) {
    if (headline.name == name) return headline;
  }
  ADD_FAILURE() << "no headline " << name;
  static const document::Headline kNone;
  return kNone;
}

TEST(Weibull, HasTheMeanAndDeviationAskedFor) {
  for (const auto& [mean, deviation] : {std::pair{1.25, 3.66}, {2.0, 2.0}, {10.0, 1.0}}) {
    const Weibull weibull = WeibullOf(mean, deviation);
    // By quantiles in steps of 1 / 100,000: the far tail is missed a little.
    double sum = 0, squares = 0;
    constexpr int kSteps = 100'000;
    for (int i = 0; i < kSteps; ++i) {
      const double x = weibull.Quantile((i + 0.5) / kSteps);
      sum += x / kSteps;
      squares += x * x / kSteps;
    }
    EXPECT_NEAR(sum, mean, 0.002 * mean);
    EXPECT_NEAR(std::sqrt(squares - sum * sum), deviation, 0.02 * deviation);
  }
  EXPECT_NEAR(WeibullOf(2, 2).shape, 1, 1e-9);  // the exponential
}

TEST(Starts, AreFittedAndTheirPartsCounted) {
  Workload load;
  load.end_minute = 1440;
  statistics::Random random(4);
  StartLog& log = load.start_logs.emplace_back();
  log.function = "f";
  for (int i = 0; i < 4000; ++i) {
    StartLog::Start& start = log.starts.emplace_back();
    start.at_us = int64_t{i} * 2'000'000;
    // Log-normal: median 1.5 s, sigma 0.8.
    const double seconds = 1.5 * std::exp(0.8 * statistics::NormalQuantile(random.Unit()));
    start.total_us = static_cast<int64_t>(seconds * 1e6);
    start.parts_us = {start.total_us / 2, model::ColdStart::kUnknown, 0, start.total_us / 4};
  }
  document::Section section;
  ASSERT_TRUE(Starts(Context(load, 1, 20), section));
  EXPECT_EQ(*Find(section, "starts").value, 4000);
  EXPECT_NEAR(*Find(section, "start_p50").value, 1.5e9, 0.08e9);
  EXPECT_DOUBLE_EQ(*Find(section, "between_mean").value, 2e9);
  EXPECT_NEAR(*Find(section, "start_p50").published, 1.345e9, 0.005e9);
  ASSERT_EQ(section.tables.size(), 2u);
  EXPECT_EQ(section.tables[0].rows.size(), 4u);  // the whole, and three parts that are said
  const auto& fit = section.tables[1].rows[0];
  EXPECT_NEAR(std::get<double>(fit[1]), std::log(1.5), 0.04);
  EXPECT_NEAR(std::get<double>(fit[2]), 0.8, 0.03);
  EXPECT_GT(std::get<double>(fit[4]), 0.01);  // it is a log-normal
  EXPECT_EQ(section.figures.size(), 3u);
}

TEST(Starts, ThereIsNoSectionWithoutALog) {
  Workload load;
  document::Section section;
  EXPECT_FALSE(Starts(Context(load, 1, 20), section));
}

TEST(Durations, OfALogAreByFunction) {
  Workload load;
  load.end_minute = 60;
  load.execution_rows = 4;
  AppLoad& app = load.apps.emplace_back();
  app.functions.resize(2);
  // Of function 0 twice: 1 and 3 s; of function 1 once 200 ms, once not known.
  app.executions = {
      {0, 1'000'000, -1, 0}, {5, 200'000, -1, 1}, {9, 3'000'000, -1, 0}, {9, 0, -1, 1}};
  document::Section section;
  ASSERT_TRUE(Durations(Context(load, 1, 20), section));
  EXPECT_DOUBLE_EQ(*Find(section, "average_below_second").value, 0.5);
  EXPECT_DOUBLE_EQ(*Find(section, "maximum_below_3s").value, 0.5);
  EXPECT_NE(section.computed.find("over the log"), std::string::npos);
}

TEST(Memory, OfALogIsWhatItsExecutionsSay) {
  Workload load;
  for (const double mb : {64.0, 128.0, 128.5, 512.0, 0.0}) load.apps.emplace_back().memory_mb = mb;
  document::Section section;
  ASSERT_TRUE(Memory(Context(load, 1, 20), section));
  EXPECT_EQ(*Find(section, "average_p50").value, 128e6);
  EXPECT_FALSE(Find(section, "maximum_at_most_400").value);
  EXPECT_EQ(section.figures.size(), 1u);
}

}  // namespace
}  // namespace plumbago::serverless
