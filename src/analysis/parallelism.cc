#include "analysis/parallelism.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <optional>
#include <string>
#include <utility>

#include "analysis/parallel_calls_rare.h"
#include "analysis/share.h"
#include "base/strong_id.h"

namespace plumbago::analysis {
namespace {

using document::Cell;
using document::CellOf;
using document::Unit;
using statistics::BucketedRatio;

using Counts = Parallelism::Counts;
using State = Parallelism::State;

constexpr const char* kWidthNames[Parallelism::kWidths] = {
    "2", "3", "4", "5 to 8", "9 to 16", "17 to 32", "more than 32"};
constexpr const char* kGroupNames[Parallelism::kGroups] = {
    "synchronous calls", "messages (asynchronous)", "rpc with a time above 0"};

// Puts the calls that one call made, as its clock saw them, into the working memory, by group.
void GatherSiblings(State& state, std::span<const graph::TraceCall> calls, uint32_t caller,
                    const Facts& facts) {
  for (auto& siblings : state.siblings_of) siblings.clear();
  const uint32_t end = calls[caller].subtree_end;
  for (uint32_t child = caller + 1; child < end; child = calls[child].subtree_end) {
    const graph::TraceCall& call = calls[child];
    ++state.siblings;
    // Where rows do not say which side wrote them, either is the best there is.
    const graph::Interval& seen = facts.sides_marked ? call.client : call.seen();
    if (!seen.known()) {
      ++(call.server.known() ? state.without_client : state.without_time);
      continue;
    }
    const State::Sibling sibling{Index(call.caller_instance), {seen.start_ns, seen.end_ns()}};
    const bool asynchronous = model::IsAsynchronous(call.kind);
    state.siblings_of[asynchronous ? Parallelism::kMessages : Parallelism::kSynchronous].push_back(
        sibling);
    if (call.kind == model::Kind::kRpc && seen.duration_ns > 0) {
      state.siblings_of[Parallelism::kTimedRpc].push_back(sibling);
    }
  }
}

// What one caller's siblings of one group add: pairs within each host, the caller once.
Counts CountCaller(std::vector<State::Sibling>& siblings, State& state, int64_t tick) {
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

document::Table KindsTable(const State& state) {
  document::Table table = MakeTable("parallel_by_kind", "Overlapping siblings, by kind of call",
                                    {"calls", "calls", Unit::kNone, "which siblings are compared"});
  for (size_t i = 0; i < Parallelism::kGroups; ++i) {
    AddCells(table.rows.emplace_back(1, std::string(kGroupNames[i])), state.groups[i]);
  }
  return table;
}

document::Table WidthsTable(const State& state) {
  document::Table table =
      MakeTable("parallel_by_width", "Overlapping synchronous siblings, by how many there are",
                {"callees", "callees", Unit::kNone, "synchronous calls of one caller"});
  for (size_t i = 0; i < Parallelism::kWidths; ++i) {
    if (state.widths[i].callers == 0) continue;
    AddCells(table.rows.emplace_back(1, std::string(kWidthNames[i])), state.widths[i]);
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
  const std::span<const graph::TraceCall> calls = graph.calls;
  Counts trace;
  for (uint32_t i = 0; i < calls.size(); ++i) {
    const uint32_t end = calls[i].subtree_end;
    if (end == i + 1 || calls[i + 1].subtree_end == end) continue;  // fewer than two
    GatherSiblings(state, calls, i, facts);
    for (size_t group = 0; group < kGroups; ++group) {
      auto& siblings = state.siblings_of[group];
      if (siblings.size() < 2) continue;
      const Counts caller = CountCaller(siblings, state, facts.tick_ns);
      state.groups[group].Add(caller);
      if (group == kSynchronous && caller.pairs > 0) {
        state.widths[WidthClass(siblings.size())].Add(caller);
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
  AddHeadlines(section, state);
  section.findings = ParallelCallsRare(state, facts);
  section.tables = {KindsTable(state), WidthsTable(state)};
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
  return section;
}

}  // namespace plumbago::analysis
