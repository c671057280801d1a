#include "serverless/figures/comparison.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "serverless/figures/reference_atc20.h"

namespace plumbago::serverless {
namespace {

using document::Cell;
using document::Unit;

// What is published of the paper's subset and of the release, and how it is known.
struct Known {
  const char* section;
  const char* headline;
  std::optional<double> paper, release;
  const char* how;
};

constexpr const char* kStated = "stated";
constexpr const char* kRead = "read off the figure";
constexpr const char* kSecondary = "secondary source";

// The telling ones first: the first screen shows a few.
std::vector<Known> Table(bool apps) {
  constexpr double kMb = 1e6;
  const auto of = [&](double if_apps, double if_functions) {
    return apps ? if_apps : if_functions;
  };
  return {
      {"popularity", "at_most_minutely", of(0.83, 0.92), of(0.84, 0.93), kRead},
      {"popularity", "top_percent", of(0.87, 0.92), of(0.89, 0.94), kRead},
      {"triggers", "timer_functions", 0.156, 0.285, kStated},
      {"gap-variation", "cv_above_one", 0.43, 0.40, kRead},
      {"durations", "average_below_second", 0.5, 0.53, kStated},
      {"memory", "maximum_at_most_170", 0.5, 0.46, kStated},
      {"functions-per-app", "one_function", 0.54, 0.54, kStated},
      {"popularity", "at_most_daily", of(0.21, 0.34), of(0.18, 0.28), kRead},
      {"popularity", "at_most_hourly", of(0.45, 0.64), of(0.42, 0.61), kRead},
      {"popularity", "at_least_minutely", apps ? std::optional(0.186) : std::nullopt, std::nullopt,
       kStated},
      {"popularity", "invocations_of_them", apps ? std::optional(0.996) : std::nullopt,
       std::nullopt, kStated},
      {"functions-per-app", "at_most_ten", 0.95, 0.96, kStated},
      {"functions-per-app", "above_hundred", 0.0004, std::nullopt, kStated},
      {"functions-per-app", "functions_mean", std::nullopt, 2.98, kSecondary},
      {"triggers", "http_functions", 0.55, 0.433, kStated},
      {"triggers", "timers_only", 0.1336, 0.1190, kStated},
      {"triggers", "timers_and_others", 0.158, 0.1505, kStated},
      {"hours", "least_of_peak", 0.50, 0.66, kRead},
      {"hours", "busiest_hour", 13.0, std::nullopt, kRead},
      {"gap-variation", "regular", 0.236, 0.288, kRead},
      {"durations", "average_below_minute", 0.96, 0.96, kStated},
      {"durations", "maximum_below_3s", 0.5, 0.47, kStated},
      {"durations", "maximum_below_minute", 0.9, 0.90, kStated},
      {"durations", "log_mean", kAtc20DurationLogMean, std::nullopt, kStated},
      {"durations", "log_sigma", kAtc20DurationSigma, std::nullopt, kStated},
      {"memory", "average_p50", 140 * kMb, 143 * kMb, "of the fit; secondary source"},
      {"memory", "maximum_at_most_400", 0.9, 0.95, kStated},
      {"memory", "burr_c", kAtc20MemoryC, std::nullopt, kStated},
      {"memory", "burr_k", kAtc20MemoryK, std::nullopt, kStated},
      {"memory", "burr_lambda", kAtc20MemoryLambda * kMb, std::nullopt, kStated},
  };
}

const document::Headline* Find(const std::vector<document::Section>& sections, const Known& known) {
  for (const document::Section& section : sections) {
    if (section.id != known.section) continue;
    for (const document::Headline& headline : section.headline) {
      if (headline.name == known.headline) return &headline;
    }
  }
  return nullptr;
}

document::Finding WhatCanBeSaid(const FigureContext& context) {
  std::vector<std::string> missing;
  int figures = 8;
  const auto lacks = [&](bool lacking, int of_figures, const char* what) {
    if (!lacking) return;
    figures -= of_figures;
    missing.emplace_back(what);
  };
  const Workload& load = context.load;
  const bool counted = context.apps > 0;
  lacks(!counted, 6, "no invocations (figures 1 to 6)");
  lacks(counted && !context.apps_whole, 1,
        "functions one by one, not by application (figure 1; 5 and 6 of functions)");
  lacks(counted && !context.triggers, 2, "no triggers (figures 2 and 3; 6 by trigger)");
  lacks(counted && !context.whole_day(), 1, "less than a day (figure 4; 5a is extrapolated)");
  lacks(!load.has_durations() && !load.has_executions(), 1, "no execution times (figure 7)");
  const bool memory =
      load.has_memory() || std::any_of(load.apps.begin(), load.apps.end(),
                                       [](const AppLoad& app) { return app.memory_mb > 0; });
  lacks(!memory, 1, "no memory (figure 8)");
  document::Finding finding;
  finding.id = "what-the-data-can-say";
  finding.claim = figures == 8 ? "The data can draw all eight figures"
                               : fmt::format("The data can draw {} of the eight figures", figures);
  finding.verdict = figures == 8 ? document::Verdict::kSupported : document::Verdict::kCannotSay;
  finding.reason = fmt::format("{}", fmt::join(missing, "; "));
  finding.method =
      "Which of invocations, applications, triggers, a whole day, execution times and "
      "memory are there.";
  finding.source = "ATC'20, figures 1 to 8";
  return finding;
}

}  // namespace

document::Section Comparison(const std::vector<document::Section>& sections,
                             const FigureContext& context) {
  document::Section section;
  section.id = "comparison";
  section.title = "Your workload, the paper's, the release's";
  section.question = "Where does this workload differ from Azure's?";
  section.computed =
      "The main numbers of the other sections beside those of Serverless in the Wild (ATC'20) and "
      "of "
      "the trace that was released with it, which is another, smaller subset. Where the paper "
      "states "
      "a number the release's is read off the figure, to about 0.01; 'secondary source': others "
      "counted it. Difference: yours less the release's, else the paper's; shares in points.";
  // A column has one unit: shares apart from sizes.
  document::Table shares, others;
  shares.id = "compared-shares";
  shares.title = "Shares: yours, the paper's, the release's";
  others.id = "compared-numbers";
  others.title = "Numbers: yours, the paper's, the release's";
  const auto columns = [](Unit unit) {
    return std::vector<document::Column>{
        {"quantity", "quantity", Unit::kNone, ""},
        {"yours", "yours", unit, ""},
        {"paper", "paper", unit, ""},
        {"release", "release", unit, ""},
        {"difference", "difference", unit, "yours less the release's, else the paper's"},
        {"known", "published is", Unit::kNone, ""}};
  };
  shares.columns = columns(Unit::kShare);
  others.columns = columns(Unit::kNone);
  for (const Known& known : Table(context.apps_whole)) {
    const document::Headline* own = Find(sections, known);
    if (own == nullptr) continue;
    const double scale = own->unit == Unit::kBytes ? 1e-6 : 1;
    const auto scaled = [&](std::optional<double> value) {
      return value ? Cell(*value * scale) : Cell();
    };
    std::optional<double> difference;
    if (const std::optional<double> target = known.release ? known.release : known.paper;
        own->value && target) {
      difference = *own->value - *target;
    }
    document::Table& table = own->unit == Unit::kShare ? shares : others;
    table.rows.push_back({own->title + (own->unit == Unit::kBytes ? " (MB)" : ""),
                          scaled(own->value), scaled(known.paper), scaled(known.release),
                          scaled(difference), std::string(known.how)});
  }
  // What the data cannot say stands last.
  std::stable_partition(shares.rows.begin(), shares.rows.end(),
                        [](const std::vector<Cell>& row) { return row[1].index() != 0; });
  shares.key = !shares.rows.empty();
  section.findings.push_back(WhatCanBeSaid(context));
  section.tables.push_back(std::move(shares));
  section.tables.push_back(std::move(others));
  return section;
}

}  // namespace plumbago::serverless
