#include "analysis/saving_finding.h"

#include <fmt/format.h>

#include <optional>
#include <string_view>
#include <utility>

#include "analysis/share.h"

namespace plumbago::analysis {

using document::Unit;
using document::Verdict;

document::Finding FindingOf(Saving saving, const GroupedSums<16>& saved_us,
                            const GroupedSums<16>& traces) {
  document::Finding finding;
  finding.id = std::move(saving.id);
  finding.claim = std::move(saving.claim);
  finding.advice = std::move(saving.advice);
  finding.assumptions = std::move(saving.assumptions);
  finding.assumptions.emplace_back(
      "an upper bound: time on a request's way counts in full, even if something else was waited "
      "for meanwhile");
  finding.examples = std::move(saving.examples);
  finding.evidence = std::move(saving.evidence);
  finding.method = saving.method;
  finding.source = saving.source;
  const double total = static_cast<double>(saved_us.Total()) * 1000;
  finding.effect.name = "time saved at most, over all traces read";
  finding.effect.unit = Unit::kNanoseconds;
  finding.effect.value = total;
  const std::optional<statistics::Bounds> bounds = saved_us.Interval(traces);
  if (!bounds) {
    finding.reason = "too few traces for an interval";
    return finding;
  }
  finding.effect.low = bounds->low * 1000;
  finding.effect.high = bounds->high * 1000;
  finding.effect.interval = "95 %, jackknife over 16 groups of traces";
  if (bounds->low <= 0) {
    finding.reason = "the interval of what it saves reaches down to 0: more traces are needed";
    return finding;
  }
  finding.verdict = Verdict::kSupported;
  finding.saves_ns = total;
  return finding;
}

document::Headline& AddSavesHeadlines(document::Section& section, const GroupedSums<16>& saved_us,
                                      const GroupedSums<16>& requests_us) {
  section
      .AddHeadline("saves", "time saved at most", Unit::kNanoseconds,
                   static_cast<double>(saved_us.Total()) * 1000)
      .total = true;
  return section.AddHeadline("saves_share", "of the time of requests, at most", Unit::kShare,
                             Share(saved_us.Total(), requests_us.Total()));
}

bool AddFinding(document::Finding finding, std::vector<document::Finding>& findings) {
  const bool supported = finding.verdict == Verdict::kSupported;
  if (findings.empty()) {
    findings.push_back(std::move(finding));
  } else if (supported && findings.front().verdict != Verdict::kSupported) {
    findings.front() = std::move(finding);
  } else if (supported) {
    findings.push_back(std::move(finding));
  }
  return findings.size() < kMostFindings;
}

std::string NameOf(std::string_view service, std::string_view operation) {
  const std::string_view name = service.empty() ? "(unknown)" : service;
  return operation.empty() ? std::string(name) : fmt::format("{} ({})", name, operation);
}

}  // namespace plumbago::analysis
