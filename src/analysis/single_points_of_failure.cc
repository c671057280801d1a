#include "analysis/single_points_of_failure.h"

#include <fmt/core.h>

#include <string>

#include "analysis/share.h"

namespace plumbago::analysis {
namespace {

using document::Unit;
using document::Verdict;

constexpr size_t kNamed = 3;  // services in a sentence

std::string Names(const std::vector<const SharedService*>& services, const Facts& facts) {
  std::string text;
  for (size_t i = 0; i < std::min(services.size(), kNamed); ++i) {
    if (i > 0) text += ", ";
    text += facts.names->Text(services[i]->service);
  }
  if (services.size() > kNamed) text += fmt::format(" and {} more", services.size() - kNamed);
  return text;
}

// What of the data speaks of need rather than use.
std::string AboutNeed(const SharedServices& all) {
  const std::string use = "traces show that a request used a service, not that it needed it";
  if (all.failed == 0) return use + "; no call is marked as failed, which could tell";
  return use +
         fmt::format("; {} of {} failed calls did not fail their caller", all.survived, all.failed);
}

}  // namespace

document::Finding SinglePointsOfFailure(const SharedServices& all, const Facts& facts) {
  document::Finding finding;
  finding.id = "single-points-of-failure";
  finding.method = fmt::format(
      "A service is one where more than {:.0f} % of the traces use it, by the lower end of a 95 % "
      "interval (Wilson, traces as trials). Services where requests enter are among them. "
      "Supported: there is one; contradicted: surely none.",
      Sharing::kTraffic * 100);
  finding.source = "Plumbago; statistics.md T7";
  finding.effect.name = "share of traffic that uses the most used service";
  finding.effect.unit = Unit::kShare;

  std::vector<const SharedService*> points, alone;  // most used first
  bool maybe = false;
  const SharedService* most = nullptr;
  for (const uint32_t i : all.Order(
           [](const SharedService& a, const SharedService& b) { return a.traces > b.traces; })) {
    const SharedService& one = all.services[i];
    const auto bounds = all.Traffic(one);
    if (!bounds || one.traces == 0) continue;
    if (most == nullptr) {
      most = &one;
      finding.effect.value = Share(one.traces, all.traces);
      finding.effect.low = bounds->low;
      finding.effect.high = bounds->high;
      finding.effect.interval = "95 %, Wilson over traces";
    }
    maybe = maybe || bounds->high > Sharing::kTraffic;
    if (bounds->low <= Sharing::kTraffic) continue;
    points.push_back(&one);
    if (one.work.instances.one()) alone.push_back(&one);
  }

  if (most == nullptr) {
    finding.claim = "Much of the traffic depends on single services";
    finding.reason = "no service has a name";
    return finding;
  }
  finding.evidence = {
      {"traces", Unit::kCount, static_cast<int64_t>(all.traces)},
      {"services that most of the traffic uses", Unit::kCount, static_cast<int64_t>(points.size())},
      {"services", Unit::kCount, static_cast<int64_t>(all.services.size())}};
  if (all.instances_known) {
    finding.evidence.push_back(
        {"of them seen on one instance only", Unit::kCount, static_cast<int64_t>(alone.size())});
  }
  if (!points.empty()) {
    finding.verdict = Verdict::kSupported;
    finding.claim = fmt::format("More than {:.0f} % of the traffic uses each of {} {}: {}",
                                Sharing::kTraffic * 100, points.size(),
                                points.size() == 1 ? "service" : "services", Names(points, facts));
    finding.reason = AboutNeed(all);
    finding.advice = fmt::format(
        "Give {} several instances in more than one zone, and their callers time-outs and "
        "fallbacks{}.",
        points.size() == 1 ? "it" : "them",
        alone.empty() ? ""
                      : fmt::format("; begin with what was seen on one instance only: {}",
                                    Names(alone, facts)));
    finding.assumptions = {"a request that used a service cannot do without it",
                           "the traces are a fair sample of the traffic"};
  } else if (maybe) {
    finding.claim = "Much of the traffic depends on single services";
    finding.reason = fmt::format("too few traces: the interval of the most used one holds {:.0f} %",
                                 Sharing::kTraffic * 100);
  } else {
    finding.verdict = Verdict::kContradicted;
    finding.claim = fmt::format("No service is used by more than {:.0f} % of the traffic",
                                Sharing::kTraffic * 100);
  }
  return finding;
}

}  // namespace plumbago::analysis
