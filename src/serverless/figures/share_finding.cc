#include "serverless/figures/share_finding.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "statistics/resampling.h"

namespace plumbago::serverless {
namespace {

using document::Unit;
using document::Verdict;

document::Finding Start(const ShareFinding& of) {
  document::Finding finding;
  finding.id = of.id;
  finding.source = of.source;
  finding.published = of.published;
  finding.method = fmt::format(
      "{}{}Share against {:.0f} %: supported if Wilson's 95 % interval lies above it, contradicted "
      "if below.",
      of.method, of.method.empty() ? "" : " ", 100 * of.border);
  return finding;
}

}  // namespace

document::Finding Decide(const ShareFinding& of, double share, double effective) {
  const auto trials = static_cast<uint64_t>(std::llround(effective));
  if (trials == 0) return CannotSay(of, "there are none");
  document::Finding finding = Start(of);
  const auto hits = static_cast<uint64_t>(std::llround(share * static_cast<double>(trials)));
  const statistics::Bounds bounds = *statistics::WilsonInterval(hits, trials);
  finding.effect = {.name = of.what,
                    .unit = Unit::kShare,
                    .value = share,
                    .low = bounds.low,
                    .high = bounds.high,
                    .interval = "95 %, Wilson"};
  finding.evidence = {{"border", Unit::kShare, of.border},
                      {"independent values", Unit::kCount, static_cast<int64_t>(trials)}};
  finding.claim = of.supported;
  if (bounds.low > of.border) {
    finding.verdict = Verdict::kSupported;
  } else if (bounds.high < of.border) {
    finding.verdict = Verdict::kContradicted;
    finding.claim = of.contradicted;
  } else {
    finding.reason =
        fmt::format("too few to tell: the interval holds the border of {:.0f} %", 100 * of.border);
  }
  finding.rank = std::fabs(share - of.border);
  return finding;
}

document::Finding CannotSay(const ShareFinding& of, std::string reason) {
  document::Finding finding = Start(of);
  finding.claim = of.supported;
  finding.reason = std::move(reason);
  return finding;
}

}  // namespace plumbago::serverless
