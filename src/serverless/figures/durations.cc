#include "serverless/figures/durations.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "serverless/figures/over_published.h"
#include "serverless/figures/reference_atc20.h"
#include "serverless/figures/share_finding.h"
#include "serverless/figures/weighted_values.h"

namespace plumbago::serverless {
namespace {

using document::Cell;
using document::Unit;
using statistics::Distribution;
using statistics::Family;

constexpr double kMsNs = 1e6, kSecondMs = 1000;

struct Times {  // milliseconds
  WeightedValues average, minimum, maximum;
  std::vector<std::pair<double, uint64_t>> averages;
  std::optional<uint32_t> day;  // of the tables
  uint64_t left_out = 0;        // rows whose average, minimum or maximum is not above 0
  bool from_log = false;

  void Add(double mean, double least, double most, uint64_t weight) {
    if (!(mean > 0 && least > 0 && most > 0)) {
      left_out += weight;
      return;
    }
    average.Add(mean, weight);
    minimum.Add(least, weight);
    maximum.Add(most, weight);
    averages.emplace_back(mean, weight);
  }
};

// The first day that the tables have: the paper shows 15 July, the release's first.
void FromTables(const Workload& load, Times& times) {
  load.ForEachApp([&](const AppLoad& app) {
    for (const FunctionLoad& function : app.functions) {
      for (const DurationDay& day : function.durations)
        times.day = std::min(times.day.value_or(day.day), day.day);
    }
  });
  load.ForEachApp([&](const AppLoad& app) {
    for (const FunctionLoad& function : app.functions) {
      for (const DurationDay& day : function.durations) {
        if (day.day == times.day)
          times.Add(day.average_ms, day.minimum_ms, day.maximum_ms, app.weight);
      }
    }
  });
}

void FromLog(const Workload& load, Times& times) {
  times.from_log = true;
  struct Sums {
    double sum = 0, count = 0, least = 0, most = 0;
  };
  for (const AppLoad& app : load.apps) {
    std::vector<Sums> functions(app.functions.size());
    for (const AppExecution& execution : app.executions) {
      if (execution.function >= functions.size() || execution.duration_us <= 0) continue;
      Sums& sums = functions[execution.function];
      const double ms = static_cast<double>(execution.duration_us) / 1000;
      sums.least = sums.count == 0 ? ms : std::min(sums.least, ms);
      sums.most = std::max(sums.most, ms);
      sums.sum += ms;
      sums.count += 1;
    }
    for (const Sums& sums : functions) {
      if (sums.count > 0) times.Add(sums.sum / sums.count, sums.least, sums.most, app.weight);
    }
  }
}

void AddFigures(const Times& times, const std::vector<FittedRow>& fits, const FitInput& input,
                document::Section& section) {
  const auto add = [&](const char* series, const char* title, const WeightedValues& values) {
    section.figures.push_back(
        OverPublished({fmt::format("figure-7-{}", series),
                       title,
                       "this data",
                       {fmt::format("{} execution time", series), Unit::kNanoseconds, true},
                       {"share of the functions", Unit::kShare, false},
                       document::FigureKind::kCdf,
                       1e9},
                      values.Cdf(kMsNs), Atc20Curve("7", series)));
  };
  add("average", "Figure 7: functions by average execution time", times.average);
  for (size_t i = 0; i < fits.size(); ++i) {
    AddCurve(section.figures.back(), fits[i].name, CurveOf(fits[i].distribution, input.step),
             i + 1 == fits.size() ? "ATC'20 section 3.4" : nullptr);
  }
  section.figures.back().key = true;
  add("minimum", "Figure 7: functions by minimum execution time", times.minimum);
  add("maximum", "Figure 7: functions by maximum execution time", times.maximum);
}

void AddFitTable(const std::vector<FittedRow>& fits, double step_s, document::Section& section) {
  document::Table table;
  table.id = "duration-fit";
  table.title = "Log-normal of average execution times (seconds)";
  table.columns = {
      {"fit", "fit", Unit::kNone, ""},
      {"log_mean", "log mean", Unit::kNone, "mean of the logarithm of seconds"},
      {"sigma", "sigma", Unit::kNone, "standard deviation of the logarithm"},
      {"log_likelihood", "log likelihood", Unit::kNone, "of these data; the higher the better"},
      {"distance", "distance", Unit::kNone, "Kolmogorov-Smirnov: largest gap between the curves"},
      {"p", "p", Unit::kNone, "share of draws from the fit that lie so far off (T8)"}};
  for (const FittedRow& fit : fits) {
    table.rows.push_back({fit.name, fit.distribution.location + std::log(step_s),
                          fit.distribution.shape, document::CellOf(fit.log_likelihood),
                          document::CellOf(fit.distance), document::CellOf(fit.p)});
  }
  section.tables.push_back(std::move(table));
}

}  // namespace

bool Durations(const FigureContext& context, document::Section& section) {
  const Workload& load = context.load;
  const ShareFinding shorts{
      "executions-are-short",
      "Executions are short",
      "Executions are long",
      "functions whose executions take less than a second on average",
      0.5,
      "ATC'20 section 3.4, figure 7",
      "50 % of the functions take less than 1 s on average, 96 % less than 60 s",
      "By function, however often it runs."};
  Times times;
  if (load.has_durations()) {
    FromTables(load, times);
  } else if (load.has_executions()) {
    FromLog(load, times);
  }
  const auto published = [&](const char* name, const char* title, Unit unit,
                             std::optional<double> value, double of) -> document::Headline& {
    auto& headline = section.AddHeadline(name, title, unit, value);
    headline.published = of;
    return headline;
  };
  if (times.average.empty()) {
    section.computed = "No table or log tells how long executions take: cannot say.";
    published("average_below_second", "functions below 1 s on average", Unit::kShare, std::nullopt,
              0.5);
    section.findings.push_back(CannotSay(shorts, "no table or log tells how long executions take"));
    return true;
  }
  section.computed = fmt::format(
      "Of each function its average, minimum and maximum execution time {}; {} whose average, "
      "minimum or maximum is not above 0 are left out. Cold starts are not in the platform's "
      "tables. "
      "The log-normal is fitted to the averages by maximum likelihood over intervals.",
      times.from_log ? "over the log" : fmt::format("on day {} of the tables", *times.day + 1),
      times.left_out);
  published("average_below_second", "functions below 1 s on average", Unit::kShare,
            times.average.ShareAtMost(kSecondMs - 1e-9), 0.5)
      .key = true;
  published("average_below_minute", "functions below 60 s on average", Unit::kShare,
            times.average.ShareAtMost(60 * kSecondMs - 1e-9), 0.96);
  published("maximum_below_3s", "functions whose longest takes less than 3 s", Unit::kShare,
            times.maximum.ShareAtMost(3 * kSecondMs - 1e-9), 0.5);
  published("maximum_below_minute", "functions whose longest takes at most 60 s", Unit::kShare,
            times.maximum.ShareAtMost(60 * kSecondMs), 0.9);
  const FitInput input = WholeOrFine(times.averages, kMsNs);
  const double step_s = input.step / 1e9;
  const Distribution paper{Family::kLogNormal, kAtc20DurationLogMean - std::log(step_s),
                           kAtc20DurationSigma, 1};
  const std::vector<FittedRow> fits =
      FitBeside(input, Family::kLogNormal, paper, "log-normal, fitted", "the paper's log-normal");
  if (fits.size() == 2) {
    published("log_mean", "fitted log-normal: mean of log seconds", Unit::kNone,
              fits[0].distribution.location + std::log(step_s), kAtc20DurationLogMean);
    published("log_sigma", "fitted log-normal: sigma", Unit::kNone, fits[0].distribution.shape,
              kAtc20DurationSigma);
  }
  AddFigures(times, fits, input, section);
  AddFitTable(fits, step_s, section);
  section.findings.push_back(
      Decide(shorts, *times.average.ShareAtMost(kSecondMs - 1e-9), times.average.Effective()));
  return true;
}

}  // namespace plumbago::serverless
