// A workload is generated, fitted, and generated again from the fit: both must look alike.
#include "generate/functions/shape_fit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "generate/functions/app_memory.h"
#include "generate/functions/draws.h"
#include "generate/functions/testing/generated_figures.h"

namespace plumbago::generate::functions {
namespace {

constexpr uint32_t kApps = 3000;

// The largest distance of two distribution functions (Kolmogorov and Smirnov).
double Distance(std::vector<double> a, std::vector<double> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  double most = 0;
  for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const double x = std::min(a[i], b[j]);
    while (i < a.size() && a[i] <= x) ++i;
    while (j < b.size() && b[j] <= x) ++j;
    most = std::max(most, std::abs(static_cast<double>(i) / static_cast<double>(a.size()) -
                                   static_cast<double>(j) / static_cast<double>(b.size())));
  }
  return most;
}

struct Looks {
  std::vector<double> sizes, a_day, variation;
  std::array<double, kTriggerKinds> apps{};
  std::array<double, 24> hours{};
  double total = 0;
};

Looks LooksOf(const std::vector<AppFigures>& figures) {
  Looks looks;
  for (const AppFigures& app : figures) {
    looks.sizes.push_back(static_cast<double>(app.functions.size()));
    looks.a_day.push_back(static_cast<double>(app.total));
    if (app.variation >= 0 && (app.triggers & kTimerBit) == 0) {
      looks.variation.push_back(app.variation);
    }
    for (uint8_t t = 0; t < kTriggerKinds; ++t) looks.apps[t] += app.triggers >> t & 1;
    for (size_t h = 0; h < 24; ++h) looks.hours[h] += static_cast<double>(app.hours[h]);
    looks.total += static_cast<double>(app.total);
  }
  return looks;
}

FittedShape FitOf(const std::vector<AppFigures>& figures) {
  ShapeFitter fitter(14);
  for (const AppFigures& app : figures) fitter.AddApp(app);
  fitter.SetOwners(kApps / 2);
  auto fitted = fitter.Fit();
  EXPECT_TRUE(fitted);
  return fitted ? std::move(*fitted) : FittedShape{};
}

// One that is unlike the published one: more queues, other hours, fewer rare applications.
WorkloadShape OtherShape() {
  WorkloadShape shape = PublishedShape();
  shape.invocations_a_day = {{5, 0}, {20, 0.3}, {300, 0.7}, {2000, 0.95}, {50'000, 1}};
  shape.functions_per_app = {{1, 0.2}, {2, 0.5}, {4, 0.8}, {9, 1}};
  shape.trigger_sets = {
      {kQueueBit, 0.5}, {kHttpBit, 0.2}, {kTimerBit | kQueueBit, 0.2}, {kTimerBit, 0.1}};
  shape.hours.fill(0.5);
  for (size_t h = 8; h < 20; ++h) shape.hours[h] = 1.5;
  return shape;
}

TEST(ShapeFit, WhatIsGeneratedFromAFitLooksLikeIt) {
  for (const WorkloadShape& shape : {PublishedShape(), OtherShape()}) {
    const std::vector<AppFigures> figures = testing::FiguresOf(shape, kApps, 5);
    const FittedShape fitted = FitOf(figures);
    const Looks wanted = LooksOf(figures);
    const Looks got = LooksOf(testing::FiguresOf(fitted.shape, kApps, 6));
    EXPECT_LT(Distance(wanted.sizes, got.sizes), 0.03);
    EXPECT_LT(Distance(wanted.a_day, got.a_day), 0.03);
    EXPECT_LT(Distance(wanted.variation, got.variation), 0.1);
    EXPECT_NEAR(got.total / wanted.total, 1, 0.1);
    for (size_t t = 0; t < kTriggerKinds; ++t) {
      EXPECT_NEAR(got.apps[t] / kApps, wanted.apps[t] / kApps, 0.03) << t;
    }
    for (size_t h = 0; h < 24; ++h) {
      EXPECT_NEAR(24 * got.hours[h] / got.total, 24 * wanted.hours[h] / wanted.total, 0.12) << h;
    }
    // The two shapes are unlike, so the comparison can fail.
    const Looks published = LooksOf(testing::FiguresOf(PublishedShape(), kApps, 6));
    if (shape.functions_per_app.size() == 4) {
      EXPECT_GT(Distance(wanted.sizes, published.sizes), 0.2);
    }
  }
}

TEST(ShapeFit, DurationsAndMemory) {
  ShapeFitter fitter(1);
  AppFigures app;
  app.functions.push_back({.trigger = 0, .total = 5, .days = 1});
  app.total = 5;
  fitter.AddApp(app);
  WorkloadShape shape = PublishedShape();
  shape.memory_lambda = 200;
  shape.memory_c = 8;
  shape.memory_k = 0.6;
  Random random(3);
  for (uint32_t i = 0; i < 20'000; ++i) {
    fitter.AddDuration(std::exp(1.5 + 0.7 * Normal(random)));
    fitter.AddMemory(AppMemoryDraw(shape, 1, i).average_mb());
  }
  const auto fitted = fitter.Fit();
  ASSERT_TRUE(fitted);
  EXPECT_NEAR(fitted->shape.duration_log_mean, 1.5, 0.02);
  EXPECT_NEAR(fitted->shape.duration_log_sigma, 0.7, 0.02);
  EXPECT_NEAR(fitted->shape.memory_lambda / 200, 1, 0.03);
  EXPECT_NEAR(fitted->shape.memory_c / 8, 1, 0.06);
  EXPECT_NEAR(fitted->shape.memory_k / 0.6, 1, 0.06);
}

TEST(ShapeFit, SaysWhatStaysAsPublished) {
  ShapeFitter fitter(1);
  EXPECT_FALSE(fitter.Fit());
  AppFigures app;
  app.functions.push_back({.trigger = kTriggerKinds, .total = 5, .days = 1});
  app.total = 5;
  app.hours[3] = 5;
  fitter.AddApp(app);
  const auto fitted = fitter.Fit();
  ASSERT_TRUE(fitted);
  const std::vector<std::string> expected = {"variation of gaps", "periods of timers", "durations",
                                             "memory"};
  EXPECT_EQ(fitted->published, expected);
}

}  // namespace
}  // namespace plumbago::generate::functions
