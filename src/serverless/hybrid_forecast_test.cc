// The hybrid's forecast of long gaps: against a twin, and what it wins on planted periods.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "forecast/auto_arima.h"
#include "serverless/hybrid.h"
#include "serverless/policy_list.h"
#include "statistics/random.h"

namespace plumbago::serverless {
namespace {

constexpr double kDays = 14, kEnd = kDays * 86'400;

model::MinuteSeries SeriesOf(std::vector<double> minutes) {
  std::sort(minutes.begin(), minutes.end());
  model::MinuteSeries series;
  for (size_t i = 0; i < minutes.size();) {
    const double minute = std::floor(minutes[i]);
    uint64_t count = 0;
    for (; i < minutes.size() && std::floor(minutes[i]) == minute; ++i) ++count;
    if (minute >= 0 && minute < kDays * 1440) series.Append(static_cast<uint32_t>(minute), count);
  }
  return series;
}

double Normal(statistics::Random& random) {
  double sum = 0;
  for (int i = 0; i < 12; ++i) sum += random.Unit();
  return sum - 6;
}

// Invoked each `next()` minutes over 14 days, each time `jitter` minutes early or late.
model::MinuteSeries Planted(statistics::Random& random, const std::function<double(int)>& next,
                            double jitter) {
  std::vector<double> minutes;
  double at = 300 * random.Unit();
  for (int i = 0; at < kDays * 1440; ++i) {
    minutes.push_back(at + jitter * Normal(random));
    at += next(i);
  }
  return SeriesOf(std::move(minutes));
}

// Looks at all idle times anew before each decision, and makes all forecasts so far from the first
// one on.
class Twin {
 public:
  explicit Twin(const HybridOptions& options) : options_(options) {}

  Outcome Replay(const model::MinuteSeries& series) {
    std::vector<double> times;
    series.ForEach([&](uint32_t minute, uint64_t count) {
      for (uint64_t i = 0; i < count; ++i)
        times.push_back(minute * 60.0 +
                        static_cast<double>(i) * (60.0 / static_cast<double>(count)));
    });
    Outcome outcome;
    std::vector<double> gaps;
    for (size_t i = 0; i < times.size(); ++i) {
      if (i > 0) gaps.push_back(times[i] - times[i - 1]);
      ++outcome.invocations;
      if (i == 0) outcome.cold = outcome.starts = 1;
      const auto [from, to] = Decide(gaps);
      const bool open = i + 1 == times.size();
      const double gap = (open ? kEnd : times[i + 1]) - times[i];
      outcome.idle_seconds += std::max(0.0, std::min(gap, to) - from);
      const bool cold = !open && !(gap >= from && gap <= to);
      if (cold) ++outcome.cold;
      if (cold) ++outcome.starts;
      if (from > 0 && gap >= from) ++outcome.starts;
    }
    return outcome;
  }

 private:
  std::pair<double, double> Decide(const std::vector<double>& gaps) {
    const double range = options_.range * 60.0;
    std::vector<double> within, beyond;
    for (const double gap : gaps) (gap + 1e-7 < range ? within : beyond).push_back(gap);
    if (beyond.size() > within.size()) {
      if (options_.long_gaps == LongGaps::kStandard || beyond.size() < 5) return {0, range};
      double next = 0;
      if (options_.long_gaps == LongGaps::kMedian) {
        std::vector<double> last(beyond.end() - 5, beyond.end());
        std::sort(last.begin(), last.end());
        next = last[2];
      } else {
        if (asked_.empty() || asked_.back() != beyond.size()) asked_.push_back(beyond.size());
        std::optional<forecast::ArimaFit> fit;
        size_t searched = 0;
        for (const size_t n : asked_) {
          const size_t first = n > 200 ? n - 200 : 0;
          const std::vector<double> known(beyond.begin() + static_cast<ptrdiff_t>(first),
                                          beyond.begin() + static_cast<ptrdiff_t>(n));
          std::optional<forecast::ArimaFit> refit;
          if (fit && n < searched + searched / 2)
            refit = forecast::FitArima(known, fit->order, &fit->free);
          if (!refit) {
            refit = forecast::AutoArima(known)->fit;
            searched = n;
          }
          fit = refit;
        }
        const double longest = *std::max_element(beyond.begin(), beyond.end());
        next = std::min(std::max(fit->Forecast(1)[0].mean, range), 2 * longest);
      }
      return {options_.prewarm ? 0.85 * next : 0, 1.15 * next};
    }
    if (within.empty()) return {0, range};
    std::vector<uint32_t> bins;
    std::vector<double> counts(options_.range);
    for (const double gap : within) bins.push_back(static_cast<uint32_t>(gap / 60 + 1e-9));
    std::sort(bins.begin(), bins.end());
    for (const uint32_t bin : bins) ++counts[bin];
    const double mean = static_cast<double>(bins.size()) / options_.range;
    double variance = 0;
    for (const double count : counts) variance += (count - mean) * (count - mean) / options_.range;
    if (std::sqrt(variance) < options_.least_cv * mean) return {0, range};
    const auto at = [&](uint32_t percent) {
      return bins[std::max<size_t>((percent * bins.size() + 99) / 100, 1) - 1];
    };
    return {options_.prewarm ? (100.0 - options_.margin) * 60 * at(options_.low) / 100 : 0,
            (100.0 + options_.margin) * 60 * (at(options_.high) + 1) / 100};
  }

