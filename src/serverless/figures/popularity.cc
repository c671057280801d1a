#include "serverless/figures/popularity.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "serverless/figures/over_published.h"
#include "serverless/figures/reference_atc20.h"
#include "serverless/figures/share_finding.h"
#include "serverless/figures/weighted_values.h"
#include "statistics/random.h"
#include "statistics/resampling.h"

namespace plumbago::serverless {
namespace {

using document::Point;
using document::Unit;

struct Item {
  uint64_t invocations, weight;
};

class Popular {
 public:
  WeightedValues days;      // invocations a day
  std::vector<Item> items;  // the most invoked first
  uint64_t weight = 0;
  double invocations = 0;

  void Add(uint64_t total, uint64_t of, double in_days) {
    if (total == 0) return;
    days.Add(static_cast<double>(total) / in_days, of);
    items.push_back({total, of});
    weight += of;
    invocations += static_cast<double>(total) * static_cast<double>(of);
  }
  void Sort() {
    std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) {
      return a.invocations != b.invocations ? a.invocations > b.invocations : a.weight > b.weight;
    });
  }
  // Share of all invocations that the most popular `fraction` make; a part of an item of a weight
  // makes its part.
  std::optional<double> TopShare(double fraction) const {
    if (invocations == 0) return std::nullopt;
    return TopShare(fraction, std::vector<double>(items.size(), 1));
  }
  // Percentile bootstrap over items (Efron 1979), 199 draws; nothing for fewer than 20 items.
  std::optional<statistics::Bounds> TopBounds(double fraction) const {
    if (items.size() < 20 || invocations == 0) return std::nullopt;
    statistics::Random random(statistics::MixSeed(items.size(), items[0].invocations));
    std::vector<double> shares, times(items.size());
    for (int draw = 0; draw < 199; ++draw) {
      std::fill(times.begin(), times.end(), 0.0);
      for (size_t i = 0; i < items.size(); ++i) {
        const auto at = static_cast<size_t>(random.Unit() * static_cast<double>(items.size()));
        times[std::min(at, items.size() - 1)] += 1;
      }
      shares.push_back(TopShare(fraction, times));
    }
    std::sort(shares.begin(), shares.end());
    return statistics::Bounds{shares[4], shares[194]};
  }

 private:
  double TopShare(double fraction, const std::vector<double>& times) const {
    double all = 0, of = 0;
    for (size_t i = 0; i < items.size(); ++i) {
      const double here = times[i] * static_cast<double>(items[i].weight);
      all += here * static_cast<double>(items[i].invocations);
      of += here;
    }
    double left = fraction * of, sum = 0;
    for (size_t i = 0; i < items.size() && left > 0; ++i) {
      const double take = std::min(left, times[i] * static_cast<double>(items[i].weight));
      sum += take * static_cast<double>(items[i].invocations);
      left -= take;
    }
    return all > 0 ? sum / all : 0;
  }

 public:
  std::vector<Point> Curve() const {
    std::vector<Point> points;
    double sum = 0, behind = 0, next = 0;
    for (size_t i = 0; i < items.size(); ++i) {
      behind += static_cast<double>(items[i].weight);
      sum += static_cast<double>(items[i].weight) * static_cast<double>(items[i].invocations);
      if (behind < next && i + 1 < items.size()) continue;
      next = behind * 1.05;
      points.push_back({behind / static_cast<double>(weight), sum / invocations});
    }
    return points;
  }
};

void AddFigures(const char* whose, const char* published, const Popular& popular,
                const std::string& note, document::Section& section) {
  section.figures.push_back(
      OverPublished({fmt::format("figure-5a-{}", whose),
                     fmt::format("Figure 5a: {} by invocations a day{}", whose, note),
                     "this data",
                     {"invocations a day, mean", Unit::kCount, true},
                     {fmt::format("share of the {}", whose), Unit::kShare, false}},
                    popular.days.Cdf(), Atc20Curve("5a", published)));
  section.figures.push_back(OverPublished(
      {fmt::format("figure-5b-{}", whose),
       fmt::format("Figure 5b: invocations that the most popular {} make", whose),
       "this data",
       {fmt::format("share of the {}, the most popular first", whose), Unit::kShare, true},
       {"share of the invocations", Unit::kShare, false},
       document::FigureKind::kLine},
      popular.Curve(), Atc20Curve("5b", published)));
}

