// What a forecast costs, on gaps of an application each five hours over 14 days (67 of them), some
// minutes early or late; beside each, the same by a way that takes no short cut.
//
// The paper's, in Python, of memory and unverified: 26.9 ms the first time, 5.3 ms a refit.
#include <benchmark/benchmark.h>

#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "forecast/auto_arima.h"
#include "statistics/random.h"

namespace plumbago::forecast {
namespace {

std::vector<double> Gaps(size_t n) {
  statistics::Random random(1);
  std::vector<double> gaps;
  double before = 0;
  for (size_t i = 0; i < n; ++i) {
    const double late = 30 * random.Unit();
    gaps.push_back(std::round(300 + late - before) * 60);
    before = late;
  }
  return gaps;
}

void BM_Search(benchmark::State& state) {
  const auto gaps = Gaps(static_cast<size_t>(state.range(0)));
  AutoArimaResult result;
  for (auto _ : state) {
    result = *AutoArima(gaps);
    benchmark::DoNotOptimize(result);
  }
  state.counters["orders"] = static_cast<double>(result.tried);
  state.counters["likelihoods"] = result.calls;
}
BENCHMARK(BM_Search)->Arg(5)->Arg(12)->Arg(67)->Arg(200)->Unit(benchmark::kMicrosecond);

void Refit(benchmark::State& state, bool warm) {
  const auto gaps = Gaps(67);
  const ArimaFit before = AutoArima(std::span(gaps).first(66))->fit;
  const auto cold = FitArima(gaps, before.order);
  std::optional<ArimaFit> fit;
  for (auto _ : state) {
    fit = FitArima(gaps, before.order, warm ? &before.free : nullptr);
    benchmark::DoNotOptimize(fit);
  }
  if (std::abs(fit->loglik - cold->loglik) > 1e-4) state.SkipWithError("another answer");
  state.counters["likelihoods"] = fit->calls;
}
void BM_RefitWarm(benchmark::State& state) { Refit(state, true); }
void BM_RefitCold(benchmark::State& state) { Refit(state, false); }
BENCHMARK(BM_RefitWarm)->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_RefitCold)->Unit(benchmark::kMicrosecond);

// The density of the whole series, by Cholesky of its covariances.
double ByCovariances(const Arma& arma, const std::vector<double>& series) {
  const size_t n = series.size();
  std::vector<double> weights(400), covariances(n);
  for (size_t k = 0; k < weights.size(); ++k) {
    weights[k] = k == 0 ? 1 : k <= arma.q ? arma.ma[k - 1] : 0;
    for (size_t i = 0; i < arma.p && i < k; ++i) weights[k] += arma.ar[i] * weights[k - 1 - i];
  }
  for (size_t lag = 0; lag < n; ++lag) {
    for (size_t k = 0; k + lag < weights.size(); ++k)
      covariances[lag] += weights[k] * weights[k + lag];
  }
  std::vector<double> lower(n * n), left = series;
  double squares = 0, log_determinant = 0;
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j <= i; ++j) {
      double value = covariances[i - j];
      for (size_t k = 0; k < j; ++k) value -= lower[i * n + k] * lower[j * n + k];
      lower[i * n + j] = i == j ? std::sqrt(value) : value / lower[j * n + j];
    }
    for (size_t k = 0; k < i; ++k) left[i] -= lower[i * n + k] * left[k];
    left[i] /= lower[i * n + i];
    squares += left[i] * left[i];
    log_determinant += 2 * std::log(lower[i * n + i]);
  }
  const auto size = static_cast<double>(n);
  return -0.5 * (size * (std::log(2 * std::numbers::pi * squares / size) + 1) + log_determinant);
}

void Likelihood(benchmark::State& state, bool short_cut) {
  std::vector<double> series = Gaps(67);
  for (double& value : series) value = (value - 18'000) / 600;
  const Arma arma{2, 1, {0.5, -0.3}, {0.4}};
  double loglik = 0;
  for (auto _ : state) {
    loglik = short_cut ? LikelihoodOf(arma, series, false).loglik : ByCovariances(arma, series);
    benchmark::DoNotOptimize(loglik);
  }
  if (std::abs(loglik - ByCovariances(arma, series)) > 1e-6) state.SkipWithError("another answer");
}
void BM_Likelihood(benchmark::State& state) { Likelihood(state, true); }
void BM_LikelihoodByCovariances(benchmark::State& state) { Likelihood(state, false); }
BENCHMARK(BM_Likelihood)->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_LikelihoodByCovariances)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace plumbago::forecast
