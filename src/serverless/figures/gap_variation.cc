#include "serverless/figures/gap_variation.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "serverless/each_index.h"
#include "serverless/figures/over_published.h"
#include "serverless/figures/reference_atc20.h"
#include "serverless/figures/share_finding.h"
#include "serverless/figures/weighted_values.h"
#include "serverless/idle_gaps.h"

namespace plumbago::serverless {
namespace {

using document::Unit;

constexpr double kRegular = 0.05;  // "CV of about 0": figure 6's first point

// Welford's sums with repeated values: no cancellation, so a timer comes to 0.
class GapSums {
 public:
  void Add(double value, uint64_t times) {
    const auto k = static_cast<double>(times);
    count_ += k;
    const double from_old = value - mean_;
    mean_ += from_old * k / count_;
    squares_ += k * from_old * (value - mean_);
  }
  GapMoments moments() const {
    GapMoments moments{static_cast<uint64_t>(count_), mean_, 0};
    if (count_ >= 2 && mean_ > 0)
      moments.variation = std::sqrt(std::fmax(squares_, 0) / (count_ - 1)) / mean_;
    return moments;
  }

 private:
  double count_ = 0, mean_ = 0, squares_ = 0;
};

enum Kind : uint8_t { kAll, kOnlyTimers, kTimers, kNoTimers, kKinds };
constexpr std::array<const char*, kKinds> kSeries = {"all apps", "only timers", "at least 1 timer",
                                                     "no timers"};
constexpr std::array<const char*, kKinds> kIds = {"all", "only-timers", "timers", "no-timers"};
constexpr std::array<const char*, kKinds> kTitles = {
    "Figure 6: variation of gaps, all applications", "Figure 6: applications with timers only",
    "Figure 6: applications with a timer at least", "Figure 6: applications without timers"};

}  // namespace

GapMoments GapsOf(const AppLoad& app) {
  GapSums sums;
  if (!app.executions.empty()) {
    for (size_t i = 1; i < app.executions.size(); ++i)
      sums.Add(
          static_cast<double>(app.executions[i].start_us - app.executions[i - 1].start_us) / 1e6,
          1);
  } else {
    ForEachGap(app.minutes, [&](const IdleGap& gap) { sums.Add(gap.seconds, gap.times); });
  }
  return sums.moments();
}

double Burstiness(double variation, uint64_t events) {
  const double more = std::sqrt(static_cast<double>(events) + 1);
  const double less = std::sqrt(static_cast<double>(events) - 1);
  return (more * variation - less) / ((more - 2) * variation + less);
}

bool GapVariation(const FigureContext& context, document::Section& section) {
  std::array<WeightedValues, kKinds> variation;
  WeightedValues burstiness;
  uint64_t few = 0;
  const std::vector<AppLoad>& apps = context.load.apps;
  std::vector<GapMoments> moments(apps.size());
  ForEachIndex(apps.size(), context.threads, [&](size_t i) { moments[i] = GapsOf(apps[i]); });
  for (size_t i = 0; i < apps.size(); ++i) {
    const AppLoad& app = apps[i];
    if (app.minutes.empty() && app.executions.empty()) continue;
    const GapMoments& gaps = moments[i];
    if (gaps.gaps < 2) {
      few += app.weight;
      continue;
    }
    bool timer = false, other = false;
    for (const FunctionLoad& function : app.functions) {
      if (function.minutes.empty()) continue;
      (function.trigger == model::Trigger::kTimer ? timer : other) = true;
    }
    variation[kAll].Add(gaps.variation, app.weight);
    if (timer && !other) variation[kOnlyTimers].Add(gaps.variation, app.weight);
    if (timer) variation[kTimers].Add(gaps.variation, app.weight);
    if (!timer) variation[kNoTimers].Add(gaps.variation, app.weight);
    burstiness.Add(Burstiness(gaps.variation, gaps.gaps + 1), app.weight);
  }
  section.computed = fmt::format(
      "Of each application with three invocations or more ({} have fewer): standard deviation over "
      "mean of the gaps between its invocations, all its functions merged. {} Burstiness: (sd - "
      "mean) / (sd + mean), corrected for few events (Goh, Barabasi 2008; Kim, Jo 2016): -1 "
      "regular, "
      "0 Poisson, 1 most bursty.",
      few,
      context.load.has_executions()
          ? "Executions have their times; where there are counts by minute only, c invocations in "
            "minute m come at 60 m + 60 i / c seconds."
          : "The data give no times within a minute: c invocations in minute m come at 60 m + 60 i "
            "/ "
            "c seconds. Another rule gives another variation where an application is invoked more "
            "than once a minute.");
  if (!context.apps_whole)
    section.computed += " The data tell of functions one by one: each is taken for an application.";
  const auto regular = variation[kAll].ShareAtMost(kRegular);
  section
      .AddHeadline("regular", "applications with gaps all but equal (CV at most 0.05)",
                   Unit::kShare, regular)
      .published = Atc20Curve("6", "all apps").paper[0].y;
  auto& above = section.AddHeadline("cv_above_one",
                                    "applications with gaps more irregular than "
                                    "Poisson (CV above 1)",
                                    Unit::kShare, variation[kAll].ShareAbove(1));
  above.published = 0.4;
  above.key = true;
  section.AddHeadline("cv_p50", "variation of gaps, median", Unit::kNone,
                      variation[kAll].Quantile(0.5));
  section.AddHeadline("burstiness_p50", "burstiness, median", Unit::kNone,
                      burstiness.Quantile(0.5));
  for (size_t kind = 0; kind < kKinds; ++kind) {
    if (kind != kAll && !context.triggers) continue;
    if (variation[kind].empty()) continue;
    document::Figure figure = OverPublished({fmt::format("figure-6-{}", kIds[kind]),
                                             kTitles[kind],
                                             "this data",
                                             {"CV of the gaps", Unit::kNone, false},
                                             {"share of the applications", Unit::kShare, false}},
                                            variation[kind].Cdf(), Atc20Curve("6", kSeries[kind]));
    // As far as the published figure goes; beyond it lie few.
    std::vector<document::Point>& points = figure.series[0].points;
    points.insert(points.begin(), {0, variation[kind].ShareAtMost(0).value_or(0)});
    std::erase_if(points, [](const document::Point& point) { return point.x > 10; });
    if (const auto at_ten = variation[kind].ShareAtMost(10)) points.push_back({10, *at_ten});
    section.figures.push_back(std::move(figure));
  }
  if (!burstiness.empty()) {
    document::Figure figure;
    figure.id = "burstiness";
    figure.title = "Burstiness of applications";
    figure.kind = document::FigureKind::kCdf;
    figure.x = {"burstiness (-1 regular, 0 Poisson, 1 bursty)", Unit::kNone, false};
    figure.y = {"share of the applications", Unit::kShare, false};
    AddCurve(figure, "this data", burstiness.Cdf(), nullptr);
    section.figures.push_back(std::move(figure));
  }
  const ShareFinding timers{
      "timers-are-regular",
      "Applications with timers only are invoked regularly",
      "Applications with timers only are invoked irregularly",
      "applications with timers only whose gaps vary less than Poisson (CV below 1)",
      0.75,
      "ATC'20 section 3.3, figure 6",
      "93 to 95 % of them (read off the figure); about half have a CV near 0",
      "Gaps between all invocations of an application under the replay rule."};
  const auto below = variation[kOnlyTimers].ShareAtMost(1);
  section.findings.push_back(below ? Decide(timers, *below, variation[kOnlyTimers].Effective())
                             : context.triggers
                                 ? CannotSay(timers, "no application has timers only")
                                 : CannotSay(timers, "no table tells what triggers a function"));
  return true;
}

}  // namespace plumbago::serverless