  const HybridOptions options_;
  std::vector<size_t> asked_;  // how many long gaps there were when a forecast was made
};

TEST(HybridForecast, IsItsTwin) {
  statistics::Random random(1);
  std::vector<model::MinuteSeries> series;
  for (int a = 0; a < 18; ++a) {
    // Long gaps of one or two lengths, with bursts and short gaps between.
    const double period = 130 + 400 * random.Unit(), other = 130 + 700 * random.Unit();
    const bool bursts = a % 3 == 0;
    std::vector<double> minutes;
    for (double at = 100 * random.Unit(); at < kDays * 1440;) {
      minutes.push_back(at);
      if (bursts && random.Below(4) == 0) {
        for (uint64_t n = random.Below(12); n > 0; --n)
          minutes.push_back(at + static_cast<double>(n % 3));
      }
      at += (random.Below(3) == 0 ? other : period) + static_cast<double>(random.Below(20));
    }
    series.push_back(SeriesOf(std::move(minutes)));
  }
  std::vector<AppArrivals> apps;
  for (const model::MinuteSeries& one : series) apps.push_back({&one, kEnd});
  for (const LongGaps how : {LongGaps::kArima, LongGaps::kMedian, LongGaps::kStandard}) {
    for (const uint32_t range : {240u, 120u}) {
      for (const bool prewarm : {true, false}) {
        HybridOptions options;
        options.range = range;
        options.prewarm = prewarm;
        options.long_gaps = how;
        const std::vector<Outcome> outcomes = Hybrid("h", options).Replay(apps, 2);
        for (size_t i = 0; i < apps.size(); ++i) {
          const Outcome twin = Twin(options).Replay(series[i]);
          EXPECT_EQ(outcomes[i].invocations, twin.invocations);
          EXPECT_EQ(outcomes[i].cold, twin.cold);
          EXPECT_EQ(outcomes[i].starts, twin.starts);
          EXPECT_NEAR(outcomes[i].idle_seconds, twin.idle_seconds, 1e-6 * (1 + twin.idle_seconds));
        }
      }
    }
  }
}

Outcome Sum(const std::vector<Outcome>& outcomes) {
  Outcome sum;
  for (const Outcome& outcome : outcomes) {
    sum.invocations += outcome.invocations;
    sum.cold += outcome.cold;
    sum.idle_seconds += outcome.idle_seconds;
  }
  return sum;
}

Outcome SumOf(const std::vector<model::MinuteSeries>& series, const char* policy) {
  std::vector<AppArrivals> apps;
  for (const model::MinuteSeries& one : series) apps.push_back({&one, kEnd});
  const auto policies = PoliciesOf(std::vector<std::string>{policy});
  return Sum(policies->at(0)->Replay(apps, 2));
}

// What the paper has the branch for: applications that are always cold otherwise.
TEST(HybridForecast, MeetsPeriodsThatNoRangeHolds) {
  statistics::Random random(2);
  std::vector<model::MinuteSeries> each_5h;
  for (int i = 0; i < 30; ++i) each_5h.push_back(Planted(random, [](int) { return 300; }, 5));
  const Outcome without = SumOf(each_5h, "hybrid:4h:no-arima");
  const Outcome arima = SumOf(each_5h, "hybrid:4h:arima");
  const Outcome median = SumOf(each_5h, "hybrid:4h");
  EXPECT_EQ(without.cold, without.invocations);
  // The first six of 67, at most: five gaps must have been seen.
  EXPECT_LE(arima.cold, 30 * 7u);
  EXPECT_LE(median.cold, 30 * 7u);
  EXPECT_LT(arima.idle_seconds, 0.3 * without.idle_seconds);
}

// Where each is the better one: what the choice between them hangs on.
TEST(HybridForecast, ArimaAndTheMedianEachWinSomewhere) {
  statistics::Random random(3);
  std::vector<model::MinuteSeries> wandering, on_weekdays;
  for (int i = 0; i < 40; ++i) {
    double period = 400;
    wandering.push_back(Planted(
        random,
        [&](int) {
          period = std::clamp(period * std::exp(0.08 * Normal(random)), 250.0, 1400.0);
          return period;
        },
        0));
    on_weekdays.push_back(Planted(random, [](int k) { return k % 5 == 4 ? 3 * 1440 : 1440; }, 10));
  }
  EXPECT_LT(static_cast<double>(SumOf(wandering, "hybrid:4h:arima").cold),
            0.8 * static_cast<double>(SumOf(wandering, "hybrid:4h:median").cold));
  EXPECT_LT(static_cast<double>(SumOf(on_weekdays, "hybrid:4h:median").cold),
            0.8 * static_cast<double>(SumOf(on_weekdays, "hybrid:4h:arima").cold));
}

TEST(HybridForecast, IsChosenByName) {
  const auto source = [](const char* name) {
    return std::string(PoliciesOf(std::vector<std::string>{name})->at(0)->source());
  };
  EXPECT_EQ(source("hybrid:4h"), source("hybrid:4h:median"));
  EXPECT_NE(source("hybrid:4h"), source("hybrid:4h:arima"));
  EXPECT_NE(source("hybrid:4h:arima"), source("hybrid:4h:cut=0-100:no-arima"));
  const auto both = PoliciesOf(std::vector<std::string>{"hybrid:4h:arima:no-arima"});
  ASSERT_FALSE(both);
  EXPECT_NE(both.error().Text().find("expected one of arima and no-arima"), std::string::npos)
      << both.error().Text();
}

TEST(HybridForecast, SaysHowMuchWorkItWas) {
  statistics::Random random(4);
  const model::MinuteSeries series = Planted(random, [](int) { return 300; }, 5);
  const std::vector<AppArrivals> apps = {{&series, kEnd}};
  HybridOptions options;
  options.long_gaps = LongGaps::kArima;
  const Hybrid hybrid("h", options);
  hybrid.Replay(apps, 1);
  EXPECT_TRUE(hybrid.note().starts_with("ARIMA: 1 applications, 7 searches for an order, "))
      << hybrid.note();
  EXPECT_EQ(Hybrid("h", {}).note(), "");
}

TEST(HybridForecast, NothingDependsOnThreads) {
  statistics::Random random(5);
  std::vector<model::MinuteSeries> series;
  for (int i = 0; i < 60; ++i)
    series.push_back(Planted(random, [](int k) { return k % 3 == 0 ? 700 : 300; }, 20));
  std::vector<AppArrivals> apps;
  for (const model::MinuteSeries& one : series) apps.push_back({&one, kEnd});
  HybridOptions options;
  options.long_gaps = LongGaps::kArima;
  const Hybrid hybrid("h", options);
  EXPECT_EQ(hybrid.Replay(apps, 1), hybrid.Replay(apps, 3));
}

TEST(HybridForecast, FewLongGapsAreLeftToTheStandardWindow) {
  LongGapForecast median(LongGaps::kMedian, 14'400, nullptr);
  LongGapForecast arima(LongGaps::kArima, 14'400, nullptr);
  for (int i = 0; i < 4; ++i) {
    median.Saw(20'000);
    arima.Saw(20'000);
    EXPECT_FALSE(median.Next());
    EXPECT_FALSE(arima.Next());
  }
  median.Saw(20'000);
  arima.Saw(20'000);
  EXPECT_EQ(*median.Next(), 20'000);
  EXPECT_EQ(*arima.Next(), 20'000);
}

TEST(HybridForecast, StaysBetweenTheRangeAndTwiceTheLongest) {
  LongGapForecast falling(LongGaps::kArima, 14'400, nullptr);
  for (int i = 0; i < 6; ++i) falling.Saw(15'000 - 100 * i);
  EXPECT_EQ(*falling.Next(), 14'400);

  LongGapForecast rising(LongGaps::kArima, 14'400, nullptr);
  double gap = 15'000;
  std::vector<double> gaps;
  for (int i = 0; i < 14; ++i, gap = std::round(2.7 * gap)) gaps.push_back(gap);
  for (const double seen : gaps) rising.Saw(seen);
  EXPECT_GT(forecast::AutoArima(gaps)->fit.Forecast(1)[0].mean, 2 * gaps.back());
  EXPECT_EQ(*rising.Next(), 2 * gaps.back());
}

}  // namespace
}  // namespace plumbago::serverless
