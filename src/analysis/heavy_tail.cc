#include "analysis/heavy_tail.h"

#include <fmt/core.h>

#include <cmath>
#include <optional>

#include "analysis/graph_size.h"
#include "analysis/percent_text.h"
#include "statistics/resampling.h"

namespace plumbago::analysis {
namespace {

using document::Unit;
using document::Verdict;

constexpr uint64_t kTailMeans = GraphSize::kTailMeans, kLarge = GraphSize::kLarge;

// What was counted. Needs traces with services.
struct Tail {
  uint64_t traces, border, tail, large;
  double mean, share, large_share;
  statistics::Bounds bounds, large_bounds;

  Tail(const statistics::CountHistogram& services, double services_mean)
      : traces(services.Count()),
        border(static_cast<uint64_t>(static_cast<double>(kTailMeans) * services_mean)),
        tail(services.CountAbove(border)),
        large(services.CountAbove(kLarge)),
        mean(services_mean),
        share(static_cast<double>(tail) / static_cast<double>(traces)),
        large_share(static_cast<double>(large) / static_cast<double>(traces)),
        bounds(*statistics::WilsonInterval(tail, traces)),
        large_bounds(*statistics::WilsonInterval(large, traces)) {}
};

void Decide(document::Finding& finding, const Tail& tail) {
  const double exponential = std::exp(-static_cast<double>(kTailMeans));
  const char* start = "";
  if (tail.bounds.low > exponential) {
    finding.verdict = Verdict::kSupported;
    start = "A few requests are very large: ";
  } else if (tail.bounds.high < exponential) {
    finding.verdict = Verdict::kContradicted;
    start = "The sizes of requests have no heavy tail: ";
  } else {
    finding.reason = fmt::format(
        "too few traces: {} of {} have more than {} services, the interval holds the border",
        tail.tail, tail.traces, tail.border);
  }
  finding.claim = fmt::format(
      "{}{} of the traces have more than {} times the mean number of services, {} more "
      "than {}",
      start, PercentText(tail.share), kTailMeans, PercentText(tail.large_share), kLarge);
}

void AddEvidence(document::Finding& finding, const Tail& tail, const std::string& family) {
  finding.evidence = {
      {"traces", Unit::kCount, static_cast<int64_t>(tail.traces)},
      {"services of a trace, mean", Unit::kCount, tail.mean},
      {fmt::format("traces above {} services ({} times the mean)", tail.border, kTailMeans),
       Unit::kCount, static_cast<int64_t>(tail.tail)},
      {fmt::format("traces above {} services", kLarge), Unit::kCount,
       static_cast<int64_t>(tail.large)},
      {fmt::format("share above {}, low", kLarge), Unit::kShare, tail.large_bounds.low},
      {fmt::format("share above {}, high", kLarge), Unit::kShare, tail.large_bounds.high},
      {"family", Unit::kNone, family},
  };
  finding.effect = {.name = fmt::format("share of traces above {} times the mean", kTailMeans),
                    .unit = Unit::kShare,
                    .value = tail.share,
                    .low = tail.bounds.low,
                    .high = tail.bounds.high,
                    .interval = "95 %, Wilson over traces"};
}

}  // namespace

document::Finding HeavyTail(const statistics::CountHistogram& services, const std::string& family) {
  document::Finding finding;
  finding.id = "heavy-tail";
  finding.source = "SoCC'21 section 4.1, figure 3(a)";
  finding.published =
      "about 10 % of call graphs have more than 40 microservices; a Burr distribution fits";
  finding.method = fmt::format(
      "Share of the traces with more than {} times the mean number of services, against e^-{} = "
      "0.67 % of a distribution with an exponential tail. Supported if the interval lies above it, "
      "contradicted if below.",
      kTailMeans, kTailMeans);
  const std::optional<double> mean = services.Mean();
  if (!mean || *mean == 0) {
    finding.claim = "Nothing can be said of the sizes of call graphs: there are none";
    finding.reason = "no traces with services";
    return finding;
  }
  const Tail tail(services, *mean);
  Decide(finding, tail);
  AddEvidence(finding, tail, family);
  return finding;
}

}  // namespace plumbago::analysis
