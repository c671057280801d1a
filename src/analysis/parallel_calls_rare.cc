#include "analysis/parallel_calls_rare.h"

#include <fmt/core.h>

#include <optional>
#include <string>

#include "analysis/share.h"
#include "statistics/resampling.h"

namespace plumbago::analysis {
namespace {

using document::Unit;
using document::Verdict;
using statistics::Bounds;
using statistics::BucketedRatio;

std::string Percent(double share) { return fmt::format("{:.1f} %", share * 100); }

// "12.0 to 15.1 %"; "12.0 %" where both are the same.
std::string Percents(double low, double high) {
  const std::string a = fmt::format("{:.1f}", low * 100);
  const std::string b = fmt::format("{:.1f}", high * 100);
  return a == b ? a + " %" : a + " to " + b + " %";
}

// One of the two questions, with its answer.
struct Question {
  const char* id;
  const char* subject;  // "Parallel calls"
  const char* whole;    // "of the callers with two or more callees"
  const char* verb;     // "overlap two of them at least once"
  const char* noun;     // "callers"
  uint64_t count, surely, written, possibly;
  const BucketedRatio& low;
  const BucketedRatio& high;
  Verdict verdict = Verdict::kCannotSay;
  std::string reason;

  double Low() const { return low.Ratio().value_or(0); }
  double High() const { return high.Ratio().value_or(0); }
  // Does the point estimate say "seldom", "often", or neither?
  int Side() const {
    if (count == 0) return 0;
    return High() < Parallelism::kSeldom ? -1 : Low() >= Parallelism::kSeldom ? 1 : 0;
  }
};

void Decide(Question& question, const Facts& facts) {
  if (question.count == 0) {
    question.reason = "no caller with two callees whose times the caller saw";
    return;
  }
  const std::optional<Bounds> low = question.low.Interval();
  const std::optional<Bounds> high = question.high.Interval();
  if (!low || !high) {
    question.reason = "too few traces for an interval";
    return;
  }
  if (high->high < Parallelism::kSeldom) {
    question.verdict = Verdict::kSupported;
  } else if (low->low >= Parallelism::kSeldom) {
    question.verdict = Verdict::kContradicted;
  } else if (question.Side() == 0) {
    question.reason = fmt::format(
        "{} of the {} are undecided: their calls touch or lie within one tick of the clock ({:g} "
        "ms)",
        Percent(question.High() - question.Low()), question.noun,
        static_cast<double>(facts.tick_ns) / 1e6);
  } else {
    question.reason =
        fmt::format("the interval holds {}, the border of \"seldom\": more traces are needed",
                    Percent(Parallelism::kSeldom));
  }
}

// "Parallel calls are rare: 1.2 to 3.4 % of the callers ...", and what the other question answers
// where it disagrees.
void SetClaim(document::Finding& finding, const Question& question, const Question& other) {
  if (question.verdict != Verdict::kCannotSay) {
    const bool rare = question.verdict == Verdict::kSupported;
    finding.claim = fmt::format("{} are {}: ", question.subject, rare ? "rare" : "not rare");
  }
  if (question.count == 0) {
    finding.claim +=
        fmt::format("Parallel calls cannot be told from sequential ones: no {}", question.noun);
    return;
  }
  finding.claim += fmt::format("{} {} {}", Percents(question.Low(), question.High()),
                               question.whole, question.verb);
  if (question.Side() * other.Side() < 0) {
    if (!finding.reason.empty()) finding.reason += "; ";
    finding.reason += fmt::format("this is about {}: {} {} {}", question.noun,
                                  Percents(other.Low(), other.High()), other.whole, other.verb);
  }
}

document::Effect EffectOf(const Question& question) {
  document::Effect effect;
  effect.name = fmt::format("share {}", question.whole);
  effect.unit = Unit::kShare;
  effect.value = Share(question.written, question.count);
  const std::optional<Bounds> low = question.low.Interval();
  const std::optional<Bounds> high = question.high.Interval();
  if (low && high) {
    effect.low = low->low;
    effect.high = high->high;
    effect.interval =
        "95 %, bootstrap over 64 groups of traces; from the low end of what surely overlaps to the "
        "high end of what may";
  }
  return effect;
}

document::Finding MakeFinding(const Question& question, const Question& other) {
  document::Finding finding;
  finding.id = question.id;
  finding.verdict = question.verdict;
  finding.reason = question.reason;
  SetClaim(finding, question, other);
  finding.evidence = {
      {question.noun, Unit::kCount, static_cast<int64_t>(question.count)},
      {"surely overlap", Unit::kCount, static_cast<int64_t>(question.surely)},
      {"overlap as written", Unit::kCount, static_cast<int64_t>(question.written)},
      {"undecided", Unit::kCount, static_cast<int64_t>(question.possibly - question.surely)},
  };
  finding.effect = EffectOf(question);
  finding.method = fmt::format(
      "Synchronous calls of one caller, as its own clock saw them. Seldom: fewer than {} "
      "(upper end of the interval); not seldom: at least that (lower end).",
      Percent(Parallelism::kSeldom));
  finding.source = "SoCC'21, parallel dependency; statistics.md T2";
  finding.published = "15.5 % of pairs (2022, first file, rpc with a time above 0)";
  finding.rank = finding.effect.value.value_or(0);
  return finding;
}

}  // namespace

std::vector<document::Finding> ParallelCallsRare(const Parallelism::State& state,
                                                 const Facts& facts) {
  const Parallelism::Counts& all = state.groups[Parallelism::kSynchronous];
  Question callers{.id = "parallel-calls-rare",
                   .subject = "Parallel calls",
                   .whole = "of the callers with two or more callees",
                   .verb = "call two of them at the same time",
                   .noun = "callers",
                   .count = all.callers,
                   .surely = all.callers_surely,
                   .written = all.callers_written,
                   .possibly = all.callers_possibly,
                   .low = state.callers_surely,
                   .high = state.callers_possibly,
                   .reason = {}};
  Question pairs{.id = "parallel-pairs-rare",
                 .subject = "Overlapping pairs",
                 .whole = "of the pairs of calls of one caller",
                 .verb = "overlap",
                 .noun = "pairs",
                 .count = all.pairs,
                 .surely = all.pairs_surely,
                 .written = all.pairs_written,
                 .possibly = all.pairs_possibly,
                 .low = state.pairs_surely,
                 .high = state.pairs_possibly,
                 .reason = {}};
  Decide(callers, facts);
  Decide(pairs, facts);
  return {MakeFinding(callers, pairs), MakeFinding(pairs, callers)};
}

}  // namespace plumbago::analysis
