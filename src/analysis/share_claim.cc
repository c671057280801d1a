#include "analysis/share_claim.h"

#include <fmt/core.h>

#include <optional>
#include <string>

namespace plumbago::analysis {

using document::Unit;
using document::Verdict;

document::Finding Decide(const ShareClaim& claim, const statistics::BucketedRatio& ratio) {
  document::Finding finding;
  finding.id = claim.id;
  const std::optional<double> share = ratio.Ratio();
  const std::optional<statistics::Bounds> bounds = ratio.Interval();
  if (!share) {
    finding.reason = "nothing to count";
  } else if (!bounds) {
    finding.reason = "too few traces for an interval";
  } else if (bounds->low > claim.border) {
    finding.verdict = Verdict::kSupported;
    finding.claim = fmt::format("{}: ", claim.sentence);
  } else if (bounds->high <= claim.border) {
    finding.verdict = Verdict::kContradicted;
    finding.claim = fmt::format("{}: ", claim.otherwise);
  } else {
    finding.reason = fmt::format("the interval holds the border, {:.0f} %", claim.border * 100);
  }
  finding.claim += share ? fmt::format("{:.1f} % {} {}", *share * 100, claim.whole, claim.verb)
                         : std::string(claim.sentence);
  finding.evidence = {{claim.verb, Unit::kCount, ratio.numerator()},
                      {claim.whole, Unit::kCount, ratio.denominator()}};
  finding.effect.name = fmt::format("share {}", claim.whole);
  finding.effect.unit = Unit::kShare;
  finding.effect.value = share;
  if (bounds) {
    finding.effect.low = bounds->low;
    finding.effect.high = bounds->high;
    finding.effect.interval = "95 %, bootstrap over 64 groups of traces";
  }
  finding.method = fmt::format(
      "Supported above {:.0f} % (lower end of the interval), contradicted at or below it (upper "
      "end).",
      claim.border * 100);
  finding.source = claim.source;
  finding.published = claim.published;
  return finding;
}

}  // namespace plumbago::analysis
