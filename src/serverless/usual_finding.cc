#include "serverless/usual_finding.h"

#include "serverless/cells.h"

namespace plumbago::serverless {
namespace {

using document::Unit;

}  // namespace

document::Finding UsualIsBeaten(std::span<const Setting> settings, const Summary& usual) {
  document::Finding finding;
  finding.id = "fixed-10m-is-beaten";
  finding.claim =
      "Another setting has no more cold starts than a window of 10 minutes, and less idle time.";
  finding.method = "Each setting replayed over the same invocations.";
  finding.source = "Shahrad et al., ATC'20, section 5: fixed windows against the hybrid policy";
  finding.published =
      "the hybrid policy's front lies below that of fixed windows (secondary source)";
  const Setting* best = nullptr;
  for (const Setting& one : settings) {
    if (one.summary->cold > usual.cold || one.summary->idle_seconds >= usual.idle_seconds) continue;
    if (best == nullptr || one.summary->idle_seconds < best->summary->idle_seconds) best = &one;
  }
  if (usual.idle_seconds <= 0) {
    finding.reason = "fixed:10m has no idle time to compare with";
    return finding;
  }
  finding.evidence = {
      {"settings tried", Unit::kCount, CountCell(settings.size())},
      {"fixed:10m: cold starts", Unit::kCount, CountCell(usual.cold)},
      {"fixed:10m: idle loaded time", Unit::kNanoseconds, usual.idle_seconds * 1e9}};
  if (best == nullptr) {
    finding.verdict = document::Verdict::kContradicted;
    return finding;
  }
  finding.verdict = document::Verdict::kSupported;
  finding.evidence.push_back(
      {*best->name + ": cold starts", Unit::kCount, CountCell(best->summary->cold)});
  finding.evidence.push_back(
      {*best->name + ": idle loaded time", Unit::kNanoseconds, best->summary->idle_seconds * 1e9});
  finding.effect = {"idle loaded time saved by " + *best->name,
                    Unit::kShare,
                    1 - best->summary->idle_seconds / usual.idle_seconds,
                    {},
                    {},
                    ""};
  finding.reason =
      "over this data, which chose the setting, too: of settings that learn nothing "
      "beforehand the choice is one of many";
  finding.rank = *finding.effect.value;
  return finding;
}

}  // namespace plumbago::serverless
