// ARIMA against R's fits of published series, and what must hold of any series.
#include "forecast/arima.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string_view>

#include "forecast/reference_series.h"
#include "statistics/random.h"

namespace plumbago::forecast {
namespace {

std::vector<double> SeriesOf(std::string_view name) {
  const bool log = name.starts_with("log ");
  if (log) name.remove_prefix(4);
  for (const ReferenceSeries& series : AllReferenceSeries()) {
    if (name != series.name) continue;
    std::vector<double> values = series.values;
    if (log) {
      for (double& value : values) value = std::log(value);
    }
    return values;
  }
  ADD_FAILURE() << "no series " << name;
  return {};
}

struct ReferenceFit {
  const char* series;
  ArimaOrder order;
  std::vector<double> coefficients;  // AR, MA, mean or drift
  double sigma2, loglik, aicc;
  std::vector<double> forecasts, deviations;  // of three steps
};

// stats::arima(method = "ML", optim.control = list(reltol = 1e-15)) and predict() of R 4.2.2; AICc
// as forecast 8.20 has it.
const std::vector<ReferenceFit>& AllReferenceFits() {
  static const auto* all = new std::vector<ReferenceFit>{
      {"lh",
       {1, 0, 0, true},
       {0.5739245348, 2.413285386},
       0.1974895506,
       -29.37916239,
       65.30377932,
       {2.692622844, 2.573604007, 2.505296176},
       {0.4443979642, 0.5123870701, 0.532886108}},
      {"lh",
       {3, 0, 0, true},
       {0.6448020101, -0.06338220709, -0.2197965765, 2.393119329},
       0.178660315,
       -27.09241106,
       65.61339355,
       {2.460182643, 2.270844379, 2.198614938},
       {0.4226822861, 0.5029332446, 0.5245258164}},
      {"lh",
       {1, 0, 1, true},
       {0.4522013076, 0.1981680513, 2.410076682},
       0.1923121348,
       -28.7620332,
       66.45429895,
       {2.679618654, 2.531963914, 2.465194248},
       {0.4385340749, 0.5231217639, 0.5387858025}},
      {"lh",
       {0, 0, 2, true},
       {0.6731628903, 0.3753254818, 2.401551651},
       0.1821701646,
       -27.53028081,
       63.99079417,
       {2.432305045, 2.446229071, 2.401551651},
       {0.4268139696, 0.5145097286, 0.5388714405}},
      {"LakeHuron",
       {2, 0, 0, true},
       {1.043619245, -0.2495025928, 579.0472567},
       0.478820564,
       -103.6332225,
       215.6965526,
       {579.7895465, 579.5941928, 579.4328465},
       {0.6919686149, 1.0001618535, 1.1566714385}},
      {"LakeHuron",
       {1, 0, 1, true},
       {0.7448990471, 0.3205887681, 579.0554514},
       0.4749398465,
       -103.2452606,
       214.9206288,
       {579.733372, 579.5604338, 579.4316123},
       {0.6891587963, 1.007036291, 1.1459932891}},
      {"LakeHuron",
       {0, 1, 0, false},
       {},
       0.5553092784,
       -109.1078797,
       220.2578647,
       {579.96, 579.96, 579.96},
       {0.7451907664, 1.0538588884, 1.2907082688}},
      {"Nile",
       {1, 0, 1, true},
       {0.8610325459, -0.5176776943, 920.6945178},
       19891.69331,
       -637.0387845,
       1282.498622,
       {800.3649377, 817.0868331, 831.4849292},
       {141.0379144, 149.1200048, 154.8398082}},
      {"Nile",
       {1, 1, 1, false},
       {0.254369929, -0.8741309929},
       19769.29452,
       -630.6273818,
       1267.507395,
       {816.1800576, 835.5579734, 840.4871325},
       {140.6033233, 150.424638, 153.6459255}},
      {"Nile",
       {0, 1, 1, true},
       {-0.7645751405, -3.258271808},
       20415.51261,
       -632.1546317,
       1270.561895,
       {794.9650504, 791.7067786, 788.4485068},
       {142.8828632, 146.7890991, 150.5940458}},
      {"Nile",
       {0, 0, 0, true},
       {919.35},
       28351.5675,
       -654.5157333,
       1313.155178,
       {919.35, 919.35, 919.35},
       {168.3792371, 168.3792371, 168.3792371}},
      {"WWWusage",
       {3, 1, 0, false},
       {1.151343788, -0.6612277173, 0.3407115396},
       9.363337802,
       -251.996992,
       512.419516,
       {219.6608002, 219.2298739, 218.2765948},
       {3.059957157, 7.259441284, 11.266500859}},
      {"WWWusage",
       {1, 1, 1, false},
       {0.6503774387, 0.5255903439},
       9.793322106,
       -254.1497358,
       514.5521032,
       {218.8805038, 218.1524087, 217.6788721},
       {3.129428399, 7.494204036, 11.868369361}},
      {"WWWusage",
       {2, 2, 1, false},
       {0.3512230796, -0.4572204228, -0.1161141351},
       10.10446042,
       -252.6278473,
       513.685802,
       {219.7336603, 219.1617812, 217.6899248},
       {3.178751393, 7.783536119, 12.546320799}},
      {"lynx",
       {2, 0, 2, true},
       {1.341952701, -0.6736971734, -0.2025533766, -0.2564103722, 1544.400203},
       728547.2575,
       -932.0837235,
       1876.952494,
       {2989.882029, 2093.453028, 1307.386104},
       {853.5497979, 1293.9744053, 1391.2932268}},
      {"airmiles",
       {0, 2, 1, false},
       {-0.7030939866},
       1178430.249,
       -185.3342249,
       375.3000288,
       {32570.23003, 34626.46007, 36682.6901},
       {1085.555298, 1777.782087, 2480.725958}},
      {"nhtemp",
       {0, 1, 1, false},
       {-0.7982683679},
       1.290976638,
       -91.75864052,
       187.7315667,
       {51.90007711, 51.90007711, 51.90007711},
       {1.136211529, 1.159100415, 1.181545982}},
      {"uspop",
       {0, 2, 0, false},
       {},
       18.47156471,
       -48.90993137,
       100.0865294,
       {227.1, 251, 274.9},
       {4.297855827, 9.610297786, 16.081104001}},
      {"austres",
       {1, 1, 1, true},
       {0.8863875223, -0.5135510666, 52.19220416},
       96.11062348,
       -326.0644696,
       660.6108669,
       {17706.28352, 17751.90876, 17798.28009},
       {9.803602576, 16.65077737, 23.581604969}},
      {"log AirPassengers",
       {2, 1, 1, true},
       {0.9982251809, -0.4134110024, -0.9999995291, 0.01007692134},
       0.008011099208,
       140.0755964,
       -269.7132367,
       {6.1970607, 6.287368101, 6.328519847},
       {0.08981319989, 0.1273367537, 0.13815072758}},
      {"log AirPassengers",
       {1, 1, 0, true},
       {0.1996655062, 0.009675841977},
       0.0108219923,
       120.6929532,
       -235.2132444,
       {6.096591057, 6.109958639, 6.120371594},
       {0.1040288051, 0.162471458, 0.207423015}},
  };
  return *all;
}

TEST(Arima, FitsAreThoseOfR) {
  for (const ReferenceFit& reference : AllReferenceFits()) {
    SCOPED_TRACE(std::string(reference.series) + " " + reference.order.Text());
    const auto fit = FitArima(SeriesOf(reference.series), reference.order);
    ASSERT_TRUE(fit);
    std::vector<double> coefficients;
    for (size_t i = 0; i < reference.order.p; ++i) coefficients.push_back(fit->arma.ar[i]);
    for (size_t i = 0; i < reference.order.q; ++i) coefficients.push_back(fit->arma.ma[i]);
    if (reference.order.constant) coefficients.push_back(fit->constant);
    ASSERT_EQ(coefficients.size(), reference.coefficients.size());
    for (size_t i = 0; i < coefficients.size(); ++i) {
      EXPECT_NEAR(coefficients[i], reference.coefficients[i],
                  1e-4 * (1 + std::abs(reference.coefficients[i])));
    }
    EXPECT_NEAR(fit->sigma2, reference.sigma2, 5e-5 * reference.sigma2);
    // With d > 0 R's likelihood is that of a diffuse start with a variance of 1e6, not endless.
    EXPECT_NEAR(fit->loglik, reference.loglik, reference.order.d == 0 ? 1e-6 : 2e-3);
    EXPECT_NEAR(fit->aicc(), reference.aicc, reference.order.d == 0 ? 2e-6 : 4e-3);
    const std::vector<Expected> ahead = fit->Forecast(3);
    for (size_t h = 0; h < 3; ++h) {
      EXPECT_NEAR(ahead[h].mean, reference.forecasts[h], 5e-5 * std::abs(reference.forecasts[h]));
      EXPECT_NEAR(ahead[h].deviation, reference.deviations[h], 1e-4 * reference.deviations[h]);
    }
  }
}

// The likelihood as the normal density of the whole series, with the covariances of an ARMA summed
// up term by term.
TEST(Arima, LikelihoodIsTheDensityOfTheSeries) {
  statistics::Random random(5);
  for (int trial = 0; trial < 60; ++trial) {
    Arma arma;
    arma.p = random.Below(4);
    arma.q = random.Below(4);
    std::array<double, kMostLags> free{};
    for (double& value : free) value = 2 * random.Unit() - 1;
    arma.ar = StationaryLags(free.data(), arma.p);
    for (double& value : free) value = 2 * random.Unit() - 1;
    arma.ma = StationaryLags(free.data(), arma.q);
    const size_t n = 6 + random.Below(6);
    std::vector<double> series(n);
    for (double& value : series) value = 4 * random.Unit() - 2;

    std::vector<double> weights(3000);  // of shocks
    for (size_t k = 0; k < weights.size(); ++k) {
      weights[k] = k == 0 ? 1 : k <= arma.q ? arma.ma[k - 1] : 0;
      for (size_t i = 0; i < arma.p && i < k; ++i) weights[k] += arma.ar[i] * weights[k - 1 - i];
    }
    // Cholesky of the covariance: log determinant and squares.
    std::vector<std::vector<double>> lower(n, std::vector<double>(n));
    double log_determinant = 0;
    std::vector<double> left = series;
    double squares = 0;
    for (size_t i = 0; i < n; ++i) {
      for (size_t j = 0; j <= i; ++j) {
        double value = 0;
        for (size_t k = 0; k + (i - j) < weights.size(); ++k)
          value += weights[k] * weights[k + (i - j)];
        for (size_t k = 0; k < j; ++k) value -= lower[i][k] * lower[j][k];
        lower[i][j] = i == j ? std::sqrt(value) : value / lower[j][j];
      }
      for (size_t k = 0; k < i; ++k) left[i] -= lower[i][k] * left[k];
      left[i] /= lower[i][i];
      squares += left[i] * left[i];
      log_determinant += 2 * std::log(lower[i][i]);
    }
    const double size = static_cast<double>(n);
    const double sigma2 = squares / size;
    const double density = -0.5 * (size * std::log(2 * M_PI * sigma2) + size + log_determinant);
    const ArmaLikelihood likelihood = LikelihoodOf(arma, series, false);
    EXPECT_NEAR(likelihood.sigma2, sigma2, 1e-8 * sigma2);
    EXPECT_NEAR(likelihood.loglik, density, 1e-7);
  }
}

// Planted coefficients come back, within four of their standard errors at 4,000 values.
TEST(Arima, SimulatedCoefficientsComeBack) {
  statistics::Random random(7);
  const auto normal = [&] {
    double sum = 0;
    for (int i = 0; i < 12; ++i) sum += random.Unit();
    return sum - 6;
  };
  struct Planted {
    std::vector<double> ar, ma;
    size_t d;
    double constant;
  };
  for (const Planted& planted : std::vector<Planted>{{{0.7}, {}, 0, 10},
                                                     {{}, {0.5}, 0, -3},
                                                     {{1.2, -0.5}, {0.4}, 0, 100},
                                                     {{0.6}, {-0.3}, 1, 0.2},
                                                     {{0.3, 0.2, -0.4}, {}, 0, 0}}) {
    const size_t n = 4000;
    std::vector<double> values, shocks;
    for (size_t t = 0; t < n + 200; ++t) {
      shocks.push_back(normal());
      double value = shocks[t];
      for (size_t i = 0; i < planted.ar.size() && i < t; ++i)
        value += planted.ar[i] * values[t - 1 - i];
      for (size_t i = 0; i < planted.ma.size() && i < t; ++i)
        value += planted.ma[i] * shocks[t - 1 - i];
      values.push_back(value);
    }
    values.erase(values.begin(), values.begin() + 200);
    for (double& value : values) value += planted.constant;
    if (planted.d == 1) {
      for (size_t t = 1; t < n; ++t) values[t] += values[t - 1];
    }
    const ArimaOrder order{planted.ar.size(), planted.d, planted.ma.size(), true};
    const auto fit = FitArima(values, order);
    ASSERT_TRUE(fit);
    for (size_t i = 0; i < order.p; ++i) EXPECT_NEAR(fit->arma.ar[i], planted.ar[i], 0.1);
    for (size_t i = 0; i < order.q; ++i) EXPECT_NEAR(fit->arma.ma[i], planted.ma[i], 0.1);
    EXPECT_NEAR(fit->sigma2, 1, 0.1);
    EXPECT_NEAR(fit->constant, planted.constant, 0.4);
  }
}

TEST(Arima, ConstantsAndLinesAreForecastExactly) {
  for (const size_t n : {1u, 2u, 3u, 4u, 20u}) {
    const std::vector<double> level(n, 300.25);
    for (const ArimaOrder& order : std::vector<ArimaOrder>{{0, 0, 0, true}, {1, 0, 1, true}}) {
      const auto fit = FitArima(level, order);
      if (!fit) continue;
      EXPECT_EQ(fit->Forecast(3)[2].mean, 300.25);
      EXPECT_EQ(fit->Forecast(3)[2].deviation, 0);
    }
    std::vector<double> line, parabola;
    for (size_t i = 0; i < n; ++i) {
      const auto t = static_cast<double>(i);
      line.push_back(7 + 12.5 * t);
      parabola.push_back(3 - t + 2 * t * t);
    }
    const auto t = static_cast<double>(n + 4);
    if (n > 1) {
      EXPECT_NEAR(FitArima(line, {0, 1, 0, true})->Forecast(5)[4].mean, 7 + 12.5 * t, 1e-9);
      EXPECT_EQ(FitArima(line, {0, 1, 0, true})->sigma2, 0);
    }
    if (n > 2) {
      EXPECT_NEAR(FitArima(line, {0, 2, 0, false})->Forecast(5)[4].mean, 7 + 12.5 * t, 1e-9);
    }
  }
}

TEST(Arima, NeverNotANumber) {
  const double huge = std::numeric_limits<double>::max();
  const double tiny = std::numeric_limits<double>::denorm_min();
  statistics::Random random(11);
  std::vector<std::vector<double>> all = {{0},
                                          {1, 2},
                                          {0, 0, 0, 0},
                                          {huge, -huge, huge, -huge, huge, -huge},
                                          {tiny, 0, tiny, 0, tiny},
                                          {1, 1, 1, 1, 1, 1, 1, 1, 1, 1e300},
                                          {1e-300, 2e-300, 1e-300, 5e-300, 1e-300, 2e-300},
                                          {1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0}};
  for (int i = 0; i < 40; ++i) {
    std::vector<double> values;
    for (size_t n = 1 + random.Below(12); n > 0; --n)
      values.push_back(static_cast<double>(random.Below(3)) * (i % 2 == 0 ? 1 : 1e17));
    all.push_back(values);
  }
  for (const std::vector<double>& values : all) {
    for (size_t p = 0; p <= 3; ++p) {
      for (size_t d = 0; d <= 2; ++d) {
        for (size_t q = 0; q <= 3; ++q) {
          for (const bool constant : {false, true}) {
            const auto fit = FitArima(values, {p, d, q, constant});
            if (!fit) continue;
            EXPECT_FALSE(std::isnan(fit->sigma2));
            EXPECT_FALSE(std::isnan(fit->loglik));
            EXPECT_FALSE(std::isnan(fit->aicc()));
            for (const Expected& expected : fit->Forecast(4)) {
              EXPECT_TRUE(std::isfinite(expected.mean));
              EXPECT_FALSE(std::isnan(expected.deviation));
            }
          }
        }
      }
    }
  }
  EXPECT_FALSE(FitArima({}, {0, 0, 0, false}));
  EXPECT_FALSE(FitArima(std::vector<double>{1, std::nan(""), 3}, {0, 0, 0, true}));
  EXPECT_FALSE(FitArima(std::vector<double>{1, 2, huge * 2}, {0, 0, 0, true}));
}

// With one more value, from where the fit without it ended.
TEST(Arima, RefitsThatStartWarmEndWhereOthersEnd) {
  int warm_calls = 0, cold_calls = 0;
  for (const ReferenceFit& reference : AllReferenceFits()) {
    SCOPED_TRACE(std::string(reference.series) + " " + reference.order.Text());
    const std::vector<double> all = SeriesOf(reference.series);
    const auto before = FitArima(std::span(all).first(all.size() - 1), reference.order);
    ASSERT_TRUE(before);
    const auto warm = FitArima(all, reference.order, &before->free);
    const auto cold = FitArima(all, reference.order);
    ASSERT_TRUE(warm && cold);
    EXPECT_NEAR(warm->loglik, cold->loglik, 1e-4);
    EXPECT_NEAR(warm->Forecast(1)[0].mean, cold->Forecast(1)[0].mean,
                1e-3 * cold->Forecast(1)[0].deviation);
    warm_calls += warm->calls;
    cold_calls += cold->calls;
  }
  EXPECT_LT(warm_calls, 0.9 * cold_calls);
}

}  // namespace
}  // namespace plumbago::forecast
