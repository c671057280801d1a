#include "analysis/parallelism.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <optional>
#include <string>
#include <utility>

#include "base/strong_id.h"

namespace plumbago::analysis {
namespace {

using document::Cell;
using document::Unit;
using statistics::Bounds;
using statistics::BucketedRatio;

using Counts = Parallelism::Counts;
using State = Parallelism::State;

constexpr const char* kWidthNames[Parallelism::kWidths] = {
    "2", "3", "4", "5 to 8", "9 to 16", "17 to 32", "more than 32"};
constexpr const char* kGroupNames[Parallelism::kGroups] = {
    "synchronous calls", "messages (asynchronous)", "rpc with a time above 0"};

// What one caller's siblings of one group add: pairs within each host, the caller once.
Counts CountCaller(std::vector<State::Sibling>& siblings, State& state, int64_t tick,
                   uint64_t& busy, uint64_t& covered) {
  const auto other_host = [&](const State::Sibling& s) { return s.host != siblings.front().host; };
  if (std::any_of(siblings.begin(), siblings.end(), other_host)) {
    std::sort(siblings.begin(), siblings.end(),
              [](const State::Sibling& a, const State::Sibling& b) { return a.host < b.host; });
  }
  OverlapCounts all;
  for (size_t begin = 0, end = 0; begin < siblings.size(); begin = end) {
    state.spans.clear();
    for (; end < siblings.size() && siblings[end].host == siblings[begin].host; ++end) {
      state.spans.push_back(siblings[end].span);
    }
    if (state.spans.size() >= 2) all.Add(state.counter.Count(state.spans, tick));
  }
  busy += all.busy;
  covered += all.covered;
  return {.callers = all.pairs > 0,
          .callers_surely = all.surely > 0,
          .callers_written = all.written > 0,
          .callers_possibly = all.possibly > 0,
          .pairs = all.pairs,
          .pairs_surely = all.surely,
          .pairs_written = all.written,
          .pairs_possibly = all.possibly};
}

// 2, 3, 4, then doubling.
size_t WidthClass(size_t siblings) {
  if (siblings <= 4) return siblings - 2;
  return std::min<size_t>(static_cast<size_t>(std::bit_width(siblings - 1)),
                          Parallelism::kWidths - 1);
}

std::optional<double> Share(uint64_t part, uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

Cell CellOf(std::optional<double> value) { return value ? Cell(*value) : Cell(); }

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
  document::Verdict verdict = document::Verdict::kCannotSay;
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
    question.verdict = document::Verdict::kSupported;
  } else if (low->low >= Parallelism::kSeldom) {
    question.verdict = document::Verdict::kContradicted;
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

document::Finding MakeFinding(const Question& question, const Question& other) {
  document::Finding finding;
  finding.id = question.id;
  finding.verdict = question.verdict;
  finding.reason = question.reason;
  if (question.verdict != document::Verdict::kCannotSay) {
    const bool rare = question.verdict == document::Verdict::kSupported;
    finding.claim = fmt::format("{} are {}: ", question.subject, rare ? "rare" : "not rare");
  }
  finding.claim +=
      question.count == 0
          ? fmt::format("Parallel calls cannot be told from sequential ones: no {}", question.noun)
          : fmt::format("{} {} {}", Percents(question.Low(), question.High()), question.whole,
                        question.verb);
  if (question.count > 0 && question.Side() * other.Side() < 0) {
    if (!finding.reason.empty()) finding.reason += "; ";
    finding.reason += fmt::format("this is about {}: {} {} {}", question.noun,
                                  Percents(other.Low(), other.High()), other.whole, other.verb);
  }
  finding.evidence = {
      {question.noun, Unit::kCount, static_cast<int64_t>(question.count)},
      {"surely overlap", Unit::kCount, static_cast<int64_t>(question.surely)},
      {"overlap as written", Unit::kCount, static_cast<int64_t>(question.written)},
      {"undecided", Unit::kCount, static_cast<int64_t>(question.possibly - question.surely)},
  };
  finding.effect = {.name = fmt::format("share {}", question.whole),
                    .unit = Unit::kShare,
                    .value = Share(question.written, question.count),
                    .low = {},
                    .high = {},
                    .interval = {}};
  const std::optional<Bounds> low = question.low.Interval();
  const std::optional<Bounds> high = question.high.Interval();
  if (low && high) {
    finding.effect.low = low->low;
    finding.effect.high = high->high;
    finding.effect.interval =
        "95 %, bootstrap over 64 groups of traces; from the low end of what surely overlaps to the "
        "high end of what may";
  }
  finding.method = fmt::format(
      "Synchronous calls of one caller, as its own clock saw them. Seldom: fewer than {} "
      "(upper end of the interval); not seldom: at least that (lower end).",
      Percent(Parallelism::kSeldom));
  finding.source = "SoCC'21, parallel dependency; statistics.md T2";
  finding.published = "15.5 % of pairs (2022, first file, rpc with a time above 0)";
  finding.rank = finding.effect.value.value_or(0);
  return finding;
}

void AddCells(std::vector<Cell>& row, const Counts& c) {
  for (const uint64_t count : {c.callers, c.pairs}) row.emplace_back(static_cast<int64_t>(count));
  row.push_back(CellOf(Share(c.callers_surely, c.callers)));
  row.push_back(CellOf(Share(c.callers_possibly, c.callers)));
  row.push_back(CellOf(Share(c.pairs_surely, c.pairs)));
  row.push_back(CellOf(Share(c.pairs_written, c.pairs)));
  row.push_back(CellOf(Share(c.pairs_possibly, c.pairs)));
  row.push_back(CellOf(Share(c.busy_us, c.covered_us)));
}

document::Table MakeTable(const char* id, const char* title, document::Column first) {
  document::Table table;
  table.id = id;
  table.title = title;
  table.columns = {
      std::move(first),
      {"callers", "callers", Unit::kCount,
       "calls that made at least two such calls whose times one clock saw"},
      {"pairs", "pairs", Unit::kCount, "pairs of such calls of one caller"},
      {"callers_surely", "callers overlap, surely", Unit::kShare,
       "callers with a pair that surely overlaps"},
      {"callers_possibly", "or may", Unit::kShare,
       "callers with a pair that overlaps or is undecided"},
      {"pairs_surely", "pairs overlap, surely", Unit::kShare, "by more than one tick of the clock"},
      {"pairs_written", "as written", Unit::kShare, "the intervals overlap, taken at their word"},
      {"pairs_possibly", "or may", Unit::kShare, "overlapping or undecided"},
      {"effective", "effective parallelism", Unit::kRatio,
       "sum of the callees' times / length of their union"},
  };
  return table;
}

}  // namespace

const Description Parallelism::kDescription = {
    .id = "parallelism",
    .title = "Parallel calls",
    .question = "Do callers call one after the other, or in parallel?",
    .needs = "trace, parent (path or span), start, duration; side and host where known",
    .source = "SoCC'21 (parallel dependency); statistics.md T2",
};

void Parallelism::Counts::Add(const Counts& other) {
  callers += other.callers;
  callers_surely += other.callers_surely;
  callers_written += other.callers_written;
  callers_possibly += other.callers_possibly;
  pairs += other.pairs;
  pairs_surely += other.pairs_surely;
  pairs_written += other.pairs_written;
  pairs_possibly += other.pairs_possibly;
  busy_us += other.busy_us;
  covered_us += other.covered_us;
}

void Parallelism::Observe(State& state, const graph::CallGraph& graph, const Facts& facts) {
  const std::span<const graph::TraceCall> calls = graph.calls;
  Counts trace;
  uint64_t trace_busy = 0, trace_covered = 0;
  for (uint32_t i = 0; i < calls.size(); ++i) {
    const uint32_t end = calls[i].subtree_end;
    if (end == i + 1 || calls[i + 1].subtree_end == end) continue;  // fewer than two
    for (auto& siblings : state.siblings_of) siblings.clear();
    for (uint32_t child = i + 1; child < end; child = calls[child].subtree_end) {
      const graph::TraceCall& call = calls[child];
      ++state.siblings;
      // Where rows do not say which side wrote them, either is the best there is.
      const graph::Interval& seen = facts.sides_marked ? call.client : call.seen();
      if (!seen.known()) {
        ++(call.server.known() ? state.without_client : state.without_time);
        continue;
      }
      const State::Sibling sibling{Index(call.caller_instance), {seen.start_ns, seen.end_ns()}};
      state.siblings_of[model::IsAsynchronous(call.kind) ? kMessages : kSynchronous].push_back(
          sibling);
      if (call.kind == model::Kind::kRpc && seen.duration_ns > 0) {
        state.siblings_of[kTimedRpc].push_back(sibling);
      }
    }
    for (size_t group = 0; group < kGroups; ++group) {
      auto& siblings = state.siblings_of[group];
      if (siblings.size() < 2) continue;
      uint64_t busy = 0, covered = 0;
      Counts caller = CountCaller(siblings, state, facts.tick_ns, busy, covered);
      caller.busy_us = (busy + 500) / 1000;
      caller.covered_us = (covered + 500) / 1000;
      state.groups[group].Add(caller);
      if (group == kSynchronous && caller.pairs > 0) {
        state.widths[WidthClass(siblings.size())].Add(caller);
        trace.Add(caller);
        trace_busy += caller.busy_us;
        trace_covered += caller.covered_us;
      }
    }
  }
  if (trace.pairs == 0) return;
  ++state.traces;
  const uint64_t hash = graph.trace.Hash();
  const auto add = [hash](BucketedRatio& ratio, uint64_t part, uint64_t whole) {
    ratio.Add(hash, static_cast<int64_t>(part), static_cast<int64_t>(whole));
  };
  add(state.pairs_surely, trace.pairs_surely, trace.pairs);
  add(state.pairs_possibly, trace.pairs_possibly, trace.pairs);
  add(state.callers_surely, trace.callers_surely, trace.callers);
  add(state.callers_possibly, trace.callers_possibly, trace.callers);
  add(state.effective, trace_busy, trace_covered);
}

void Parallelism::Merge(State& into, State&& from) {
  for (size_t i = 0; i < kGroups; ++i) into.groups[i].Add(from.groups[i]);
  for (size_t i = 0; i < kWidths; ++i) into.widths[i].Add(from.widths[i]);
  into.pairs_surely.Merge(from.pairs_surely);
  into.pairs_possibly.Merge(from.pairs_possibly);
  into.callers_surely.Merge(from.callers_surely);
  into.callers_possibly.Merge(from.callers_possibly);
  into.effective.Merge(from.effective);
  into.traces += from.traces;
  into.siblings += from.siblings;
  into.without_time += from.without_time;
  into.without_client += from.without_client;
}

document::Section Parallelism::Conclude(const State& state, const Facts& facts) {
  document::Section section;
  const Counts& all = state.groups[kSynchronous];
  const Counts& rpc = state.groups[kTimedRpc];
  const auto headline = [&section](const char* name, const char* title, Unit unit,
                                   std::optional<double> value, bool key,
                                   std::optional<double> published = {}) {
    document::Headline& added = section.AddHeadline(name, title, unit, value);
    added.key = key;
    added.published = published;
  };
  headline("callers_parallel_surely", "callers in parallel, surely", Unit::kShare,
           Share(all.callers_surely, all.callers), true);
  headline("callers_parallel_possibly", "callers in parallel, at most", Unit::kShare,
           Share(all.callers_possibly, all.callers), true);
  headline("pairs_parallel_surely", "overlapping pairs, surely", Unit::kShare,
           Share(all.pairs_surely, all.pairs), true);
  headline("pairs_parallel_possibly", "overlapping pairs, at most", Unit::kShare,
           Share(all.pairs_possibly, all.pairs), true);
  headline("pairs_undecided", "undecided pairs", Unit::kShare,
           Share(all.pairs_possibly - all.pairs_surely, all.pairs), false);
  headline("effective_parallelism", "effective parallelism", Unit::kRatio, state.effective.Ratio(),
           true);
  headline("rpc_pairs_parallel", "overlapping pairs of timed rpc", Unit::kShare,
           Share(rpc.pairs_written, rpc.pairs), false, 0.155);

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
  section.findings = {MakeFinding(callers, pairs), MakeFinding(pairs, callers)};

  document::Table groups =
      MakeTable("parallel_by_kind", "Overlapping siblings, by kind of call",
                {"calls", "calls", Unit::kNone, "which siblings are compared"});
  for (size_t i = 0; i < kGroups; ++i) {
    AddCells(groups.rows.emplace_back(1, std::string(kGroupNames[i])), state.groups[i]);
  }
  document::Table widths =
      MakeTable("parallel_by_width", "Overlapping synchronous siblings, by how many there are",
                {"callees", "callees", Unit::kNone, "synchronous calls of one caller"});
  document::Figure figure;
  figure.id = "parallel_by_width";
  figure.title = "Callers that surely overlap callees, by how many callees they have";
  figure.kind = document::FigureKind::kBars;
  figure.x = {"callees", Unit::kCount, false};
  figure.y = {"share of callers", Unit::kShare, false};
  document::Series& series = figure.series.emplace_back();
  series.name = "surely";
  for (size_t i = 0; i < kWidths; ++i) {
    if (state.widths[i].callers == 0) continue;
    AddCells(widths.rows.emplace_back(1, std::string(kWidthNames[i])), state.widths[i]);
    series.points.push_back({static_cast<double>(figure.labels.size()),
                             *Share(state.widths[i].callers_surely, state.widths[i].callers)});
    figure.labels.emplace_back(kWidthNames[i]);
  }
  section.tables = {std::move(groups), std::move(widths)};
  if (!figure.labels.empty()) section.figures.push_back(std::move(figure));

  section.computed = fmt::format(
      "Synchronous calls of one caller are compared in pairs, {}; messages are counted apart. A "
      "pair surely overlaps "
      "when each call reaches more than one tick ({:g} ms) past the start of the other; it is "
      "undecided when they touch or lie "
      "within one tick. {} of {} calls with siblings have no time and {} were seen by the callee's "
      "clock only: they are left out. "
      "Wide callers weigh more in the share of pairs, so it may differ much from the share of "
      "callers.",
      facts.sides_marked ? "as the caller's side recorded them"
                         : "whichever side recorded them (the data does not say)",
      static_cast<double>(facts.tick_ns) / 1e6, state.without_time, state.siblings,
      state.without_client);
  return section;
}

}  // namespace plumbago::analysis