document::Finding Concentration(const Popular& whole, const char* whose) {
  constexpr double kBorder = 0.9;
  document::Finding finding;
  finding.id = "a-few-make-most-invocations";
  finding.source = "ATC'20 section 3.3, figure 5b";
  finding.published =
      "the most popular 10 % of the applications make 99 % of the invocations (read off the "
      "figure)";
  finding.method = fmt::format(
      "Invocations of the most popular 10 % of the {}. Supported where the 95 % interval "
      "(bootstrap "
      "over {}, 199 draws) lies above 90 %, contradicted where below.",
      whose, whose);
  finding.claim = fmt::format("A few {} make most invocations", whose);
  const std::optional<double> top = whole.TopShare(0.1);
  const std::optional<statistics::Bounds> bounds = whole.TopBounds(0.1);
  if (!top || !bounds) {
    finding.reason = fmt::format("fewer than 20 {} were invoked", whose);
    return finding;
  }
  finding.effect = {.name = fmt::format("invocations of the most popular 10 % of the {}", whose),
                    .unit = Unit::kShare,
                    .value = top,
                    .low = bounds->low,
                    .high = bounds->high,
                    .interval = fmt::format("95 %, bootstrap over {}", whose)};
  finding.rank = std::fabs(*top - kBorder);
  if (bounds->low > kBorder) {
    finding.verdict = document::Verdict::kSupported;
  } else if (bounds->high < kBorder) {
    finding.verdict = document::Verdict::kContradicted;
    finding.claim = fmt::format("Invocations are spread over many {}", whose);
  } else {
    finding.reason = "the interval holds the border of 90 %";
  }
  return finding;
}

}  // namespace

bool Popularity(const FigureContext& context, document::Section& section) {
  Popular apps, functions;
  for (const AppLoad& app : context.load.apps) {
    if (context.days <= 0) break;
    apps.Add(app.minutes.total(), app.weight, context.days);
    for (const FunctionLoad& function : app.functions)
      functions.Add(function.minutes.total(), app.weight, context.days);
  }
  apps.Sort();
  functions.Sort();
  section.computed =
      "Invocations a day: all of an application (of all its functions) or a function, by the days "
      "that the data tell of. Those that were never invoked are not in the curves. Sorted by "
      "popularity, invocations are added up.";
  std::string note;
  if (!context.whole_day() && context.days > 0) {
    note = fmt::format(", extrapolated from {:.3g} hours", 24 * context.days);
    section.computed += fmt::format(
        " The data tell of {:.3g} hours: a day's invocations are extrapolated as if the other "
        "hours were alike, and nothing rarer than once in these hours can be told from what was "
        "never invoked, so rates up to once a day are not said.",
        24 * context.days);
  }
  const Popular& whole = context.apps_whole ? apps : functions;
  const char* whose = context.apps_whole ? "applications" : "functions";
  const auto rarely = [&](double a_day) -> std::optional<double> {
    if (context.days * a_day < 1) return std::nullopt;
    return whole.days.ShareAtMost(a_day);
  };
  const auto add = [&](const char* name, const std::string& title, std::optional<double> value,
                       double app_published, double function_published) -> document::Headline& {
    auto& headline = section.AddHeadline(name, title.c_str(), Unit::kShare, value);
    headline.published = context.apps_whole ? app_published : function_published;
    return headline;
  };
  // Published: read off figure 5a, just right of the steps.
  add("at_most_daily", fmt::format("{} invoked at most once a day", whose), rarely(1), 0.21, 0.34);
  add("at_most_hourly", fmt::format("{} invoked at most once an hour", whose), rarely(24), 0.45,
      0.64);
  add("at_most_minutely", fmt::format("{} invoked at most once a minute", whose), rarely(1440),
      0.83, 0.93)
      .key = true;
  add("top_percent", fmt::format("invocations of the most popular 1 % of the {}", whose),
      whole.weight >= 100 ? whole.TopShare(0.01) : std::nullopt, 0.87, 0.92)
      .key = true;
  std::optional<double> frequent;
  if (const std::optional<double> share = whole.days.ShareAtMost(1439.999)) {
    section
        .AddHeadline("at_least_minutely",
                     fmt::format("{} invoked at least once a minute", whose).c_str(), Unit::kShare,
                     1 - *share)
        .published = context.apps_whole ? std::optional<double>(0.186) : std::nullopt;
    frequent = whole.TopShare(1 - *share);
    section
        .AddHeadline("invocations_of_them", "invocations that these make", Unit::kShare, frequent)
        .published = context.apps_whole ? std::optional<double>(0.996) : std::nullopt;
  }
  if (context.apps_whole) AddFigures("applications", "applications", apps, note, section);
  AddFigures("functions", "functions", functions, note, section);

  if (!section.figures.empty()) section.figures.front().key = true;

  const ShareFinding rare{"most-are-invoked-rarely",
                          fmt::format("Most {} are invoked at most once a minute", whose),
                          fmt::format("Most {} are invoked more than once a minute", whose),
                          fmt::format("{} invoked at most once a minute on average", whose),
                          0.5,
                          "ATC'20 section 3.3, figure 5a",
                          "81 % of the applications (secondary source; 83 % read off the figure)",
                          "Of those that were invoked at all."};
  const std::optional<double> share = rarely(1440);
  section.findings.push_back(share ? Decide(rare, *share, whole.days.Effective())
                                   : CannotSay(rare, "nothing was invoked"));
  section.findings.push_back(Concentration(whole, whose));
  return true;
}

}  // namespace plumbago::serverless
