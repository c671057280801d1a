#include "analysis/cpu_over_memory.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "statistics/cluster_jackknife.h"

namespace plumbago::analysis {
namespace {

using document::Unit;
using document::Verdict;
using statistics::WithinRegression;

// Why a predictor says nothing; "" if it was tested.
std::string Untested(const Response& response, const char* name) {
  const WithinRegression& regression = response.regression;
  if (!response.known()) {
    return fmt::format("{} and calls are not known of the same instances and intervals", name);
  }
  const auto deviation = regression.WithinDeviation();
  if (!deviation || *deviation < kLeastDeviation) {
    return fmt::format(
        "{} was not tested: within an instance, operation and hour it varies by {:.2f} points, and "
        "below 1 nothing can show",
        name, deviation.value_or(0) * 100);
  }
  if (regression.clusters() < statistics::kLeastClusters) {
    return fmt::format("{} was not tested: it is known of {} {}, and {} are needed", name,
                       regression.clusters(), regression.clusters() == 1 ? "host" : "hosts",
                       statistics::kLeastClusters);
  }
  if (!regression.Slope()) {
    return fmt::format(
        "{} was not tested: it moves as the call rate or the instance's own CPU does", name);
  }
  return "";
}

// How much more CPU costs than memory moves, either way.
std::optional<double> Difference(const std::optional<double>& cpu,
                                 const std::optional<double>& memory) {
  if (!cpu || !memory) return std::nullopt;
  return (*cpu - std::abs(*memory)) * kTenPoints;
}

std::string Signed(double share) { return fmt::format("{:+.1f} %", share * 100); }

void AddEvidence(document::Finding& finding, const Response& response, const char* name) {
  const WithinRegression& regression = response.regression;
  if (!response.known()) return;
  const auto slope = regression.Slope();
  const auto deviation = regression.WithinDeviation();
  const auto cell = [](std::optional<double> value, double factor) {
    return value ? document::Cell(*value * factor) : document::Cell();
  };
  finding.evidence.push_back(
      {fmt::format("{}: change for 10 points", name), Unit::kShare, cell(slope, kTenPoints)});
  finding.evidence.push_back({fmt::format("{}: change for one standard deviation", name),
                              Unit::kShare, cell(slope, deviation.value_or(0))});
  finding.evidence.push_back({fmt::format("{}: standard deviation within a group", name),
                              Unit::kShare, cell(deviation, 1)});
  finding.evidence.push_back({fmt::format("{}: pooled correlation (confounded)", name), Unit::kNone,
                              cell(regression.PooledCorrelation(), 1)});
}

}  // namespace

document::Finding CpuOverMemory(const LoadResponse& response) {
  document::Finding finding;
  finding.id = "cpu-over-memory";
  const Outcome outcome = response.Best();
  const Response& cpu = response.Of(outcome, Predictor::kHostCpu);
  const Response& memory = response.Of(outcome, Predictor::kHostMemory);
  AddEvidence(finding, cpu, "CPU");
  AddEvidence(finding, memory, "memory");
  finding.method = fmt::format(
      "Outcome: {}, relative to its mean within one instance, operation and hour; adjusted for "
      "call rate and the instance's own CPU. Supported: 10 points more CPU of the host cost more "
      "than 10 points of its memory change, either way, with the whole 95 % interval (jackknife "
      "over hosts); contradicted: less, likewise. Only if both vary by a point or more.",
      OutcomeTitle(outcome));
  finding.source = "SoCC'21, response time and interference; statistics.md T1";
  finding.published = "much more sensitive to CPU than to memory (no figure is public)";

  std::string reason = Untested(cpu, "CPU of the host");
  const std::string other = Untested(memory, "memory of the host");
  if (!other.empty() && cpu.known() && other != reason) {
    if (!reason.empty()) reason += "; ";
    reason += other;
  }
  if (reason.empty() && !response.hosts_named) {
    reason =
        "hosts have no names here, so it is not known which instances share one, and an interval "
        "would be too narrow";
  }
  const auto cpu_slope = cpu.regression.Slope();
  const auto memory_slope = memory.regression.Slope();
  const auto difference = Difference(cpu_slope, memory_slope);
  std::optional<statistics::Bounds> interval;
  if (reason.empty() && difference) {
    // Either is as unsure as its own hosts make it: a host counts by both its shares.
    std::vector<double> shares = cpu.regression.Shares();
    const std::vector<double> of_memory = memory.regression.Shares();
    shares.resize(std::max(shares.size(), of_memory.size()));
    for (size_t i = 0; i < of_memory.size(); ++i) shares[i] += of_memory[i];
    interval = statistics::ClusterInterval(shares, *difference, [&](size_t host) {
      return Difference(cpu.regression.SlopeWithout(host), memory.regression.SlopeWithout(host));
    });
    if (!interval) reason = "too few hosts for an interval, or one of them tells all there is";
  }
  finding.effect.name = "10 points of the host's CPU cost more than 10 points of its memory";
  finding.effect.unit = Unit::kShare;
  if (!reason.empty()) {
    finding.claim = "Whether CPU of the host slows calls more than its memory does cannot be said";
    finding.reason = reason;
    return finding;
  }
  finding.effect.value = difference;
  finding.effect.low = interval->low;
  finding.effect.high = interval->high;
  finding.effect.interval = "95 %, jackknife over hosts";
  const std::string answer = fmt::format(
      "10 points of the host's CPU change the {} by {}, 10 points of its memory by {}",
      OutcomeTitle(outcome), Signed(*cpu_slope * kTenPoints), Signed(*memory_slope * kTenPoints));
  if (interval->low > 0) {
    finding.verdict = Verdict::kSupported;
    finding.claim = "CPU of the host slows calls more than its memory does: " + answer;
  } else if (interval->high < 0) {
    finding.verdict = Verdict::kContradicted;
    finding.claim = "CPU of the host does not slow calls more than its memory does: " + answer;
  } else {
    finding.claim = answer;
    finding.reason = "the interval of the difference holds 0: more hosts or hours are needed";
  }
  finding.rank = std::abs(*difference);
  return finding;
}

}  // namespace plumbago::analysis
