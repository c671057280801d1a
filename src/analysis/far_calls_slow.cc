#include "analysis/far_calls_slow.h"

#include <fmt/core.h>

#include <string>

#include "analysis/placement.h"

namespace plumbago::analysis {
namespace {

using document::Unit;
using document::Verdict;

void SetVerdict(document::Finding& finding, const FarClaim& claim, const MatchedShift& shift) {
  if (!claim.instances_known) {
    finding.reason = "no call says between which instances it was";
  } else if (!claim.places_known) {
    finding.reason = claim.no_place;
  } else if (shift.near_all + shift.far_all == 0) {
    finding.reason = fmt::format("no call lies between instances whose {} is known", claim.place);
  } else if (shift.strata == 0) {
    finding.reason = fmt::format(
        "no caller, callee, operation and hour was seen both within one {0} and across {0}s",
        claim.place);
  } else if (shift.near < Placement::kFewest || shift.far < Placement::kFewest) {
    finding.reason =
        fmt::format("too few like calls: {} within one {} and {} across (needed: {} each)",
                    shift.near, claim.place, shift.far, Placement::kFewest);
  } else if (!shift.interval) {
    finding.reason = "too few traces for an interval";
  } else if (shift.interval->low > 0 && shift.test && shift.test->p < 0.05) {
    finding.verdict = Verdict::kSupported;
  } else if (shift.interval->high <= Placement::kLonger * *shift.near_ns) {
    finding.verdict = Verdict::kContradicted;
  } else {
    finding.reason = "the interval holds both no difference and one that matters";
  }
}

}  // namespace

document::Finding Decide(const FarClaim& claim, const MatchedShift& shift) {
  document::Finding finding;
  finding.id = claim.id;
  SetVerdict(finding, claim, shift);
  finding.claim =
      fmt::format("Calls across {}s take longer than like calls within one", claim.place);
  if (finding.verdict == Verdict::kContradicted) {
    finding.claim =
        fmt::format("Calls across {}s take no longer than like calls within one", claim.place);
  }
  const auto count = [](uint64_t value) { return static_cast<int64_t>(value); };
  if (shift.near_all + shift.far_all > 0) {
    finding.evidence = {
        {fmt::format("calls within one {}", claim.place), Unit::kCount, count(shift.near_all)},
        {fmt::format("calls across {}s", claim.place), Unit::kCount, count(shift.far_all)},
        {"strata", Unit::kCount, count(shift.strata_all)},
        {"strata seen both ways", Unit::kCount, count(shift.strata)},
        {"like calls within", Unit::kCount, count(shift.near)},
        {"like calls across", Unit::kCount, count(shift.far)}};
  }
  if (shift.test) {
    finding.evidence.push_back({"z (van Elteren)", Unit::kNone, shift.test->z});
    finding.evidence.push_back({"p, two-sided", Unit::kNone, shift.test->p});
    finding.evidence.push_back(
        {"a far call takes longer than a near one", Unit::kShare, shift.test->superiority});
  }
  if (shift.near_ns) {
    finding.evidence.push_back({"median within", Unit::kNanoseconds, *shift.near_ns});
  }
  if (shift.naive_ns) {
    finding.evidence.push_back(
        {"all across less all within, confounded", Unit::kNanoseconds, *shift.naive_ns});
  }
  finding.effect.name = "median shift within strata";
  finding.effect.unit = Unit::kNanoseconds;
  finding.effect.value = shift.shift_ns;
  if (shift.interval) {
    finding.effect.low = shift.interval->low;
    finding.effect.high = shift.interval->high;
    finding.effect.interval = "95 %, bootstrap over 64 groups of traces";
  }
  finding.method = fmt::format(
      "Leaf calls of one caller, callee, operation and hour are compared, one a trace; strata seen "
      "both ways only. Supported: van Elteren's test gives p < 0.05 and the interval of the shift "
      "lies above 0; contradicted: the interval lies below {:.0f} % of the near median.{}",
      Placement::kLonger * 100,
      claim.sample_level == 0
          ? ""
          : fmt::format(" Of a sample of one call in {}.", uint64_t{1} << claim.sample_level));
  finding.source = "statistics.md T6; van Elteren 1960";
  if (finding.verdict == Verdict::kSupported) {
    finding.assumptions = {fmt::format(
        "calls of one operation in one hour do the same work in every {}", claim.place)};
    finding.advice = fmt::format(
        "Prefer callees in the caller's own {}, first where the slowest of these calls are many.",
        claim.place);
  }
  return finding;
}

}  // namespace plumbago::analysis
