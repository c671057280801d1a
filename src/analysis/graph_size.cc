#include "analysis/graph_size.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/at_least.h"
#include "analysis/heavy_tail.h"
#include "analysis/published.h"
#include "analysis/reference_dgg.h"
#include "analysis/row_of.h"
#include "analysis/share.h"
#include "analysis/trace_weight.h"
#include "statistics/distribution_fit.h"

namespace plumbago::analysis {
namespace {

using document::Cell;
using document::CellOf;
using document::Unit;
using statistics::CountHistogram;
using statistics::Family;

using State = GraphSize::State;

// First size of each class; 40 is a border because the published one is.
constexpr std::array<uint64_t, GraphSize::kClasses> kFirst = {0, 1,  2,  3,  4,  5,
                                                              9, 17, 33, 41, 81, 161};
constexpr std::array<const char*, GraphSize::kClasses> kClassNames = {
    "none named", "1",        "2",        "3",        "4",         "5 to 8",
    "9 to 16",    "17 to 32", "33 to 40", "41 to 80", "81 to 160", "above 160"};

size_t ClassOf(uint64_t services) {
  size_t size_class = std::min<uint64_t>(services, 5);
  while (size_class + 1 < kFirst.size() && services >= kFirst[size_class + 1]) ++size_class;
  return size_class;
}

std::optional<double> Number(std::optional<uint64_t> value) {
  return value ? std::optional<double>(static_cast<double>(*value)) : std::nullopt;
}

// What the fits of one measure say.
struct Fits {
  std::vector<statistics::Group> groups;
  std::optional<statistics::Fit> normal, burr;
  std::optional<statistics::Vuong> burr_over_normal;

