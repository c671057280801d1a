// Rules without a model, and how forecasts are compared.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string_view>
#include <vector>

#include "forecast/auto_arima.h"
#include "forecast/backtest.h"
#include "forecast/reference_series.h"
#include "forecast/simple_rules.h"

namespace plumbago::forecast {
namespace {

const std::vector<double>& SeriesOf(std::string_view name) {
  for (const ReferenceSeries& series : AllReferenceSeries()) {
    if (name == series.name) return series.values;
  }
  static const std::vector<double> none;
  ADD_FAILURE() << "no series " << name;
  return none;
}

TEST(SimpleRules, MedianAndSeason) {
  const std::vector<double> values = {9, 1, 7, 3, 8, 2};
  EXPECT_EQ(MedianOfLast(values, 5), 3);
  EXPECT_EQ(MedianOfLast(values, 4), 5);
  EXPECT_EQ(MedianOfLast(values, 100), 5);
  EXPECT_EQ(MedianOfLast(std::vector<double>{4}, 5), 4);
  EXPECT_EQ(SeasonalNaive(values, 2), 8);
  EXPECT_EQ(SeasonalNaive(values, 7), 2);
}

// HoltWinters(x, gamma = FALSE[, beta = FALSE]) of R 4.2.2: weights, sum of squares, last level and
// trend. Its optimiser stops early: the sum of squares may be lower here, by a thousandth.
TEST(SimpleRules, SmoothingIsThatOfR) {
  const Smoothed nile = SimpleSmoothing(SeriesOf("Nile"));
  EXPECT_NEAR(nile.alpha, 0.246557877, 2e-3);
  EXPECT_NEAR(nile.squares, 2038871.83, 20);
  EXPECT_LE(nile.squares, 2038871.84);
  EXPECT_NEAR(nile.level, 805.038859, 0.2);
  const Smoothed huron = SimpleSmoothing(SeriesOf("LakeHuron"));
  EXPECT_NEAR(huron.alpha, 1, 1e-3);
  EXPECT_LE(huron.squares, 53.86594078);
  const Smoothed people = HoltSmoothing(SeriesOf("uspop"));
  EXPECT_NEAR(people.alpha, 1, 1e-3);
  EXPECT_NEAR(people.beta, 0.770906, 5e-3);
  EXPECT_LE(people.squares, 299.582504);
  EXPECT_NEAR(people.Ahead(1), 203.2 + 24.2904, 0.2);
  const Smoothed miles = HoltSmoothing(SeriesOf("airmiles"));
  EXPECT_NEAR(miles.alpha, 0.80729243, 5e-3);
  EXPECT_NEAR(miles.beta, 0.38958322, 5e-3);
  EXPECT_LE(miles.squares, 2.48793836e7);
  EXPECT_GE(miles.squares, 2.4e7);
  const Smoothed residents = HoltSmoothing(SeriesOf("austres"));
  EXPECT_NEAR(residents.beta, 0.406252, 5e-3);
  EXPECT_LE(residents.squares, 8811.784798);
}

TEST(SimpleRules, LinesAndLevels) {
  const std::vector<double> line = {10, 13, 16, 19, 22}, level(7, 42.0);
  EXPECT_NEAR(HoltSmoothing(line).Ahead(2), 28, 1e-9);
  EXPECT_EQ(SimpleSmoothing(level).Ahead(1), 42);
  EXPECT_EQ(HoltSmoothing(level).Ahead(1), 42);
  const double huge = std::numeric_limits<double>::max();
  for (const auto& values :
       std::vector<std::vector<double>>{{1}, {1, 2}, {huge, -huge, huge}, {0, 0}}) {
    EXPECT_FALSE(std::isnan(SimpleSmoothing(values).Ahead(1)));
    EXPECT_FALSE(std::isnan(HoltSmoothing(values).Ahead(1)));
  }
}

TEST(Backtest, ByHand) {
  // As the last one, from the third value on: misses 2, 4; missed before 1, 1.5.
  const std::vector<double> values = {1, 2, 4, 0};
  const auto last = [](std::span<const double> past) { return std::optional(past.back()); };
  const Backtest result = RollingOrigin(values, last, 2);
  EXPECT_EQ(result.forecasts, 2u);
  EXPECT_DOUBLE_EQ(result.mae, 3);
  EXPECT_DOUBLE_EQ(result.mase, (2 / 1.0 + 4 / 1.5) / 2);
  const auto none = [](std::span<const double>) { return std::optional<double>(); };
  EXPECT_EQ(RollingOrigin(values, none, 1).silent, 3u);
  EXPECT_EQ(RollingOrigin(std::vector<double>{3, 3, 3}, last, 1).scaled, 0u);
}

// What it must be able to say: ARIMA is better where there is a trend, and where values alternate.
TEST(Backtest, TellsArimaFromTheMedian) {
  const auto arima = [](std::span<const double> past) -> std::optional<double> {
    const auto found = AutoArima(past);
    if (!found) return std::nullopt;
    return found->fit.Forecast(1)[0].mean;
  };
  const auto median = [](std::span<const double> past) {
    return std::optional(MedianOfLast(past, 5));
  };
  for (const char* name : {"airmiles", "austres", "uspop", "WWWusage"}) {
    const auto& series = SeriesOf(name);
    EXPECT_LT(RollingOrigin(series, arima, 10).mase, RollingOrigin(series, median, 10).mase)
        << name;
  }
}

}  // namespace
}  // namespace plumbago::forecast
