// Whether generated workloads come out as published, over several seeds: tolerances are what is
// reached with some room, so that a change for the worse fails.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <vector>

#include "generate/functions/testing/generated_figures.h"

namespace plumbago::generate::functions {
namespace {

constexpr uint32_t kApps = 8000;
constexpr double kScale = static_cast<double>(kReleaseApps) / kApps;

class Calibration : public ::testing::TestWithParam<uint64_t> {
 protected:
  // Made once for all tests of a seed.
  void SetUp() override {
    static std::map<uint64_t, std::vector<AppFigures>> made;
    std::vector<AppFigures>& figures = made[GetParam()];
    if (figures.empty()) figures = testing::FiguresOf(PublishedShape(), kApps, GetParam());
    figures_ = figures;
  }

  double CountApps(const std::function<bool(const AppFigures&)>& of) const {
    return static_cast<double>(std::count_if(figures_.begin(), figures_.end(), of));
  }
  // Share of `values` that are at most x.
  static double AtMost(const std::vector<double>& values, double x) {
    const auto count =
        std::count_if(values.begin(), values.end(), [&](double v) { return v <= x; });
    return static_cast<double>(count) / static_cast<double>(values.size());
  }

  std::vector<AppFigures> figures_;
};

TEST_P(Calibration, Totals) {
  uint64_t invocations = 0, functions = 0, rows = 0;
  for (const AppFigures& app : figures_) {
    invocations += app.total;
    functions += app.functions.size();
    for (const FunctionFigures& function : app.functions) rows += function.days;
  }
  // The release's, which 8,000 applications share in proportion; the few that are invoked most
  // thin out with their number.
  EXPECT_NEAR(static_cast<double>(invocations) * kScale / kReleaseInvocations, 1, 0.1);
  EXPECT_NEAR(static_cast<double>(functions) * kScale / kReleaseFunctions, 1, 0.05);
  EXPECT_NEAR(static_cast<double>(rows) * kScale / kReleaseInvocationRows, 1, 0.06);
  // 17,577 of 24,274 have an invocation on the first day (azure2019_app_day_invocations).
  EXPECT_NEAR(CountApps([](const AppFigures& app) {
                return app.total > 0 && app.first_minute < kMinutesOfDay;
              }) / kApps,
              17'577. / kReleaseApps, 0.05);
}

TEST_P(Calibration, SizesAndRates) {
  std::vector<double> sizes, a_day;
  for (const AppFigures& app : figures_) {
    sizes.push_back(static_cast<double>(app.functions.size()));
    a_day.push_back(static_cast<double>(app.total) / kReleaseDays);
  }
  for (const CdfPoint& point : FunctionsPerApp()) {
    EXPECT_NEAR(AtMost(sizes, point.x), point.at, 0.015) << point.x << " functions";
  }
  // Between the jumps of the curve.
  for (const CdfPoint& point : {CdfPoint{0.2, 0.066},
                                {0.9, 0.1386},
                                {2.0, 0.2326},
                                {9.05, 0.354},
                                {18.05, 0.399},
                                {47.5, 0.467},
                                {145, 0.5596},
                                {360, 0.68},
                                {720, 0.764},
                                {1484, 0.8361},
                                {5215, 0.9049},
                                {20275, 0.9503},
                                {203646, 0.986}}) {
    EXPECT_NEAR(AtMost(a_day, point.x), point.at, 0.012) << point.x << " a day";
  }
  // Figure 5a, functions (digitised; of a larger set than the release): they are split up, so
  // their distribution follows less closely. Very rare ones are too many.
  std::vector<double> functions;
  for (const AppFigures& app : figures_) {
    for (const FunctionFigures& function : app.functions) {
      functions.push_back(static_cast<double>(function.total) / kReleaseDays);
    }
  }
  for (const CdfPoint& point : {CdfPoint{1.05, 0.315},
                                {2.1, 0.411},
                                {5, 0.497},
                                {10, 0.555},
                                {23, 0.623},
                                {95, 0.726},
                                {285, 0.815},
                                {1480, 0.92},
                                {1e4, 0.968},
                                {86400, 0.9925}}) {
    EXPECT_NEAR(AtMost(functions, point.x), point.at, 0.035) << point.x << " a day";
  }
  EXPECT_LT(AtMost(functions, 0.1), 0.07 + 0.07);
}

TEST_P(Calibration, Triggers) {
  std::array<double, kTriggerKinds> functions{}, invocations{}, apps{};
  double all_functions = 0, all_invocations = 0;
  std::map<uint8_t, double> sets;
  for (const AppFigures& app : figures_) {
    for (const FunctionFigures& function : app.functions) {
      functions[function.trigger] += 1;
      invocations[function.trigger] += static_cast<double>(function.total);
      all_functions += 1;
      all_invocations += static_cast<double>(function.total);
    }
    for (uint8_t t = 0; t < kTriggerKinds; ++t) apps[t] += app.triggers >> t & 1;
    sets[app.triggers] += 1.0 / kApps;
  }
  // Figure 3a, release, %.
  constexpr double kApps3a[kTriggerKinds] = {67.97, 20.84, 5.73, 2.90, 26.95, 6.01, 8.16};
  for (uint8_t t = 0; t < kTriggerKinds; ++t) {
    EXPECT_NEAR(functions[t] / all_functions, TriggerFunctionShares()[t], 0.04) << int{t};
    EXPECT_NEAR(invocations[t] / all_invocations, TriggerInvocationShares()[t], 0.05) << int{t};
    EXPECT_NEAR(100 * apps[t] / kApps, kApps3a[t], 2.3) << int{t};
  }
  double distance = 0;
  for (const TriggerSet& set : TriggerSets()) {
    distance += std::abs(sets[set.triggers] - set.share) / 2;
  }
  EXPECT_LT(distance, 0.04);
}

TEST_P(Calibration, Variation) {
  std::vector<double> without, only, some;
  for (const AppFigures& app : figures_) {
    if (app.variation < 0) continue;
    if (app.triggers == kTimerBit) only.push_back(app.variation);
    ((app.triggers & kTimerBit) != 0 ? some : without).push_back(app.variation);
  }
  for (const CdfPoint& point : VariationWithoutTimers()) {
    if (point.x == 0 || point.x > 10) continue;
    EXPECT_NEAR(AtMost(without, point.x), point.at, 0.06) << "no timers, " << point.x;
  }
  for (const CdfPoint& point :
       {CdfPoint{0.05, 0.58}, {0.25, 0.745}, {0.5, 0.856}, {1, 0.937}, {2, 0.979}, {5, 0.996}}) {
    EXPECT_NEAR(AtMost(only, point.x), point.at, 0.07) << "only timers, " << point.x;
  }
  // The loosest of all: what timers and others make together comes out more even than published.
  for (const CdfPoint& point :
       {CdfPoint{0.05, 0.365}, {0.25, 0.52}, {0.5, 0.638}, {1, 0.767}, {2, 0.862}, {5, 0.945}}) {
    EXPECT_NEAR(AtMost(some, point.x), point.at, 0.13) << "a timer, " << point.x;
  }
}

TEST_P(Calibration, HoursAndDays) {
  std::array<double, 24> hours{};
  std::array<double, 7> days{};
  double all = 0;
  for (const AppFigures& app : figures_) {
    for (size_t h = 0; h < 24; ++h) hours[h] += static_cast<double>(app.hours[h]);
    for (size_t d = 0; d < 7; ++d) days[d] += static_cast<double>(app.weekdays[d]);
    all += static_cast<double>(app.total);
  }
  for (size_t h = 0; h < 24; ++h) EXPECT_NEAR(24 * hours[h] / all, HourProfile()[h], 0.02) << h;
  for (size_t d = 0; d < 7; ++d) EXPECT_NEAR(7 * days[d] / all, WeekdayProfile()[d], 0.02) << d;
}

INSTANTIATE_TEST_SUITE_P(Seeds, Calibration, ::testing::Values(1, 2, 3));

}  // namespace
}  // namespace plumbago::generate::functions