  explicit Fits(const CountHistogram& histogram) : groups(statistics::GroupIntegers(histogram)) {
    normal = statistics::FitDistribution(Family::kLogNormal, groups);
    burr = statistics::FitDistribution(Family::kBurr, groups);
    if (normal && burr)
      burr_over_normal = VuongTest(burr->distribution, normal->distribution, groups);
  }
  // Which family is nearer to the data, in a sentence.
  std::string Verdict() const {
    if (!burr_over_normal) return "too few distinct sizes to fit";
    if (burr_over_normal->p >= 0.05) return "neither family is nearer (Vuong)";
    return burr_over_normal->z > 0 ? "Burr XII is nearer than log-normal (Vuong)"
                                   : "log-normal is nearer than Burr XII (Vuong)";
  }
};

void AddHeadlines(document::Section& section, const State& state) {
  const auto add = [&section](const char* name, const char* title,
                              std::optional<double> value) -> document::Headline& {
    return section.AddHeadline(name, title, Unit::kCount, value);
  };
  const CountHistogram& services = state.services;
  const CountHistogram& calls = state.calls;
  add("services_mean", "services of a trace, mean", services.Mean()).key = true;
  add("services_p50", "services of a trace, median", Number(services.Quantile(0.5)));
  add("services_p90", "services of a trace, p90", Number(services.Quantile(0.9)));
  add("services_p99", "services of a trace, p99", Number(services.Quantile(0.99))).key = true;
  add("services_max", "services of a trace, most", Number(services.Max()));
  document::Headline& large =
      section.AddHeadline("services_above_40", "traces with more than 40 services", Unit::kShare,
                          services.ShareAbove(GraphSize::kLarge));
  large.key = true;
  large.published = GraphSize::kLargePublished;
  add("calls_mean", "calls of a trace, mean", calls.Mean()).key = true;
  add("calls_p50", "calls of a trace, median", Number(calls.Quantile(0.5)));
  add("calls_p90", "calls of a trace, p90", Number(calls.Quantile(0.9)));
  add("calls_p99", "calls of a trace, p99", Number(calls.Quantile(0.99))).key = true;
  add("calls_max", "calls of a trace, most", Number(calls.Max()));
}

using ByClass = std::array<uint64_t, GraphSize::kClasses>;

ByClass TracesByClass(const CountHistogram& services) {
  ByClass traces{};
  for (const CountHistogram::Bin& bin : services.Bins()) traces[ClassOf(bin.value)] += bin.count;
  return traces;
}

document::Table SizesTable(const State& state, const ByClass& traces) {
  document::Table table;
  table.id = "sizes";
  table.title = "Traces by number of services";
  table.columns = {{"services", "services", Unit::kNone, "distinct microservices of the trace"},
                   {"traces", "traces", Unit::kCount, ""},
                   {"share", "share", Unit::kShare, "of the traces"},
                   {"calls", "calls", Unit::kCount, "calls of these traces"},
                   {"calls_share", "of calls", Unit::kShare, "of all calls"}};
  const auto all_calls = static_cast<double>(state.calls.Sum());
  for (size_t i = 0; i < GraphSize::kClasses; ++i) {
    if (traces[i] == 0) continue;
    const uint64_t calls = state.calls_of_class[i];
    table.rows.push_back(RowOf(
        kClassNames[i], traces[i], Share(traces[i], state.services.Count()), calls,
        all_calls > 0 ? std::optional(static_cast<double>(calls) / all_calls) : std::nullopt));
  }
  return table;
}

// Bars up to the largest size that occurs; the first only where there are traces without names.
document::Figure SizesFigure(const ByClass& traces, uint64_t all) {
  document::Figure figure;
  figure.id = "sizes";
  figure.title = "Services of a trace";
  figure.kind = document::FigureKind::kBars;
  figure.x = {"services", Unit::kCount, false};
  figure.y = {"share of traces", Unit::kShare, false};
  figure.key = true;
  figure.series = {{"traces", {}, false}};
  size_t end = 0;
  for (size_t i = 0; i < traces.size(); ++i) end = traces[i] > 0 ? i + 1 : end;
  for (size_t i = traces[0] > 0 ? 0 : 1; i < end; ++i) {
    figure.series[0].points.push_back(
        {static_cast<double>(figure.labels.size()), *Share(traces[i], all)});
    figure.labels.emplace_back(kClassNames[i]);
  }
  return figure;
}

document::Figure TailFigure(const char* id, const char* title, const char* axis,
                            const CountHistogram& histogram, const Fits& fits) {
  document::Figure figure;
  figure.id = id;
  figure.title = title;
  figure.kind = document::FigureKind::kCcdf;
  figure.x = {axis, Unit::kCount, true};
  figure.y = {"share of traces with at least so many", Unit::kShare, true};
  figure.series.push_back(AtLeast("traces", histogram, 1));
  const std::vector<document::Point> points = figure.series[0].points;
  for (const auto& fit : {fits.normal, fits.burr}) {
    if (!fit) continue;
    document::Series& series = figure.series.emplace_back();
    series.name = FamilyName(fit->distribution.family);
    for (const document::Point& point : points) {
      series.points.push_back({point.x, fit->distribution.Survival(point.x - 0.5)});
    }
  }
  return figure;
}

document::Figure ServicesTailFigure(const State& state, const Fits& fits) {
  document::Figure figure = TailFigure("services_tail", "Traces with at least so many services",
                                       "services", state.services, fits);
  const document::Point large{static_cast<double>(GraphSize::kLarge + 1),
                              GraphSize::kLargePublished};
  figure.series.push_back(Published({&large, 1}, "about 10 % above 40", "SoCC'21, figure 3(a)"));
  figure.series.push_back(Published(DggServices(), kDggName, kDggSource));
  return figure;
}

document::Figure CallsTailFigure(const State& state, const Fits& fits) {
  document::Figure figure =
      TailFigure("calls_tail", "Traces with at least so many calls", "calls", state.calls, fits);
  figure.series.push_back(Published(DggCalls(), kDggName, kDggSource));
  return figure;
}

// Quantiles with intervals from order statistics.
void AddQuantiles(document::Table& table, const char* measure, const CountHistogram& histogram,
                  const statistics::BucketedRatio& mean) {
  const uint64_t n = histogram.Count();
  const std::optional<statistics::Bounds> bounds = mean.Interval();
  table.rows.push_back({std::string(measure), std::string("mean"), CellOf(histogram.Mean()),
                        bounds ? Cell(bounds->low) : Cell(), bounds ? Cell(bounds->high) : Cell()});
  for (const auto& [name, q] : {std::pair<const char*, double>{"p50", 0.5},
                                {"p90", 0.9},
                                {"p99", 0.99},
                                {"p99.9", 0.999}}) {
    const std::optional<statistics::Ranks> ranks = statistics::QuantileRanks(n, q);
    const auto at = [&](uint64_t rank) {
      return histogram.Quantile((static_cast<double>(rank) + 0.25) / static_cast<double>(n - 1));
    };
    table.rows.push_back(RowOf(measure, name, histogram.Quantile(q),
                               ranks ? at(ranks->low) : std::nullopt,
                               ranks ? at(ranks->high) : std::nullopt));
  }
  table.rows.push_back(
      {std::string(measure), std::string("max"), CellOf(histogram.Max()), Cell(), Cell()});
}

document::Table QuantilesTable(const State& state) {
  document::Table table;
  table.id = "quantiles";
  table.title = "Size of a trace";
  table.columns = {
      {"measure", "measure", Unit::kNone, "services or calls of a trace"},
      {"statistic", "statistic", Unit::kNone, ""},
      {"value", "value", Unit::kCount, "exact"},
      {"low", "low", Unit::kCount,
       "95 % interval: order statistics; the mean's by bootstrap over 64 groups of traces"},
      {"high", "high", Unit::kCount, "95 % interval"}};
  if (state.services.Count() > 0) {
    AddQuantiles(table, "services", state.services, state.services_mean);
    AddQuantiles(table, "calls", state.calls, state.calls_mean);
  }
  return table;
}

void AddFit(document::Table& table, const char* measure, const Fits& fits,
            const std::optional<statistics::Fit>& fit, bool with_p) {
  if (!fit) return;
  const statistics::Distribution& d = fit->distribution;
  const bool burr = d.family == Family::kBurr;
  const std::optional<statistics::Vuong>& vuong = fits.burr_over_normal;
  table.rows.push_back({std::string(measure), std::string(FamilyName(d.family)),
                        burr ? std::exp(d.location) : d.location, d.shape,
                        burr ? Cell(d.shape2) : Cell(), fit->log_likelihood, fit->distance,
                        with_p ? Cell(statistics::BootstrapP(*fit, fits.groups)) : Cell(),
                        vuong ? Cell(burr ? vuong->z : -vuong->z) : Cell(),
                        vuong ? Cell(vuong->p) : Cell()});
}

document::Table FitsTable(const Fits& services, const Fits& calls) {
  document::Table table;
  table.id = "fits";
  table.title = "Distributions fitted to the sizes";
  table.columns = {
      {"measure", "measure", Unit::kNone, "services or calls of a trace"},
      {"family", "family", Unit::kNone, ""},
      {"location", "location", Unit::kNone, "log-normal: mean of the logarithm; Burr XII: scale"},
      {"shape", "shape", Unit::kNone, "log-normal: deviation of the logarithm; Burr XII: c"},
      {"shape2", "shape 2", Unit::kNone, "Burr XII: k; the tail falls as x^-ck"},
      {"log_likelihood", "log L", Unit::kNone, "of the intervals [v - 0.5, v + 0.5)"},
      {"distance", "D", Unit::kNone, "Kolmogorov-Smirnov distance"},
      {"p", "p", Unit::kNone, "of D, by parametric bootstrap (99 draws of at most 2,000 traces)"},
      {"vuong_z", "Vuong z", Unit::kNone, "above 0: nearer to the data than the other family"},
      {"vuong_p", "Vuong p", Unit::kNone, "two-sided"}};
  AddFit(table, "services", services, services.normal, true);
  AddFit(table, "services", services, services.burr, true);
  AddFit(table, "calls", calls, calls.normal, false);
  AddFit(table, "calls", calls, calls.burr, false);
  return table;
}

}  // namespace

const Description GraphSize::kDescription = {
    .id = "graph-size",
    .title = "Size of call graphs",
    .question = "How many services and calls does a request need, and how heavy is the tail?",
    .needs = "trace, caller, callee",
    .source = "SoCC'21 section 4.1, figure 3(a); clusterdata issue 148; T8",
};

void GraphSize::Observe(State& state, const graph::CallGraph& graph, const Facts&) {
  const uint64_t times = Times(graph.weight), hash = graph.trace.Hash();
  const uint64_t services = graph.nodes.size();
  const uint64_t calls = graph.call_count();
  state.services.Add(services, times);
  state.calls.Add(calls, times);
  state.calls_of_class[ClassOf(services)] += calls * times;
  state.services_mean.Add(hash, static_cast<int64_t>(services * times),
                          static_cast<int64_t>(times));
  state.calls_mean.Add(hash, static_cast<int64_t>(calls * times), static_cast<int64_t>(times));
}

document::Section GraphSize::Conclude(const State& state, const Facts& facts) {
  document::Section section;
  AddHeadlines(section, state);
  if (facts.headline_only) return section;
  const uint64_t traces = state.services.Count();
  const ByClass by_class = TracesByClass(state.services);
  const Fits services(state.services), calls(state.calls);
  section.findings = {HeavyTail(state.services, services.Verdict())};
  section.tables = {SizesTable(state, by_class), QuantilesTable(state), FitsTable(services, calls)};
  if (traces > 0) {
    section.figures = {SizesFigure(by_class, traces), ServicesTailFigure(state, services),
                       CallsTailFigure(state, calls)};
  }
  section.computed =
      "Services: distinct microservices of the trace, callers and callees, databases and caches "
      "included, the user and unknown names left out. Calls: logical calls, the rows of both sides "
      "joined. Exact counts; intervals of quantiles from order statistics. Fits by maximum "
      "likelihood of intervals, since sizes are whole numbers; values above 64 in intervals 2 % "
      "wide. Every trace counts once: services with many traces dominate.";
  return section;
}

}  // namespace plumbago::analysis
