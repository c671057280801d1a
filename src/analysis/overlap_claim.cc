#include "analysis/overlap_claim.h"

#include <fmt/core.h>

#include <optional>
#include <string>

#include "analysis/parallelism.h"
#include "analysis/percent_text.h"
#include "analysis/share.h"

namespace plumbago::analysis {
namespace {

using document::Unit;
using document::Verdict;
using statistics::Bounds;

// "12.0 to 15.1 %"; "12.0 %" where both are the same.
std::string Percents(double low, double high) {
  const std::string a = fmt::format("{:.1f}", low * 100);
  const std::string b = fmt::format("{:.1f}", high * 100);
  return a == b ? a + " %" : a + " to " + b + " %";
}

double Low(const OverlapClaim& claim) { return claim.low.Ratio().value_or(0); }
double High(const OverlapClaim& claim) { return claim.high.Ratio().value_or(0); }

// Does the point estimate say "seldom" (-1), "often" (1), or neither?
int Side(const OverlapClaim& claim) {
  if (claim.count == 0) return 0;
  return High(claim) < Parallelism::kSeldom ? -1 : Low(claim) >= Parallelism::kSeldom ? 1 : 0;
}

// "12.0 to 15.1 % of the callers with two or more callees call two of them at the same time"
std::string Answer(const OverlapClaim& claim) {
  return fmt::format("{} {} {}", Percents(Low(claim), High(claim)), claim.whole, claim.verb);
}

void SetVerdict(document::Finding& finding, const OverlapClaim& claim, const Facts& facts) {
  if (claim.count == 0) {
    finding.reason = "no caller with two callees whose times the caller saw";
    return;
  }
  const std::optional<Bounds> low = claim.low.Interval();
  const std::optional<Bounds> high = claim.high.Interval();
  if (!low || !high) {
    finding.reason = "too few traces for an interval";
  } else if (high->high < Parallelism::kSeldom) {
    finding.verdict = Verdict::kSupported;
  } else if (low->low >= Parallelism::kSeldom) {
    finding.verdict = Verdict::kContradicted;
  } else if (Side(claim) == 0) {
    finding.reason = fmt::format(
        "{} of the {} are undecided: their calls touch or lie within one tick of the clock ({:g} "
        "ms)",
        PercentText(High(claim) - Low(claim)), claim.noun, static_cast<double>(facts.tick_ns) / 1e6);
  } else {
    finding.reason =
        fmt::format("the interval holds {}, the border of \"seldom\": more traces are needed",
                    PercentText(Parallelism::kSeldom));
  }
}

// "Parallel calls are rare: 1.2 to 3.4 % of the callers ...", and what the other claim's answer is
// where it disagrees.
void SetClaim(document::Finding& finding, const OverlapClaim& claim, const OverlapClaim& other) {
  if (claim.count == 0) {
    finding.claim =
        fmt::format("Parallel calls cannot be told from sequential ones: no {}", claim.noun);
    return;
  }
  if (finding.verdict != Verdict::kCannotSay) {
    const bool rare = finding.verdict == Verdict::kSupported;
    finding.claim = fmt::format("{} are {}: ", claim.subject, rare ? "rare" : "not rare");
  }
  finding.claim += Answer(claim);
  if (Side(claim) * Side(other) < 0) {
    if (!finding.reason.empty()) finding.reason += "; ";
    finding.reason += fmt::format("this is about {}: {}", claim.noun, Answer(other));
  }
}

document::Effect EffectOf(const OverlapClaim& claim) {
  document::Effect effect;
  effect.name = fmt::format("share {}", claim.whole);
  effect.unit = Unit::kShare;
  effect.value = Share(claim.written, claim.count);
  const std::optional<Bounds> low = claim.low.Interval();
  const std::optional<Bounds> high = claim.high.Interval();
  if (low && high) {
    effect.low = low->low;
    effect.high = high->high;
    effect.interval =
        "95 %, bootstrap over 64 groups of traces; from the low end of what surely overlaps to the "
        "high end of what may";
  }
  return effect;
}

}  // namespace

document::Finding Decide(const OverlapClaim& claim, const OverlapClaim& other, const Facts& facts) {
  document::Finding finding;
  finding.id = claim.id;
  SetVerdict(finding, claim, facts);
  SetClaim(finding, claim, other);
  finding.evidence = {
      {claim.noun, Unit::kCount, static_cast<int64_t>(claim.count)},
      {"surely overlap", Unit::kCount, static_cast<int64_t>(claim.surely)},
      {"overlap as written", Unit::kCount, static_cast<int64_t>(claim.written)},
      {"undecided", Unit::kCount, static_cast<int64_t>(claim.possibly - claim.surely)},
  };
  finding.effect = EffectOf(claim);
  finding.method = fmt::format(
      "Synchronous calls of one caller, as its own clock saw them. Seldom: fewer than {} "
      "(upper end of the interval); not seldom: at least that (lower end).",
      PercentText(Parallelism::kSeldom));
  finding.source = "SoCC'21, parallel dependency; statistics.md T2";
  finding.published = "15.5 % of pairs (2022, first file, rpc with a time above 0)";
  finding.rank = finding.effect.value.value_or(0);
  return finding;
}

}  // namespace plumbago::analysis
