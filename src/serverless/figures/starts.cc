#include "serverless/figures/starts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "serverless/figures/fitted.h"
#include "serverless/figures/over_published.h"
#include "serverless/figures/weighted_values.h"

namespace plumbago::serverless {
namespace {

using document::Unit;
using statistics::Distribution;
using statistics::Family;

// EuroSys'25, figure 10: a log-normal and a Weibull by mean and standard deviation, seconds.
constexpr double kLatencyMean = 3.24, kLatencyDeviation = 7.10;
constexpr double kBetweenMean = 1.25, kBetweenDeviation = 3.66;
constexpr const char* kSource = "EuroSys'25, figure 10";

constexpr std::array<const char*, model::ColdStart::kParts> kParts = {"pod allocation", "code",
                                                                      "dependencies", "scheduling"};

// The log-normal with this mean and standard deviation (of the values, not of their logarithms).
Distribution LogNormalOf(double mean, double deviation, double step) {
  const double variance = std::log1p(deviation * deviation / (mean * mean));
  return {Family::kLogNormal, std::log(mean / step) - variance / 2, std::sqrt(variance), 1};
}

document::Table PartTable(const WeightedValues& total,
                          const std::array<WeightedValues, kParts.size()>& parts) {
  document::Table table;
  table.id = "start-parts";
  table.title = "What a start takes";
  table.columns = {{"part", "part", Unit::kNone, ""},
                   {"starts", "starts", Unit::kCount, "that say it"},
                   {"p50", "median", Unit::kNanoseconds, ""},
                   {"p90", "p90", Unit::kNanoseconds, ""},
                   {"p99", "p99", Unit::kNanoseconds, ""}};
  const auto add = [&](const char* name, const WeightedValues& values) {
    if (values.empty()) return;
    table.rows.push_back({std::string(name), static_cast<int64_t>(values.total()),
                          *values.Quantile(0.5) * 1000, *values.Quantile(0.9) * 1000,
                          *values.Quantile(0.99) * 1000});
  };
  add("whole start", total);
  for (size_t i = 0; i < kParts.size(); ++i) add(kParts[i], parts[i]);
  return table;
}

}  // namespace

double Weibull::Quantile(double p) const { return scale * std::pow(-std::log1p(-p), 1 / shape); }

Weibull WeibullOf(double mean, double deviation) {
  // The squared variation falls with the shape: halve.
  const double wished = 1 + deviation * deviation / (mean * mean);
  double low = 0.1, high = 20;
  for (int i = 0; i < 100; ++i) {
    const double shape = (low + high) / 2;
    const double squared = std::exp(std::lgamma(1 + 2 / shape) - 2 * std::lgamma(1 + 1 / shape));
    (squared > wished ? low : high) = shape;
  }
  return {mean / std::exp(std::lgamma(1 + 1 / low)), low};
}

bool Starts(const FigureContext& context, document::Section& section) {
  const Workload& load = context.load;
  if (load.start_logs.empty()) return false;
  WeightedValues total, between;  // microseconds
  std::array<WeightedValues, kParts.size()> parts;
  std::vector<std::pair<double, uint64_t>> for_fit;
  std::vector<int64_t> at;
  for (const StartLog& log : load.start_logs) {
    for (const StartLog::Start& start : log.starts) {
      at.push_back(start.at_us);
      if (start.total_us > 0) {
        total.Add(static_cast<double>(start.total_us), 1);
        for_fit.emplace_back(static_cast<double>(start.total_us), 1);
      }
      for (size_t i = 0; i < kParts.size(); ++i) {
        if (start.parts_us[i] >= 0) parts[i].Add(static_cast<double>(start.parts_us[i]), 1);
      }
    }
  }
  std::sort(at.begin(), at.end());
  double sum = 0;
  for (size_t i = 1; i < at.size(); ++i) {
    between.Add(static_cast<double>(at[i] - at[i - 1]), 1);
    sum += static_cast<double>(at[i] - at[i - 1]);
  }
  section.computed =
      "Starts of instances as the platform logged them; a part counts where it is said. The "
      "log-normal is fitted to the whole starts by maximum likelihood. Between starts: from one "
      "start "
      "of any function to the next; the published distributions are of five regions of one "
      "platform, "
      "given by mean and standard deviation.";
  section.AddHeadline("starts", "starts of instances", Unit::kCount,
                      static_cast<double>(at.size()));
  const auto ns = [](std::optional<double> us) {
    return us ? std::optional<double>(*us * 1000) : std::nullopt;
  };
  auto& median = section.AddHeadline("start_p50", "a start takes, median", Unit::kNanoseconds,
                                     ns(total.Quantile(0.5)));
  median.key = true;
  median.published = LogNormalOf(kLatencyMean, kLatencyDeviation, 1e-9).Quantile(0.5);
  section.AddHeadline("start_p99", "a start takes, p99", Unit::kNanoseconds,
                      ns(total.Quantile(0.99)));
  section
      .AddHeadline("between_mean", "between two starts, mean", Unit::kNanoseconds,
                   at.size() > 1
                       ? std::optional<double>(sum / static_cast<double>(at.size() - 1) * 1000)
                       : std::nullopt)
      .published = kBetweenMean * 1e9;
  section.tables.push_back(PartTable(total, parts));
  if (!total.empty()) {
    document::Figure figure;
    figure.id = "start-latency";
    figure.title = "How long starts take";
    figure.kind = document::FigureKind::kCdf;
    figure.x = {"time of a start", Unit::kNanoseconds, true};
    figure.y = {"share of the starts", Unit::kShare, false};
    AddCurve(figure, "whole start", total.Cdf(1000), nullptr);
    const FitInput input = WholeOrFine(for_fit, 1000);
    const std::vector<FittedRow> fits = FitBeside(
        input, Family::kLogNormal, LogNormalOf(kLatencyMean, kLatencyDeviation, input.step / 1e9),
        "log-normal, fitted", "Huawei's log-normal");
    for (size_t i = 0; i < fits.size(); ++i) {
      AddCurve(figure, fits[i].name, CurveOf(fits[i].distribution, input.step),
               i + 1 == fits.size() ? kSource : nullptr);
    }
    section.figures.push_back(std::move(figure));
    document::Figure by_part;
    by_part.id = "start-parts";
    by_part.title = "How long the parts of starts take";
    by_part.kind = document::FigureKind::kCdf;
    by_part.x = {"time of a part", Unit::kNanoseconds, true};
    by_part.y = {"share of the starts", Unit::kShare, false};
    for (size_t i = 0; i < kParts.size(); ++i)
      AddCurve(by_part, kParts[i], parts[i].Cdf(1000), nullptr);
    if (!by_part.series.empty()) section.figures.push_back(std::move(by_part));
    document::Table table;
    table.id = "start-fit";
    table.title = "Log-normal of starts (seconds)";
    table.columns = {{"fit", "fit", Unit::kNone, ""},
                     {"log_mean", "log mean", Unit::kNone, ""},
                     {"sigma", "sigma", Unit::kNone, ""},
                     {"distance", "distance", Unit::kNone, "Kolmogorov-Smirnov"},
                     {"p", "p", Unit::kNone, "share of draws from the fit that lie so far off"}};
    for (const FittedRow& fit : fits) {
      table.rows.push_back({fit.name, fit.distribution.location + std::log(input.step / 1e9),
                            fit.distribution.shape, document::CellOf(fit.distance),
                            document::CellOf(fit.p)});
    }
    section.tables.push_back(std::move(table));
  }
  if (!between.empty()) {
    document::Figure figure;
    figure.id = "between-starts";
    figure.title = "Time between starts";
    figure.kind = document::FigureKind::kCdf;
    figure.x = {"from one start to the next", Unit::kNanoseconds, true};
    figure.y = {"share of the starts", Unit::kShare, false};
    AddCurve(figure, "this data", between.Cdf(1000), nullptr);
    const Weibull weibull = WeibullOf(kBetweenMean, kBetweenDeviation);
    std::vector<document::Point> curve;
    for (int i = 1; i < 100; ++i) curve.push_back({weibull.Quantile(i / 100.0) * 1e9, i / 100.0});
    AddCurve(figure, "Huawei's Weibull", std::move(curve), kSource);
    section.figures.push_back(std::move(figure));
  }
  return true;
}

}  // namespace plumbago::serverless
