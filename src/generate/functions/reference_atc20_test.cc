// The tables of reference_atc20.cc against the published files.
#include "generate/functions/reference_atc20.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "formats/testing/plain_csv.h"
#include "formats/testing/sample_data.h"
#include "generate/functions/app_memory.h"
#include "generate/functions/function_times.h"
#include "generate/functions/workload_shape.h"

namespace plumbago::generate::functions {
namespace {

using formats::testing::PlainCsvRows;
using Rows = std::vector<std::vector<std::string>>;

TEST(ReferenceAtc20, InvocationsADay) {
  PLUMBAGO_SAMPLE_OR_SKIP(text, "../azure/azure2019_cdf_app_invocations_14days.csv.zst");
  // x is 1 + the whole part of an application's average, so P(average < x) is what it says; from
  // 100,000 on the published steps are single applications, and lie at the knots.
  const Rows rows = PlainCsvRows(text);
  ASSERT_EQ(rows.size(), 4604u);
  const WorkloadShape shape = PublishedShape();
  double last = 0, sum = 0;
  for (const auto& row : rows) {
    const double x = std::stod(row[0]), at = std::stod(row[1]);
    sum += x * (at - last) * kReleaseApps * kReleaseDays;
    last = at;
    if (x < 1.5 || x > 100'000) continue;
    // Where the knots reach x, u lies near what was published.
    double low = 0, high = 1;
    for (int i = 0; i < 50; ++i) {
      const double middle = (low + high) / 2;
      (QuantileOf(shape.invocations_a_day, middle) < x ? low : high) = middle;
    }
    EXPECT_NEAR(low, at, 0.0045) << x;
  }
  // The file's own total is the release's, to 0.02 %.
  EXPECT_NEAR(sum / kReleaseInvocations, 1, 0.0002);
  double total = 0;
  for (uint32_t rank = 0; rank < kReleaseApps; ++rank) {
    total += QuantileOf(shape.invocations_a_day, (rank + 0.5) / kReleaseApps) * kReleaseDays;
  }
  EXPECT_NEAR(total / kReleaseInvocations, 1, 0.01);
}

TEST(ReferenceAtc20, FunctionsPerApp) {
  PLUMBAGO_SAMPLE_OR_SKIP(text, "../azure/atc20_digitised_cdf_points.csv.zst");
  const WorkloadShape shape = PublishedShape();
  int compared = 0;
  for (const auto& row : PlainCsvRows(text)) {
    if (row[0] != "1_functions_per_app" || row[1] != "apps") continue;
    // "2.5": at most 2. The curves are read to 0.01; the release's mean of 2.98 and P99 of 24 say
    // that its tail is a little longer than the drawn one.
    const double x = std::floor(std::stod(row[2]));
    double at = 0;
    for (const CdfPoint& point : FunctionsPerApp()) {
      if (point.x <= x) at = point.at;
    }
    EXPECT_GT(at, std::stod(row[4]) - 0.012) << x;
    EXPECT_LT(at, std::stod(row[5]) + 0.012) << x;
    ++compared;
  }
  EXPECT_GT(compared, 10);
  // Mean, P50, P95, P99, most of the release.
  double mean = 0;
  constexpr int kSteps = 100'000;
  for (int i = 0; i < kSteps; ++i) {
    mean += WholeQuantileOf(shape.functions_per_app, (i + 0.5) / kSteps) / double{kSteps};
  }
  EXPECT_NEAR(mean, 2.98, 0.08);
  EXPECT_EQ(WholeQuantileOf(shape.functions_per_app, 0.5), 1u);
  EXPECT_EQ(WholeQuantileOf(shape.functions_per_app, 0.95), 10u);
  EXPECT_NEAR(WholeQuantileOf(shape.functions_per_app, 0.99), 24, 2);
  EXPECT_EQ(shape.functions_per_app.back().x, 302);
}

TEST(ReferenceAtc20, VariationLiesBetweenTheCurves) {
  PLUMBAGO_SAMPLE_OR_SKIP(text, "../azure/atc20_digitised_cdf_points.csv.zst");
  int compared = 0;
  for (const auto& row : PlainCsvRows(text)) {
    if (row[0] != "6_iat_cv" || row[1] != "no timers") continue;
    for (const CdfPoint& point : VariationWithoutTimers()) {
      if (point.x != std::stod(row[2])) continue;
      EXPECT_NEAR(point.at, (std::stod(row[4]) + std::stod(row[5])) / 2, 0.003) << point.x;
      ++compared;
    }
  }
  EXPECT_GT(compared, 15);
}

TEST(ReferenceAtc20, WeekdaysAreTheFirstWeekOfFigure4) {
  PLUMBAGO_SAMPLE_OR_SKIP(text, "../azure/atc20_digitised_fig4_hourly.csv.zst");
  std::array<double, 7> days{};
  for (const auto& row : PlainCsvRows(text)) {
    const auto day = static_cast<size_t>(std::stoul(row[0]) / 24);
    if (day < 7) days[day] += std::stod(row[2]) / 24;
  }
  const double mean = std::accumulate(days.begin(), days.end(), 0.0) / 7;
  for (size_t d = 0; d < 7; ++d) EXPECT_NEAR(WeekdayProfile()[d], days[d] / mean, 0.004) << d;
}

TEST(ReferenceAtc20, TriggerSetsMakeFigure3a) {
  constexpr double kApps3a[7] = {67.97, 20.84, 5.73, 2.90, 26.95, 6.01, 8.16};
  double all = 0;
  std::array<double, 7> apps{};
  for (const TriggerSet& set : TriggerSets()) {
    all += set.share;
    for (size_t t = 0; t < 7; ++t) apps[t] += (set.triggers >> t & 1) * set.share;
  }
  EXPECT_NEAR(all, 1, 1e-9);
  for (size_t t = 0; t < 7; ++t) EXPECT_NEAR(100 * apps[t], kApps3a[t], 0.15) << t;
}

// Averages, and how far extremes lie from them, by how many executions a day had.
TEST(ReferenceAtc20, DurationsAreLikeTheReleasedRows) {
  PLUMBAGO_SAMPLE_OR_SKIP(text, "../azure/azure2019_durations_10000.csv.zst");
  const auto middle = [](std::vector<double>& values) {
    std::nth_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(values.size() / 2),
                     values.end());
    return values[values.size() / 2];
  };
  std::array<std::vector<double>, 3> released, generated;  // 10 to 99 executions, 100 .., 1,000 ..
  std::vector<double> averages, made;
  for (const auto& row : PlainCsvRows(text)) {
    const double average = std::stod(row[3]), maximum = std::stod(row[6]);
    if (average <= 0 || std::stod(row[5]) <= 0 || maximum <= 0) continue;
    averages.push_back(std::log(average / 1000));
    const auto digits = static_cast<size_t>(std::log10(std::stod(row[4])));
    if (digits >= 1 && digits <= 3) released[digits - 1].push_back(std::log(maximum / average));
  }
  const WorkloadShape shape = PublishedShape();
  for (uint64_t f = 0; f < 4000; ++f) {
    const FunctionTimes times(shape, 1, f);
    Random random(f);
    made.push_back(std::log(times.average_s()));
    for (size_t i = 0; i < 3; ++i) {
      const auto count = static_cast<uint64_t>(30 * std::pow(10, i));
      const FunctionTimes::Day day = times.DrawDay(count, std::min<uint64_t>(count, 1000), random);
      EXPECT_LE(day.minimum_ms, day.average_ms);
      EXPECT_LE(day.average_ms, day.maximum_ms);
      EXPECT_TRUE(std::is_sorted(day.percentiles_ms.begin(), day.percentiles_ms.end()));
      if (day.average_ms > 50) {
        generated[i].push_back(
            std::log(static_cast<double>(day.maximum_ms) / static_cast<double>(day.average_ms)));
      }
    }
  }
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(middle(generated[i]), middle(released[i]), 0.6) << i;
  }
  // Figure 7's fit is of one day; the middle of released rows lies near its e^-0.38 s.
  EXPECT_NEAR(middle(made), kDurationLogMean, 0.15);
  EXPECT_NEAR(middle(made), middle(averages), 0.6);
}

TEST(ReferenceAtc20, MemoryIsLikeTheReleasedRows) {
  PLUMBAGO_SAMPLE_OR_SKIP(text, "../azure/azure2019_app_memory_10000.csv.zst");
  std::vector<double> released, generated, lows, low;
  for (const auto& row : PlainCsvRows(text)) {
    released.push_back(std::stod(row[3]));
    lows.push_back(std::stod(row[4]) / std::stod(row[3]));
  }
  const WorkloadShape shape = PublishedShape();
  for (uint32_t app = 0; app < 10'000; ++app) {
    const AppMemoryDraw draw(shape, 1, app);
    Random random(app);
    const AppMemoryDraw::Day day = draw.DrawDay(random);
    EXPECT_TRUE(std::is_sorted(day.percentiles_mb.begin(), day.percentiles_mb.end()));
    generated.push_back(draw.average_mb());
    low.push_back(static_cast<double>(day.percentiles_mb[0]) / static_cast<double>(day.average_mb));
  }
  for (auto* values : {&released, &generated, &lows, &low}) {
    std::sort(values->begin(), values->end());
  }
  for (const double p : {0.1, 0.25, 0.5, 0.75, 0.9}) {
    const auto at = static_cast<size_t>(p * 10'000);
    // The published fit lies above the released rows from P80 on.
    EXPECT_NEAR(generated[at] / released[at], 1, p < 0.8 ? 0.12 : 0.3) << p;
  }
  EXPECT_NEAR(low[5000], lows[5000], 0.03);
}

}  // namespace
}  // namespace plumbago::generate::functions
