#include "analysis/parallelism.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <optional>
#include <string>
#include <utility>

#include "analysis/overlap_claim.h"
#include "analysis/parallel_calls_rare.h"
#include "analysis/parallel_pairs_rare.h"
#include "analysis/row_of.h"
#include "analysis/seen_by_caller.h"
#include "analysis/share.h"
#include "base/strong_id.h"

namespace plumbago::analysis {
namespace {

using document::Unit;
using statistics::BucketedRatio;

using Counts = Parallelism::Counts;
using State = Parallelism::State;

constexpr const char* kWidthNames[Parallelism::kWidths] = {
    "2", "3", "4", "5 to 8", "9 to 16", "17 to 32", "more than 32"};
constexpr const char* kGroupNames[Parallelism::kGroups] = {
    "synchronous calls", "messages (asynchronous)", "rpc with a time above 0"};

void AddSibling(State::Siblings& siblings, const TimeSpan& span, uint32_t host) {
  siblings.hosts_differ |= !siblings.hosts.empty() && siblings.hosts.front() != host;
  siblings.spans.push_back(span);
  siblings.hosts.push_back(host);
}

// Puts the calls that one call made, as its clock saw them, into the working memory, by group.
void GatherSiblings(State& state, const graph::CallGraph& graph, uint32_t caller) {
  const std::span<const graph::TraceCall> calls = graph.calls;
  for (State::Siblings& siblings : state.siblings_of) {
    siblings.spans.clear();
    siblings.hosts.clear();
    siblings.hosts_differ = false;
  }
  const uint32_t end = calls[caller].subtree_end;
  for (uint32_t child = caller + 1; child < end; child = calls[child].subtree_end) {
    const graph::TraceCall& call = calls[child];
    ++state.siblings;
    const graph::Interval& seen = SeenByCaller(graph, call);
    if (!seen.known()) {
      ++(call.server.known() ? state.without_client : state.without_time);
      continue;
    }
    const TimeSpan span{seen.start_ns, seen.end_ns()};
    const uint32_t host = Index(call.caller_instance);
    const bool asynchronous = model::IsAsynchronous(call.kind);
    AddSibling(state.siblings_of[asynchronous ? Parallelism::kMessages : Parallelism::kSynchronous],
               span, host);
    if (call.kind == model::Kind::kRpc && seen.duration_ns > 0)
      AddSibling(state.siblings_of[Parallelism::kTimedRpc], span, host);
  }
}

// Counts the pairs within each host; leaves the spans in the order of hosts.
OverlapCounts CountByHost(State::Siblings& siblings, State& state, int64_t tick) {
  std::vector<State::OnHost>& by_host = state.by_host;
  by_host.clear();
  for (size_t i = 0; i < siblings.spans.size(); ++i)
    by_host.push_back({siblings.hosts[i], siblings.spans[i]});
  std::sort(by_host.begin(), by_host.end(),
            [](const State::OnHost& a, const State::OnHost& b) { return a.host < b.host; });
  for (size_t i = 0; i < by_host.size(); ++i) siblings.spans[i] = by_host[i].span;
  OverlapCounts all;
  for (size_t begin = 0, end = 0; begin < by_host.size(); begin = end) {
    while (end < by_host.size() && by_host[end].host == by_host[begin].host) ++end;
    if (end - begin < 2) continue;
    all.Add(state.counter.Count(std::span(siblings.spans).subspan(begin, end - begin), tick));
  }
  return all;
}

// What one caller's siblings of one group add: pairs within each host, the caller once.
Counts CountCaller(State::Siblings& siblings, State& state, int64_t tick) {
  const OverlapCounts all = siblings.hosts_differ ? CountByHost(siblings, state, tick)
                                                  : state.counter.Count(siblings.spans, tick);
  return {.callers = all.pairs > 0,
          .callers_surely = all.surely > 0,
          .callers_written = all.written > 0,
          .callers_possibly = all.possibly > 0,
          .pairs = all.pairs,
          .pairs_surely = all.surely,
          .pairs_written = all.written,
          .pairs_possibly = all.possibly,
          .busy_us = (all.busy + 500) / 1000,
          .covered_us = (all.covered + 500) / 1000};
}

// 2, 3, 4, then doubling.
size_t WidthClass(size_t siblings) {
  if (siblings <= 4) return siblings - 2;
  return std::min<size_t>(static_cast<size_t>(std::bit_width(siblings - 1)),
                          Parallelism::kWidths - 1);
}

void AddRow(document::Table& table, const char* which, const Counts& c) {
  table.rows.push_back(RowOf(which, c.callers, c.pairs, Share(c.callers_surely, c.callers),
                             Share(c.callers_possibly, c.callers), Share(c.pairs_surely, c.pairs),
                             Share(c.pairs_written, c.pairs), Share(c.pairs_possibly, c.pairs),
                             Share(c.busy_us, c.covered_us)));
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

// What the judged pairs add to the synchronous calls of traces; the ratios go to `all`.
Counts AddJudged(State& all) {
  Counts judged;
  all.judged.ForEach([&](const JudgedCaller& caller) {
    const bool overlaps = caller.overlapping > 0;
    ++judged.callers;
    judged.callers_surely += overlaps;
    judged.pairs += caller.pairs;
    judged.pairs_surely += caller.overlapping;
    const auto pairs = static_cast<int64_t>(caller.pairs);
    const auto overlapping = static_cast<int64_t>(caller.overlapping);
    for (BucketedRatio* ratio : {&all.pairs_surely, &all.pairs_possibly})
      ratio->Add(caller.call, overlapping, pairs);
    for (BucketedRatio* ratio : {&all.callers_surely, &all.callers_possibly})
      ratio->Add(caller.call, overlaps, 1);
  });
  judged.callers_written = judged.callers_possibly = judged.callers_surely;
  judged.pairs_written = judged.pairs_possibly = judged.pairs_surely;
  all.groups[Parallelism::kSynchronous].Add(judged);
  return judged;
}

document::Table KindsTable(const State& state, const Counts& judged) {
  document::Table table = MakeTable("parallel_by_kind", "Overlapping siblings, by kind of call",
                                    {"calls", "calls", Unit::kNone, "which siblings are compared"});
  for (size_t i = 0; i < Parallelism::kGroups; ++i) {
    AddRow(table, kGroupNames[i], state.groups[i]);
  }
  if (judged.pairs > 0) AddRow(table, "of them: pairs judged by the source", judged);
  return table;
}

document::Table WidthsTable(const State& state) {
  document::Table table =
      MakeTable("parallel_by_width", "Overlapping synchronous siblings, by how many there are",
                {"callees", "callees", Unit::kNone, "synchronous calls of one caller"});
  for (size_t i = 0; i < Parallelism::kWidths; ++i) {
    if (state.widths[i].callers == 0) continue;
    AddRow(table, kWidthNames[i], state.widths[i]);
  }
  return table;
}

document::Figure WidthsFigure(const State& state) {
  document::Figure figure;
  figure.id = "parallel_by_width";
  figure.title = "Callers that surely overlap callees, by how many callees they have";
  figure.kind = document::FigureKind::kBars;
  figure.x = {"callees", Unit::kCount, false};
  figure.y = {"share of callers", Unit::kShare, false};
  document::Series& series = figure.series.emplace_back();
  series.name = "surely";
  for (size_t i = 0; i < Parallelism::kWidths; ++i) {
    const Counts& width = state.widths[i];
    if (width.callers == 0) continue;
    series.points.push_back(
        {static_cast<double>(figure.labels.size()), *Share(width.callers_surely, width.callers)});
    figure.labels.emplace_back(kWidthNames[i]);
  }
  return figure;
}

void AddHeadlines(document::Section& section, const State& state) {
  const Counts& all = state.groups[Parallelism::kSynchronous];
  const Counts& rpc = state.groups[Parallelism::kTimedRpc];
  const auto share = [&section](const char* name, const char* title, uint64_t part,
                                uint64_t whole) -> document::Headline& {
    return section.AddHeadline(name, title, Unit::kShare, Share(part, whole));
  };
  share("callers_parallel_surely", "callers in parallel, surely", all.callers_surely, all.callers)
      .key = true;
  share("callers_parallel_possibly", "callers in parallel, at most", all.callers_possibly,
        all.callers)
      .key = true;
  share("pairs_parallel_surely", "overlapping pairs, surely", all.pairs_surely, all.pairs).key =
      true;
  share("pairs_parallel_possibly", "overlapping pairs, at most", all.pairs_possibly, all.pairs)
      .key = true;
  share("pairs_undecided", "undecided pairs", all.pairs_possibly - all.pairs_surely, all.pairs);
  section
      .AddHeadline("effective_parallelism", "effective parallelism", Unit::kRatio,
                   state.effective.Ratio())
      .key = true;
  share("rpc_pairs_parallel", "overlapping pairs of timed rpc", rpc.pairs_written, rpc.pairs)
      .published = 0.155;
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
  if (graph.ready_made) {
    state.ready_made += graph.traces();
    return;
  }
  const std::span<const graph::TraceCall> calls = graph.calls;
  Counts trace;
  for (uint32_t i = 0; i < calls.size(); ++i) {
    const uint32_t end = calls[i].subtree_end;
    if (end == i + 1 || calls[i + 1].subtree_end == end) continue;  // fewer than two
    GatherSiblings(state, graph, i);
    for (size_t group = 0; group < kGroups; ++group) {
      State::Siblings& siblings = state.siblings_of[group];
      if (siblings.spans.size() < 2) continue;
      const Counts caller = CountCaller(siblings, state, facts.tick_ns);
      state.groups[group].Add(caller);
      if (group == kSynchronous && caller.pairs > 0) {
        state.widths[WidthClass(siblings.spans.size())].Add(caller);
        trace.Add(caller);
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
  add(state.effective, trace.busy_us, trace.covered_us);
}

void Parallelism::Observe(State& state, const model::SiblingPair& pair, const Facts&) {
  state.judged[JudgedCaller::KeyOf(pair.caller_call)].Count(pair);
}

document::Section Parallelism::Conclude(const State& of_traces, const Facts& facts) {
  State state = of_traces;
  const Counts judged = AddJudged(state);
  document::Section section;
  AddHeadlines(section, state);
  const OverlapClaim callers = ParallelCallsRare(state), pairs = ParallelPairsRare(state);
  section.findings = {Decide(callers, pairs, facts), Decide(pairs, callers, facts)};
  section.tables = {KindsTable(state, judged), WidthsTable(state)};
  document::Figure widths = WidthsFigure(state);
  if (!widths.labels.empty()) section.figures.push_back(std::move(widths));
  section.computed = fmt::format(
      "Synchronous calls of one caller are compared in pairs, {}; messages are counted apart. A "
      "pair surely overlaps when each call reaches more than one tick ({:g} ms) past the start of "
      "the other; it is undecided when they touch or lie within one tick. {} of {} calls with "
      "siblings have no time and {} were seen by the callee's clock only: they are left out. Wide "
      "callers weigh more in the share of pairs, so it may differ much from the share of callers.",
      facts.sides_marked ? "as the caller's side recorded them"
                         : "whichever side recorded them (the data does not say)",
      static_cast<double>(facts.tick_ns) / 1e6, state.without_time, state.siblings,
      state.without_client);
  if (judged.pairs > 0) {
    section.computed += fmt::format(
        " {} pairs of {} callers come from tables of siblings, which say themselves whether a pair "
        "overlaps: they count as they are judged.",
        judged.pairs, judged.callers);
  }
  if (state.ready_made > 0) {
    section.computed +=
        fmt::format(" {} traces came as ready-made graphs, which tell no times: they are left out.",
                    state.ready_made);
  }
  return section;
}

}  // namespace plumbago::analysis
