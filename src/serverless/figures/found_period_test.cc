#include "serverless/figures/found_period.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>

#include "serverless/figures/periods.h"
#include "statistics/random.h"

namespace plumbago::serverless {
namespace {

using statistics::Random;

constexpr uint32_t kSpan = 14 * 1440;

class Minutes {
 public:
  void Add(double at) {
    if (at >= 0 && at < kSpan) ++counts_[static_cast<uint32_t>(at)];
  }
  model::MinuteSeries series() const {
    model::MinuteSeries series;
    for (const auto& [minute, count] : counts_) series.Append(minute, count);
    return series;
  }

 private:
  std::map<uint32_t, uint64_t> counts_;
};

double Exponential(Random& random) { return -std::log(random.Unit()); }
double Normal(Random& random) {
  return std::sqrt(-2 * std::log(random.Unit())) * std::cos(2 * M_PI * random.Unit());
}

FoundPeriod Find(const Minutes& minutes) {
  return FindPeriod(minutes.series(), 0, kSpan).value_or(FoundPeriod{});
}

TEST(FoundPeriod, FindsTimersAmidNoise) {
  for (const uint32_t period : {1u, 2u, 5u, 7u, 15u, 60u, 61u, 300u, 1440u}) {
    for (const int noise : {0, 20}) {
      Random random(period);
      Minutes minutes;
      for (uint32_t at = 3 % period; at < kSpan; at += period) minutes.Add(at);
      for (int i = 0; i < noise; ++i) minutes.Add(random.Unit() * kSpan);
      const FoundPeriod found = Find(minutes);
      EXPECT_EQ(found.minutes, period) << noise;
      EXPECT_LT(found.p, 1e-3) << period << " " << noise;
      if (noise > 0) continue;
      EXPECT_NEAR(found.mean, period, 1e-9);
      EXPECT_DOUBLE_EQ(found.explained, 1);
      EXPECT_TRUE(found.on_clock);
      if (period > 1) {
        EXPECT_EQ(found.phase, 3 % period) << period;
      }
    }
  }
}

TEST(FoundPeriod, FindsTimersThatAreLate) {
  for (const uint32_t period : {10u, 15u, 300u, 1440u}) {
    Random random(5);
    Minutes minutes;
    for (uint32_t at = 100; at < kSpan; at += period) minutes.Add(at + 3 * random.Unit());
    const FoundPeriod found = Find(minutes);
    EXPECT_NEAR(found.minutes, period, 1) << period;
    EXPECT_LT(found.p, 1e-4);
    EXPECT_TRUE(found.on_clock);
  }
}

TEST(FoundPeriod, FindsWhatDriftsAgainstTheClockAndSaysSo) {
  Minutes uneven;
  for (double at = 0; at < kSpan; at += 61.37) uneven.Add(at);
  const FoundPeriod found = Find(uneven);
  EXPECT_EQ(found.minutes, 61u);
  EXPECT_NEAR(found.mean, 61.37, 0.02);
  EXPECT_FALSE(found.on_clock);
  // A period that grows by 0.4 % each time, from 5 h to 6 h.
  Minutes growing;
  for (double at = 0, gap = 300; at < kSpan; at += gap, gap *= 1.004) growing.Add(at);
  const FoundPeriod grown = Find(growing);
  EXPECT_GT(grown.minutes, 300u);
  EXPECT_LT(grown.minutes, 380u);
  EXPECT_LT(grown.p, 1e-10);
  EXPECT_FALSE(grown.on_clock);
}

TEST(FoundPeriod, AWeekNeedsFourOfThem) {
  Minutes two;
  two.Add(100);
  two.Add(100 + 10080);
  EXPECT_FALSE(FindPeriod(two.series(), 0, kSpan));
  model::MinuteSeries five;
  for (uint32_t week = 0; week < 5; ++week) five.Append(100 + week * 10080, 1);
  const auto found = FindPeriod(five, 0, 5 * 10080);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->minutes, 10080u);
  EXPECT_LT(found->p, 1e-2);
}

// Nothing may be found in what has no period, however bursty or bound to the hours of the day: of
// six kinds, 300 series each, at most one in 300 at p < 1e-4.
TEST(FoundPeriod, FindsNothingWhereNothingIs) {
  using Make = std::function<void(Minutes&, double rate, Random&)>;
  const std::vector<std::pair<const char*, Make>> kinds = {
      {"Poisson",
       [](Minutes& minutes, double rate, Random& random) {
         for (double at = 0; at < kSpan; at += Exponential(random) / rate) minutes.Add(at);
       }},
      {"heavy gaps",
       [](Minutes& minutes, double rate, Random& random) {
         for (double at = 0; at < kSpan; at += std::exp(2 * Normal(random)) / rate / 7)
           minutes.Add(at);
       }},
      {"hours of the day",
       [](Minutes& minutes, double rate, Random& random) {
         for (double at = 0; at < kSpan; at += Exponential(random) / rate) {
           const double day = std::sin(M_PI * std::fmod(at, 1440) / 1440);
           if (random.Unit() < day * day * day * day) minutes.Add(at);
         }
       }},
      {"bursts",
       [](Minutes& minutes, double rate, Random& random) {
         for (double at = 0; at < kSpan; at += 10 * Exponential(random) / rate) {
           const double of = 20 * Exponential(random);
           double in = at;
           for (int i = 0; i < of; ++i) minutes.Add(in += 2 * Exponential(random));
         }
       }},
      {"on and off",
       [](Minutes& minutes, double rate, Random& random) {
         bool on = false;
         for (double at = 0; at < kSpan; on = !on) {
           const double end = at + 600 * Exponential(random);
           for (double in = at; on && in < end; in += Exponential(random) / (rate + 0.05))
             minutes.Add(in);
           at = end;
         }
       }},
      {"about an hour", [](Minutes& minutes, double, Random& random) {
         for (double at = 0; at < kSpan; at += 60 * std::exp(0.3 * Normal(random))) minutes.Add(at);
       }}};
  for (const auto& [name, make] : kinds) {
    Random random(11);
    int found = 0;
    for (int i = 0; i < 300; ++i) {
      Minutes minutes;
      make(minutes, std::pow(10, -3.5 + 3.3 * random.Unit()), random);
      const FoundPeriod one = Find(minutes);
      found += one.minutes > 0 && one.p < 1e-4;
    }
    EXPECT_LE(found, 1) << name;
  }
}

TEST(Periods, CountAtAFalseDiscoveryRateOverAllFunctions) {
  Random random(3);
  Workload load;
  load.end_minute = kSpan;
  for (int i = 0; i < 200; ++i) {
    AppLoad app;
    app.name = std::to_string(i);
    FunctionLoad& function = app.functions.emplace_back();
    Minutes minutes;
    if (i % 10 == 0) {
      for (double at = i; at < kSpan; at += 30 + i) minutes.Add(at);
    } else {
      for (double at = 0; at < kSpan; at += 60 * Exponential(random)) minutes.Add(at);
    }
    function.minutes = minutes.series();
    load.apps.push_back(std::move(app));
  }
  uint64_t tested = 0;
  const auto found = PeriodicFunctions(load, 2, &tested);
  EXPECT_EQ(tested, 200u);
  size_t planted = 0;
  for (const PeriodicFunction& one : found) {
    if (one.app % 10 != 0) continue;
    ++planted;
    EXPECT_EQ(one.found.minutes, 30 + one.app);
  }
  EXPECT_EQ(planted, 20u);
  EXPECT_LE(found.size(), 21u);
}

TEST(BinomialTail, IsTheSum) {
  for (const double chance : {0.03, 0.3, 0.9}) {
    double tail = 0;
    for (int k = 20; k >= 0; --k) {
      const double choose = std::exp(std::lgamma(21) - std::lgamma(k + 1) - std::lgamma(21 - k));
      tail += choose * std::pow(chance, k) * std::pow(1 - chance, 20 - k);
      EXPECT_NEAR(BinomialTail(static_cast<uint64_t>(k), 20, chance), tail, 1e-12 + 1e-9 * tail)
          << k << " " << chance;
    }
  }
  EXPECT_EQ(BinomialTail(21, 20, 0.5), 0);
}

}  // namespace
}  // namespace plumbago::serverless
