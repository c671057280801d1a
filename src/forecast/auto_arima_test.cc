// The search for an order against R's on published series.
#include "forecast/auto_arima.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "forecast/reference_series.h"
#include "forecast/unit_root.h"
#include "statistics/random.h"

namespace plumbago::forecast {
namespace {

struct Choice {
  const char* series;
  double kpss;
  ArimaOrder order;
  double loglik;
};

// auto.arima(ts(x), seasonal = FALSE, approximation = FALSE) of forecast 8.20, R 4.2.2; the
// statistic of urca::ur.kpss.
//
// Left out: log AirPassengers, where likelihoods have several tops. R ends at ARIMA(3,1,3) with
// drift, AICc -288.4; here ARIMA(4,1,3) with drift is found to have -290.1 with no root near the
// circle, where R's optimiser goes to one with an MA root of 1, which the search refuses.
const Choice kChoices[] = {
    {"lh", 0.367889110815, {1, 0, 0, true}, -29.3791623874},
    {"LakeHuron", 1.22121856939, {0, 1, 0, false}, -109.107879706},
    {"Nile", 1.31522646318, {1, 1, 1, false}, -630.627381776},
    {"WWWusage", 0.721974318082, {1, 1, 1, false}, -254.149735787},
    {"lynx", 0.0694650820944, {2, 0, 2, true}, -932.083725073},
    {"uspop", 0.980936713151, {0, 2, 0, false}, -48.9099313714},
    {"airmiles", 1.19116216685, {0, 2, 1, false}, -185.334224927},
    {"nhtemp", 1.3289976747, {0, 1, 1, false}, -91.7586405156},
    {"discoveries", 0.547606433547, {0, 1, 1, false}, -216.542961071},
    {"austres", 3.04459996348, {0, 2, 1, false}, -324.495574754},
};

TEST(AutoArima, ChoosesAsR) {
  for (const Choice& choice : kChoices) {
    SCOPED_TRACE(choice.series);
    for (const ReferenceSeries& series : AllReferenceSeries()) {
      if (std::string(series.name) != choice.series) continue;
      EXPECT_NEAR(KpssStatistic(series.values), choice.kpss, 1e-10);
      const auto found = AutoArima(series.values);
      ASSERT_TRUE(found);
      EXPECT_EQ(found->fit.order, choice.order) << found->fit.order.Text();
      EXPECT_NEAR(found->fit.loglik, choice.loglik, 2e-3);
    }
  }
}

TEST(AutoArima, NamesADriftAndALevel) {
  std::vector<double> level(9, 412.0), line;
  for (int i = 0; i < 9; ++i) line.push_back(300 + 5 * i);
  EXPECT_EQ(AutoArima(level)->fit.order.Text(), "ARIMA(0,0,0) with mean");
  EXPECT_EQ(AutoArima(level)->fit.Forecast(1)[0].mean, 412);
  EXPECT_NEAR(AutoArima(line)->fit.Forecast(2)[1].mean, 350, 1e-9);
}

TEST(AutoArima, SaysSomethingOfAnySeries) {
  statistics::Random random(3);
  for (int i = 0; i < 300; ++i) {
    std::vector<double> values;
    const int kind = i % 5;
    for (size_t n = 1 + random.Below(15); n > 0; --n) {
      const auto t = static_cast<double>(n);
      values.push_back(kind == 0   ? static_cast<double>(random.Below(2))
                       : kind == 1 ? t * t * t
                       : kind == 2 ? 1e290 * random.Unit()
                       : kind == 3 ? 1440 + static_cast<double>(random.Below(3))
                                   : std::pow(10, 30 * random.Unit()));
    }
    const auto found = AutoArima(values);
    ASSERT_TRUE(found);
    for (const Expected& expected : found->fit.Forecast(3)) {
      EXPECT_TRUE(std::isfinite(expected.mean));
      EXPECT_FALSE(std::isnan(expected.deviation));
    }
  }
  EXPECT_FALSE(AutoArima({}));
  EXPECT_FALSE(AutoArima(std::vector<double>{1, std::numeric_limits<double>::infinity()}));
}

}  // namespace
}  // namespace plumbago::forecast
