#include "analysis/interference.h"

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "analysis/cpu_over_memory.h"
#include "analysis/load_response.h"
#include "analysis/row_of.h"
#include "base/strong_id.h"

namespace plumbago::analysis {
namespace {

using document::Section;
using document::Unit;
using model::kNoInstance;
using model::Measure;
using statistics::WithinCurve;
using statistics::WithinRegression;

std::optional<double> Times(std::optional<double> value, double factor) {
  if (!value) return std::nullopt;
  return *value * factor;
}

const char* Tested(const Response& response) {
  if (response.tested()) return "tested";
  const auto deviation = response.regression.WithinDeviation();
  if (!deviation || *deviation < kLeastDeviation) return "not tested: varies too little";
  return response.regression.Slope() ? "not tested: too few hosts"
                                     : "not tested: moves as the rate";
}

document::Table EffectTable(const LoadResponse& response) {
  document::Table table;
  table.id = "effects";
  table.title = "Response time against utilisation, within instance, operation and hour";
  const char* over = response.hosts_named ? "jackknife over hosts"
                                          : "jackknife over instances, since hosts have no names: "
                                            "too narrow where instances share a host";
  table.columns = {{"outcome", "outcome", Unit::kNone, ""},
                   {"predictor", "predictor", Unit::kNone, ""},
                   {"state", "state", Unit::kNone,
                    "tested: it varies by a point or more within groups, on 8 hosts or more"},
                   {"per_ten_points", "for 10 points", Unit::kShare,
                    "relative change, adjusted for call rate and own CPU"},
                   {"low", "95 % from", Unit::kShare, over},
                   {"high", "to", Unit::kShare, ""},
                   {"per_deviation", "for one deviation", Unit::kShare,
                    "for one standard deviation of the predictor within a group"},
                   {"deviation", "deviation within", Unit::kShare, ""},
                   {"mean", "mean", Unit::kShare, "of the predictor"},
                   {"units", "units", Unit::kCount,
                    "instance, operation and interval, in groups of two or more"},
                   {"groups", "groups", Unit::kCount, "instance, operation and hour"},
                   {"hosts", response.hosts_named ? "hosts" : "instances", Unit::kCount, ""}};
  for (size_t o = 0; o < kOutcomes; ++o) {
    for (size_t p = 0; p < kPredictors; ++p) {
      const Response& one = response.of[o][p];
      const WithinRegression& regression = one.regression;
      if (!one.known() && !regression.PooledCorrelation()) continue;
      // What is not tested has no effect to show: a figure would be read as one.
      const bool tested = one.tested();
      const auto slope = tested ? regression.Slope() : std::nullopt;
      const auto interval = tested ? regression.Interval() : std::nullopt;
      const auto bound = [&](double statistics::Bounds::* end) -> std::optional<double> {
        if (!interval) return std::nullopt;
        return (*interval).*end * kTenPoints;
      };
      table.rows.push_back(RowOf(
          OutcomeTitle(static_cast<Outcome>(o)), PredictorTitle(static_cast<Predictor>(p)),
          Tested(one), Times(slope, kTenPoints), bound(&statistics::Bounds::low),
          bound(&statistics::Bounds::high), Times(slope, regression.WithinDeviation().value_or(0)),
          regression.WithinDeviation(), regression.MeanX(), regression.units(), regression.groups(),
          regression.clusters()));
    }
  }
  return table;
}

document::Table CorrelationTable(const LoadResponse& response) {
  document::Table table;
  table.id = "correlations";
  table.title = "Correlation of response time and utilisation: within, and pooled (confounded)";
  table.columns = {
      {"outcome", "outcome", Unit::kNone, ""},
      {"predictor", "predictor", Unit::kNone, ""},
      {"within", "correlation within", Unit::kNone, "within groups, not adjusted"},
      {"pooled", "pooled (confounded)", Unit::kNone,
       "correlation over all units as if instances and hours did not differ"},
      {"rank_within", "ranks within", Unit::kNone,
       "rank correlation (Spearman) within an instance and operation, all hours: the median"},
      {"rank_pooled", "ranks pooled (confounded)", Unit::kNone, "rank correlation over all units"},
      {"variation", "variation within", Unit::kShare,
       "standard deviation of the predictor over its mean, within an instance and operation: the "
       "median"}};
  for (size_t o = 0; o < kOutcomes; ++o) {
    for (size_t p = 0; p < kPredictors; ++p) {
      const Response& one = response.of[o][p];
      if (!one.regression.PooledCorrelation()) continue;
      table.rows.push_back(
          RowOf(OutcomeTitle(static_cast<Outcome>(o)), PredictorTitle(static_cast<Predictor>(p)),
                one.regression.WithinCorrelation(), one.regression.PooledCorrelation(),
                statistics::Median(one.ranks_within), one.pooled_ranks.Correlation(),
                statistics::Median(one.variation_within)));
    }
  }
  return table;
}

document::Series SeriesOf(std::string name,
                          const std::array<std::optional<double>, WithinCurve::kBins>& curve) {
  document::Series series{std::move(name), {}, false};
  for (size_t bin = 0; bin < curve.size(); ++bin) {
    if (!curve[bin]) continue;
    series.points.push_back(
        {(static_cast<double>(bin) + 0.5) / static_cast<double>(WithinCurve::kBins), *curve[bin]});
  }
  return series;
}

void AddCurve(Section& section, const LoadResponse& response) {
  const Outcome outcome = response.Best();
  document::Figure figure;
  figure.id = "response_by_utilisation";
  figure.title = std::string("Mean ") + OutcomeTitle(outcome) +
                 " by utilisation of the host, over that in the lowest bin";
  figure.kind = document::FigureKind::kLine;
  figure.x = {"utilisation of the host, bins of 10 points", Unit::kShare, false};
  figure.y = {"times the lowest bin", Unit::kRatio, false};
  const struct {
    Predictor predictor;
    const char* within;
    const char* pooled;
  } kCurves[] = {{Predictor::kHostCpu, "CPU, within", "CPU, pooled (confounded)"},
                 {Predictor::kHostMemory, "memory, within", "memory, pooled (confounded)"}};
  for (const auto& [predictor, within, pooled] : kCurves) {
    const Response& one = response.Of(outcome, predictor);
    if (!one.known()) continue;
    for (document::Series& series :
         std::array{SeriesOf(within, one.curve.Within()), SeriesOf(pooled, one.curve.Pooled())}) {
      if (series.points.size() > 1) figure.series.push_back(std::move(series));
    }
  }
  if (!figure.series.empty()) section.figures.push_back(std::move(figure));
}

}  // namespace

const Description Interference::kDescription = {
    "interference", "Response time and interference",
    "Do calls take longer when the host is busy, and is it its CPU or its memory?",
    "samples of instances and hosts; rows of calls that name the callee's instance, or response "
    "times in rate tables",
    "SoCC'21, response time and interference; statistics.md T1"};

void Interference::Observe(State& state, const graph::CallGraph& graph, const Facts& facts) {
  if (!facts.join_samples) return;
  for (const graph::TraceCall& call : graph.calls) {
    if (call.caller_instance != kNoInstance && !model::IsAsynchronous(call.kind)) {
      ++state.made[{Index(call.caller_instance)}].calls;
    }
    if (call.callee_instance == kNoInstance || call.self_ns == model::kNoTime || call.self_ns < 0) {
      continue;
    }
    const int64_t start = call.server.known() ? call.server.start_ns : call.start_ns();
    if (start == model::kNoTime) continue;
    ServedCalls& served =
        state.served[{Index(call.callee_instance), Index(call.operation), SlotOf(start)}];
    ++served.calls;
    served.self_ns.Add(static_cast<uint64_t>(call.self_ns));
  }
}

void Interference::Observe(State& state, const model::Sample& sample, const Facts&) {
  state.normalised |= sample.normalised;
  if (sample.measure == Measure::kCallRate && sample.flow != model::Flow::kNone &&
      !IsIn(sample.flow)) {
    if (sample.instance == kNoInstance) return;
    CallsMade& made = state.made[{Index(sample.instance)}];
    ++(sample.value > 0 ? made.samples : made.idle);
    return;
  }
  state.samples += sample.measure <= Measure::kHostMemory;
  AddSample(state.cells, sample);
}

Section Interference::Conclude(const State& state, const Facts& facts) {
  const LoadResponse response = JoinLoad(state);
  Section section;
  const Outcome outcome = response.Best();
  const auto effect = [&](Predictor predictor) -> std::optional<double> {
    const Response& one = response.Of(outcome, predictor);
    return one.tested() ? Times(one.regression.Slope(), kTenPoints) : std::nullopt;
  };
  section.AddHeadline("cpu_effect", "change of response time for 10 points of the host's CPU",
                      Unit::kShare, effect(Predictor::kHostCpu));
  section.AddHeadline("memory_effect", "change of response time for 10 points of the host's memory",
                      Unit::kShare, effect(Predictor::kHostMemory));
  if (facts.headline_only) return section;
  section.findings.push_back(CpuOverMemory(response));
  for (document::Table& table : std::array{EffectTable(response), CorrelationTable(response)}) {
    if (!table.rows.empty()) section.tables.push_back(std::move(table));
  }
  AddCurve(section, response);
  section.computed =
      "An instance in an interval (the samples' own) is a unit. Units are compared only within one "
      "instance, operation and hour, relative to their mean there, adjusted for the instance's "
      "call "
      "rate and own CPU. Outcome: own time of calls, without their callees'; from rate tables only "
      "of instances that make no calls, since other response times hold the callees' time. "
      "Intervals: jackknife over hosts. What varies by less than one point within a group is not "
      "tested. Pooled figures are confounded: they also hold what makes instances differ.";
  if (state.normalised) {
    section.computed +=
        " Utilisations were scaled by the source to 0..1: a point is one of a hundred between the "
        "least and the largest value, not one of the host's capacity.";
  }
  return section;
}

}  // namespace plumbago::analysis
