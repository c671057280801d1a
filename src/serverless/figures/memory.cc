#include "serverless/figures/memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "serverless/figures/fitted.h"
#include "serverless/figures/over_published.h"
#include "serverless/figures/reference_atc20.h"
#include "serverless/figures/weighted_values.h"

namespace plumbago::serverless {
namespace {

using document::Unit;
using statistics::Distribution;
using statistics::Family;

constexpr double kMb = 1e6;
// Of model::AppMemory::kPercents.
constexpr size_t kPercent1 = 0, kPercent100 = 7;

struct Sizes {  // MB
  WeightedValues average, low, high;
  std::vector<std::pair<double, uint64_t>> averages;
  std::optional<uint32_t> day;
  uint64_t left_out = 0;  // without a first percentile
  bool from_log = false;  // means only
};

Sizes Collect(const Workload& load) {
  Sizes sizes;
  load.ForEachApp([&](const AppLoad& app) {
    for (const MemoryDay& day : app.memory)
      sizes.day = std::min(sizes.day.value_or(day.day), day.day);
  });
  load.ForEachApp([&](const AppLoad& app) {
    for (const MemoryDay& day : app.memory) {
      if (day.day != sizes.day) continue;
      if (!(day.percentiles_mb[kPercent1] > 0 && day.average_mb > 0)) {
        sizes.left_out += app.weight;
        continue;
      }
      sizes.average.Add(day.average_mb, app.weight);
      sizes.low.Add(day.percentiles_mb[kPercent1], app.weight);
      sizes.high.Add(day.percentiles_mb[kPercent100], app.weight);
      sizes.averages.emplace_back(day.average_mb, app.weight);
    }
  });
  if (sizes.day) return sizes;
  for (const AppLoad& app : load.apps) {
    if (!(app.memory_mb > 0)) continue;
    sizes.from_log = true;
    sizes.average.Add(app.memory_mb, app.weight);
    sizes.averages.emplace_back(app.memory_mb, app.weight);
  }
  return sizes;
}

void AddFitTable(const std::vector<FittedRow>& fits, double step_mb, document::Section& section) {
  document::Table table;
  table.id = "memory-fit";
  table.title = "Burr XII of average memory (MB)";
  table.columns = {
      {"fit", "fit", Unit::kNone, ""},
      {"c", "c", Unit::kNone, "F(x) = 1 - (1 + (x / lambda)^c)^-k"},
      {"k", "k", Unit::kNone, ""},
      {"lambda", "lambda", Unit::kNone, "MB"},
      {"log_likelihood", "log likelihood", Unit::kNone, "of these data; the higher the better"},
      {"distance", "distance", Unit::kNone, "Kolmogorov-Smirnov: largest gap between the curves"},
      {"p", "p", Unit::kNone, "share of draws from the fit that lie so far off (T8)"}};
  for (const FittedRow& fit : fits) {
    table.rows.push_back({fit.name, fit.distribution.shape, fit.distribution.shape2,
                          std::exp(fit.distribution.location) * step_mb,
                          document::CellOf(fit.log_likelihood), document::CellOf(fit.distance),
                          document::CellOf(fit.p)});
  }
  section.tables.push_back(std::move(table));
}

}  // namespace

bool Memory(const FigureContext& context, document::Section& section) {
  const Sizes sizes = Collect(context.load);
  const auto published = [&](const char* name, const char* title, Unit unit,
                             std::optional<double> value, double of) -> document::Headline& {
    auto& headline = section.AddHeadline(name, title, unit, value);
    headline.published = of;
    return headline;
  };
  if (sizes.average.empty()) {
    section.computed = "No table or log tells what applications allocate: cannot say.";
    published("maximum_at_most_400", "applications that allocate at most 400 MB", Unit::kShare,
              std::nullopt, 0.9);
    return true;
  }
  section.computed =
      sizes.from_log
          ? std::string(
                "Of each application the mean of what its executions say; how it varies within an "
                "application is not known.")
          : fmt::format(
                "Of each application the first percentile, average and maximum of what it had "
                "allocated (committed, not resident) on day {} of the tables; {} whose first "
                "percentile or average is not above 0 are left out.",
                *sizes.day + 1, sizes.left_out);
  section.computed +=
      " The Burr XII is fitted to the averages by maximum likelihood over intervals.";
  const auto bytes = [](std::optional<double> mb) {
    return mb ? std::optional<double>(*mb * kMb) : std::nullopt;
  };
  published("average_p50", "average allocation of an application, median", Unit::kBytes,
            bytes(sizes.average.Quantile(0.5)), 140 * kMb)
      .key = true;
  published("maximum_at_most_170", "applications that allocate at most 170 MB", Unit::kShare,
            sizes.high.ShareAtMost(170), 0.5);
  published("maximum_at_most_400", "applications that allocate at most 400 MB", Unit::kShare,
            sizes.high.ShareAtMost(400), 0.9);
  const FitInput input = WholeOrFine(sizes.averages, kMb);
  const double step_mb = input.step / kMb;
  const Distribution paper{Family::kBurr, std::log(kAtc20MemoryLambda / step_mb), kAtc20MemoryC,
                           kAtc20MemoryK};
  const std::vector<FittedRow> fits =
      FitBeside(input, Family::kBurr, paper, "Burr XII, fitted", "the paper's Burr XII");
  if (fits.size() == 2) {
    published("burr_c", "fitted Burr XII: c", Unit::kNone, fits[0].distribution.shape,
              kAtc20MemoryC);
    published("burr_k", "fitted Burr XII: k", Unit::kNone, fits[0].distribution.shape2,
              kAtc20MemoryK);
    published("burr_lambda", "fitted Burr XII: lambda", Unit::kBytes,
              std::exp(fits[0].distribution.location) * input.step, kAtc20MemoryLambda * kMb);
  }
  const auto add = [&](const char* series, const char* title, const WeightedValues& values) {
    section.figures.push_back(OverPublished({fmt::format("figure-8-{}", series),
                                             title,
                                             "this data",
                                             {"allocated memory", Unit::kBytes, true},
                                             {"share of the applications", Unit::kShare, false},
                                             document::FigureKind::kCdf,
                                             kMb},
                                            values.Cdf(kMb), Atc20Curve("8", series)));
  };
  add("average", "Figure 8: applications by average memory", sizes.average);
  for (size_t i = 0; i < fits.size(); ++i) {
    AddCurve(section.figures.back(), fits[i].name, CurveOf(fits[i].distribution, input.step),
             i + 1 == fits.size() ? "ATC'20 section 3.5" : nullptr);
  }
  if (!sizes.low.empty())
    add("pct1", "Figure 8: applications by the first percentile of memory", sizes.low);
  if (!sizes.high.empty()) add("maximum", "Figure 8: applications by maximum memory", sizes.high);
  AddFitTable(fits, step_mb, section);
  return true;
}

}  // namespace plumbago::serverless
