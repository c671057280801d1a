#include "document/ranked_findings.h"

#include <algorithm>
#include <tuple>

namespace plumbago::document {

std::vector<RankedFinding> RankedFindings(const Document& document) {
  std::vector<RankedFinding> ranked;
  for (const Section& section : document.sections) {
    for (const Finding& finding : section.findings) ranked.push_back({&finding, &section});
  }
  const auto key = [](const RankedFinding& entry) {
    const Finding& finding = *entry.finding;
    return std::tuple(finding.verdict == Verdict::kCannotSay, !finding.saves_ns.has_value(),
                      -finding.saves_ns.value_or(0), -finding.rank);
  };
  std::stable_sort(ranked.begin(), ranked.end(),
                   [&](const auto& a, const auto& b) { return key(a) < key(b); });
  return ranked;
}

}  // namespace plumbago::document
