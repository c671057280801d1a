#include "analysis/share_claim.h"

#include <fmt/core.h>

#include <optional>
#include <string>
#include <string_view>

#include "analysis/percent_text.h"

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
  } else if (bounds->low > claim.border || bounds->high <= claim.border) {
    const bool supported = (bounds->low > claim.border) != claim.below;
    finding.verdict = supported ? Verdict::kSupported : Verdict::kContradicted;
    finding.claim = fmt::format("{}: ", supported ? claim.sentence : claim.otherwise);
  } else {
    finding.reason = fmt::format("the interval holds the border, {:.0f} %", claim.border * 100);
  }
  finding.claim += share ? fmt::format("{} {} {}", PercentText(*share), claim.whole, claim.verb)
                         : std::string(claim.sentence);
  finding.evidence = {{claim.verb, Unit::kCount, ratio.numerator()},
                      {claim.whole, Unit::kCount, ratio.denominator()}};
  const std::string_view whole = claim.whole;
  finding.effect.name = fmt::format("share {}", whole.substr(0, whole.find_last_not_of(',') + 1));
  finding.effect.unit = Unit::kShare;
  finding.effect.value = share;
  if (bounds) {
    finding.effect.low = bounds->low;
    finding.effect.high = bounds->high;
    finding.effect.interval = "95 %, bootstrap over 64 groups of traces";
  }
  finding.method = fmt::format(
      "{} above {:.0f} % (lower end of the interval), {} at or below it (upper end).",
      claim.below ? "Contradicted" : "Supported", claim.border * 100,
      claim.below ? "supported" : "contradicted");
  finding.source = claim.source;
  finding.published = claim.published;
  return finding;
}

}  // namespace plumbago::analysis
