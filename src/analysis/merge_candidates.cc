#include "analysis/merge_candidates.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "statistics/sums.h"

namespace plumbago::analysis {
namespace {

using document::Unit;
using document::Verdict;

constexpr size_t kNamed = 3;     // pairs in a sentence
constexpr size_t kExamples = 5;  // traces

std::string Names(const std::vector<CoupledPair>& pairs, const Facts& facts) {
  std::string text;
  for (size_t i = 0; i < std::min(pairs.size(), kNamed); ++i) {
    if (i > 0) text += ", ";
    text += fmt::format("{} into {}", facts.names->Text(pairs[i].pair.callee),
                        facts.names->Text(pairs[i].pair.caller));
  }
  if (pairs.size() > kNamed) text += fmt::format(" and {} more", pairs.size() - kNamed);
  return text;
}

// Network time of the calls whose two sides were seen, over all candidates, with the interval of
// the random group method (Wolter, "Introduction to Variance Estimation", chapter 2): the groups'
// sums are independent and alike.
struct Saving {
  uint64_t calls = 0, paired = 0;
  std::array<int64_t, Coupling::kGroups> groups{};

  explicit Saving(const std::vector<CoupledPair>& pairs) {
    for (const CoupledPair& one : pairs) {
      calls += one.pair.calls;
      paired += one.pair.paired;
      for (size_t g = 0; g < groups.size(); ++g) {
        statistics::AddWrapping(groups[g], one.pair.network_ns[g]);
      }
    }
  }
  double total() const {
    double sum = 0;
    for (const int64_t group : groups) sum += static_cast<double>(group);
    return sum;
  }
  // Half the width of a 95 % interval; nothing where too few groups hold something.
  std::optional<double> margin() const {
    constexpr double kStudent = 2.131449545559323;  // t, 15 degrees of freedom, 97.5 %
    constexpr auto kOccupied = 8;
    const auto n = static_cast<double>(groups.size());
    if (std::count_if(groups.begin(), groups.end(), [](int64_t g) { return g != 0; }) < kOccupied) {
      return std::nullopt;
    }
    const double mean = total() / n;
    double squares = 0;
    for (const int64_t group : groups) {
      squares += (static_cast<double>(group) - mean) * (static_cast<double>(group) - mean);
    }
    return kStudent * std::sqrt(n * squares / (n - 1));
  }
};

void SetSaving(document::Finding& finding, const Saving& saving) {
  finding.effect.name = "network time of their calls";
  finding.effect.unit = Unit::kNanoseconds;
  if (saving.paired == 0) {
    finding.reason =
        "what it saves cannot be said: no call of these was recorded on both sides, marked as such";
    return;
  }
  const double total = saving.total();
  finding.effect.value = total;
  if (const auto margin = saving.margin()) {
    finding.effect.low = total - *margin;
    finding.effect.high = total + *margin;
    finding.effect.interval = "95 %, 16 random groups of traces, Student's t";
  }
  finding.evidence.push_back(
      {"of their calls, seen on both sides", Unit::kCount, static_cast<int64_t>(saving.paired)});
  if (total > 0) finding.saves_ns = total;
}

}  // namespace

document::Finding MergeCandidates(const CoupledPairs& pairs, const Facts& facts) {
  document::Finding finding;
  finding.id = "merge-candidates";
  finding.claim = "Services with one caller that nearly always calls them could be merged into it";
  finding.method = fmt::format(
      "A pair: at least {:.0f} % of the caller's invocations call the callee (lower end of a 95 % "
      "Wilson interval, traces as trials), nobody else was ever seen to call it, it is no cache, "
      "database or consumer of messages. Saved: the caller's wait less the callee's work, summed "
      "over the calls whose two sides were seen.",
      Coupling::kSure * 100);
  finding.source = "SoCC'21 (coupled dependency)";
  finding.evidence = {
      {"pairs of services", Unit::kCount, static_cast<int64_t>(pairs.pairs)},
      {"pairs with enough traces", Unit::kCount, static_cast<int64_t>(pairs.judged)},
      {"of them, nearly always called", Unit::kCount, static_cast<int64_t>(pairs.coupled)}};
  if (pairs.judged == 0) {
    finding.reason = "no caller was invoked in enough traces (35)";
    return finding;
  }
  if (pairs.to_merge.empty()) {
    finding.verdict = Verdict::kContradicted;
    finding.claim = "No service has one caller only that nearly always calls it";
    return finding;
  }
  const Saving saving(pairs.to_merge);
  const size_t n = pairs.to_merge.size();
  finding.verdict = Verdict::kSupported;
  finding.claim = fmt::format("{} {} one caller, which nearly always calls {}: {}", n,
                              n == 1 ? "service has" : "services have", n == 1 ? "it" : "them",
                              Names(pairs.to_merge, facts));
  finding.evidence.push_back(
      {"calls of the candidates", Unit::kCount, static_cast<int64_t>(saving.calls)});
  SetSaving(finding, saving);
  finding.advice = "Merge the callee into its caller, or run both on one host.";
  finding.assumptions = {
      "callers that were not seen do not exist",
      "the time between the two sides is network and queue, and a call inside a process has none",
      "the caller waits for the call and does nothing else meanwhile"};
  for (const CoupledPair& one : pairs.to_merge) {
    for (std::string& text : one.pair.examples.Texts()) {
      if (finding.examples.size() == kExamples) return finding;
      if (std::find(finding.examples.begin(), finding.examples.end(), text) ==
          finding.examples.end()) {
        finding.examples.push_back(std::move(text));
      }
    }
  }
  return finding;
}

}  // namespace plumbago::analysis
