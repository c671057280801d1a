#include "analysis/could_be_parallel.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "analysis/row_of.h"
#include "analysis/saving_finding.h"
#include "analysis/seen_by_caller.h"
#include "analysis/share.h"
#include "base/strong_id.h"

namespace plumbago::analysis {
namespace {

using document::Unit;

using Pair = CouldBeParallel::Pair;
using State = CouldBeParallel::State;
using Block = State::Block;

// The synchronous callees of one call as blocks, in the order of their start.
void GatherBlocks(State& state, const graph::CallGraph& graph, uint32_t caller) {
  const std::span<const graph::TraceCall> calls = graph.calls;
  state.blocks.clear();
  bool sorted = true;
  for (uint32_t child = caller + 1; child < calls[caller].subtree_end;
       child = calls[child].subtree_end) {
    const graph::TraceCall& call = calls[child];
    if (model::IsAsynchronous(call.kind)) {
      ++state.asynchronous;
      continue;
    }
    const graph::Interval& seen = SeenByCaller(graph, call);
    if (!seen.known()) {
      ++state.without_time;
      continue;
    }
    if (!state.blocks.empty()) sorted &= state.blocks.back().start <= seen.start_ns;
    state.blocks.push_back(
        {seen.start_ns, seen.end_ns(), Index(call.callee), Index(call.caller_instance)});
  }
  std::vector<Block>& blocks = state.blocks;
  if (!sorted) {
    std::stable_sort(blocks.begin(), blocks.end(),
                     [](const Block& x, const Block& y) { return x.start < y.start; });
  }
  size_t kept = 0;
  for (size_t i = 1; i < blocks.size(); ++i) {
    Block& last = blocks[kept];
    if (blocks[i].callee == last.callee && blocks[i].host == last.host) {
      last.end = std::max(last.end, blocks[i].end);
      ++last.calls;
    } else {
      blocks[++kept] = blocks[i];
    }
  }
  if (!blocks.empty()) blocks.resize(kept + 1);
}

void MarkThoseSeenAgain(State& state) {
  ++state.caller_number;
  for (uint32_t i = 0; i < state.blocks.size(); ++i) {
    Block& block = state.blocks[i];
    if (block.callee >= state.seen.size()) {
      state.seen.resize(std::max<size_t>(block.callee + 1, state.seen.size() * 2));
    }
    State::Seen& seen = state.seen[block.callee];
    if (seen.caller == state.caller_number) block.again = state.blocks[seen.block].again = true;
    seen = {state.caller_number, i};
  }
}

// One independent pair, and what makes it worth telling.
struct Line {
  size_t place;  // in the order of names
  Pair pair;
  uint64_t saved_us;
  bool counted;  // in the total
};

struct Found {
  uint64_t pairs = 0;  // of caller, operation, a, b
  std::vector<Line> independent;
  GroupedSums<16> total_us;

  explicit Found(const State& state) {
    state.pairs.ForEach([&](const Pair& pair) {
      ++pairs;
      const uint64_t saved = pair.saved_us.Total();
      if (pair.Independent() && saved > 0) {
        independent.push_back({independent.size(), pair, saved, false});
      }
    });
    std::sort(independent.begin(), independent.end(), [](const Line& x, const Line& y) {
      return x.saved_us != y.saved_us ? x.saved_us > y.saved_us : x.place < y.place;
    });
    std::set<std::array<uint32_t, 3>> used;  // caller, its operation, callee
    for (Line& line : independent) {
      const Pair& p = line.pair;
      const std::array a{Index(p.caller), Index(p.operation), Index(p.a)};
      const std::array b{Index(p.caller), Index(p.operation), Index(p.b)};
      if (used.contains(a) || used.contains(b)) continue;
      used.insert(a);
      used.insert(b);
      line.counted = true;
      total_us.Merge(p.saved_us);
    }
  }
};

document::Table PairsTable(const Found& found, const Facts& facts) {
  const model::Names& names = *facts.names;
  document::Table table;
  table.id = "independent_siblings";
  table.title = "Calls that could run side by side";
  table.key = true;
  table.columns = {
      {"caller", "caller", Unit::kNone, "service that makes both calls"},
      {"operation", "operation", Unit::kNone, "what it was asked for"},
      {"a", "a", Unit::kNone, "one callee"},
      {"b", "b", Unit::kNone, "the other"},
      {"saves", "saves at most", Unit::kNanoseconds,
       "sum over the callers of the shorter of the two, where nothing else ran meanwhile"},
      {"a_first", "a first", Unit::kCount, "callers that called a first"},
      {"b_first", "b first", Unit::kCount, "callers that called b first"},
      {"overlaps", "overlap", Unit::kCount, "callers that surely had both running"},
      {"counted", "in the total", Unit::kNone,
       "no: a row above already takes one of the two out of the line"},
  };
  const size_t rows = std::min(found.independent.size(), facts.table_rows);
  table.more_rows = found.independent.size() - rows;
  for (const Line& line : std::span(found.independent).first(rows)) {
    const Pair& p = line.pair;
    table.rows.push_back(RowOf(NameOf(names.Text(p.caller), ""), names.Text(p.operation),
                               names.Text(p.a), names.Text(p.b), line.saved_us * 1000, p.a_first,
                               p.b_first, p.overlaps, line.counted ? "yes" : "no"));
  }
  return table;
}

document::Finding FindingFor(const Pair& p, const State& state, const Facts& facts) {
  const model::Names& names = *facts.names;
  const std::string caller = NameOf(names.Text(p.caller), names.Text(p.operation));
  const uint64_t sequential = p.a_first + p.b_first;
  Saving saving;
  saving.id = CouldBeParallel::kDescription.id;
  saving.claim = fmt::format(
      "{} calls {} and {} one after the other in {} of {} decided cases, but neither needs the "
      "other: {} was first {} times, {} {} times, and {} times both ran at once",
      caller, names.Text(p.a), names.Text(p.b), sequential, sequential + p.overlaps,
      names.Text(p.a), p.a_first, names.Text(p.b), p.b_first, p.overlaps);
  saving.advice =
      fmt::format("Let {} start both calls at once and wait for the later one.", caller);
  saving.assumptions = {
      "what was seen in other invocations of the same operation holds for all of them",
      "both calls take as long side by side as one after the other"};
  saving.examples = p.examples.Texts();
  saving.evidence = {
      {"first one first", Unit::kCount, static_cast<int64_t>(p.a_first)},
      {"second one first", Unit::kCount, static_cast<int64_t>(p.b_first)},
      {"overlapping", Unit::kCount, static_cast<int64_t>(p.overlaps)},
      {"invocations that would be faster", Unit::kCount, static_cast<int64_t>(p.saving)}};
  saving.method =
      "Independent: each of \"a waits for b\" and \"b waits for a\" was refuted at least 20 times, "
      "by the other order or an overlap of more than a tick. Saved: the shorter of both, where "
      "they "
      "ran one after the other and nothing else meanwhile.";
  saving.source = "The Mystery Machine, OSDI'14; statistics.md T16";
  return FindingOf(std::move(saving), p.saved_us, state.traces);
}

document::Finding NothingFound(const State& state) {
  document::Finding finding;
  finding.id = CouldBeParallel::kDescription.id;
  finding.claim = "No two calls are known that run one after the other without need";
  finding.reason =
      state.neighbours == 0
          ? "no caller with a named operation and two callees whose times it saw"
          : fmt::format(
                "of {} pairs of neighbouring calls, none of one caller and operation was "
                "seen in both orders, or overlapping, {} times",
                state.neighbours, CouldBeParallel::kEnough);
  finding.method = "The refutation of happens-before from many traces.";
  finding.source = "The Mystery Machine, OSDI'14; statistics.md T16";
  return finding;
}

}  // namespace

const Description CouldBeParallel::kDescription = {
    .id = "could-be-parallel",
    .title = "Calls that could run in parallel",
    .question = "Which calls run one after the other although neither needs the other?",
    .needs =
        "trace, parent (path or span), caller, callee, start, duration; side and host where "
        "known",
    .source = "The Mystery Machine, OSDI'14; statistics.md T16",
};

void CouldBeParallel::Pair::set_key(const std::array<uint32_t, 4>& key) {
  caller = Id<model::ServiceId>(key[0]);
  operation = Id<model::OperationId>(key[1]);
  a = Id<model::ServiceId>(key[2]);
  b = Id<model::ServiceId>(key[3]);
}

void CouldBeParallel::Pair::Merge(const Pair& other) {
  a_first += other.a_first;
  b_first += other.b_first;
  overlaps += other.overlaps;
  split += other.split;
  saving += other.saving;
  saved_us.Merge(other.saved_us);
  examples.Merge(other.examples);
}

void CouldBeParallel::Pair::Save(std::string& out) const {
  for (const uint64_t count : {a_first, b_first, overlaps, split, saving}) {
    statistics::AppendVarint(out, count);
  }
  // Most pairs save nothing: they need no sums.
  if (saving > 0) {
    saved_us.Save(out);
    examples.Save(out);
  }
}

bool CouldBeParallel::Pair::Load(statistics::StateReader& in) {
  for (uint64_t* count : {&a_first, &b_first, &overlaps, &split, &saving}) *count = in.Varint();
  saved_us = {};
  examples = {};
  return in.ok() && (saving == 0 || (saved_us.Load(in) && examples.Load(in)));
}

void CouldBeParallel::Observe(State& state, const graph::CallGraph& graph, const Facts& facts) {
  if (graph.ready_made) {
    state.ready_made += graph.traces();
    return;
  }
  const std::span<const graph::TraceCall> calls = graph.calls;
  if (calls.empty()) return;
  const uint64_t hash = graph.trace.Hash();
  const int64_t tick = facts.tick_ns;
  state.traces.Add(hash, 1);
  if (const graph::Interval& entry = calls[0].seen(); entry.known()) {
    state.requests_us.Add(hash, static_cast<uint64_t>(entry.duration_ns) / 1000);
  }
  state.visits.clear();
  for (uint32_t i = 0; i < calls.size(); ++i) {
    const uint32_t end = calls[i].subtree_end;
    if (end == i + 1 || calls[i + 1].subtree_end == end) continue;  // fewer than two
    if (calls[i].operation == model::kNoOperation) {
      ++state.unnamed;
      continue;
    }
    GatherBlocks(state, graph, i);
    const std::vector<Block>& blocks = state.blocks;
    if (blocks.size() < 2) continue;
    MarkThoseSeenAgain(state);
    int64_t before = INT64_MIN;  // latest end of the blocks before the pair
    for (size_t j = 0; j + 1 < blocks.size(); ++j) {
      const Block& x = blocks[j];
      const Block& y = blocks[j + 1];
      const int64_t earlier = std::exchange(before, std::max(before, x.end));
      if (x.host != y.host || x.callee == y.callee || x.callee == 0 || y.callee == 0) continue;
      const bool in_order = x.callee < y.callee;
      const std::array key{Index(calls[i].callee), Index(calls[i].operation),
                           in_order ? x.callee : y.callee, in_order ? y.callee : x.callee};
      if (x.again || y.again) {
        state.visits.push_back({key, State::kApart});
        continue;
      }
      ++state.neighbours;
      const int64_t reach = std::min(x.end - y.start, y.end - x.start);
      const bool overlap = reach > tick;
      if (overlap ? x.calls + y.calls > 2 : y.start - x.start <= tick) {
        state.undecided += !overlap;
        continue;
      }
      if (overlap) {
        ++state.overlapping;
        state.visits.push_back({key, State::kOverlap});
        continue;
      }
      ++state.ordered;
      const int64_t shorter =
          std::min(x.end - x.start, y.end - y.start) - std::max<int64_t>(0, reach);
      const bool alone = (j == 0 || earlier <= x.start + tick) &&
                         (j + 2 == blocks.size() || blocks[j + 2].start >= y.end - tick);
      const uint64_t saved_us =
          alone && shorter >= 1000 ? static_cast<uint64_t>(shorter) / 1000 : 0;
      state.visits.push_back({key, in_order ? State::kAFirst : State::kBFirst, saved_us});
    }
  }
  state.pairs.ForEachOf(
      state.visits.size(), [&state](size_t i) { return state.visits[i].key; },
      [&](size_t i, Pair& pair) {
        const State::Visit& visit = state.visits[i];
        pair.split += visit.what == State::kApart;
        pair.overlaps += visit.what == State::kOverlap;
        pair.a_first += visit.what == State::kAFirst;
        pair.b_first += visit.what == State::kBFirst;
        if (visit.saved_us == 0) return;
        ++pair.saving;
        pair.saved_us.Add(hash, visit.saved_us);
        pair.examples.Offer(graph.trace, hash);
      });
}

document::Section CouldBeParallel::Conclude(const State& state, const Facts& facts) {
  const Found found(state);
  document::Section section;
  section
      .AddHeadline("independent_pairs", "pairs of calls that could be parallel", Unit::kCount,
                   static_cast<double>(found.independent.size()))
      .total = true;
  AddSavesHeadlines(section, found.total_us, state.requests_us).key = true;
  section.AddHeadline("pairs_undecided", "neighbours that began within a tick", Unit::kShare,
                      Share(state.undecided, state.neighbours));
  if (facts.headline_only) return section;
  for (const Line& line : found.independent) {
    if (!line.counted) continue;
    if (!AddFinding(FindingFor(line.pair, state, facts), section.findings)) break;
  }
  if (section.findings.empty()) section.findings.push_back(NothingFound(state));
  section.tables.push_back(PairsTable(found, facts));
  section.computed = fmt::format(
      "Neighbouring synchronous calls to different services, as the caller's clock saw them: {} "
      "pairs, of which {} were one after the other, {} surely overlapped and {} began within one "
      "tick ({:g} ms), which says nothing. A pair of a caller and operation ({} of them) is "
      "independent when \"b waits for a\" and \"a waits for b\" were each refuted {} times. Saved "
      "is the shorter of the two. Apart: {} asynchronous calls; {} without a time of the caller's "
      "clock; {} callers whose operation has no name{}.",
      state.neighbours, state.ordered, state.overlapping, state.undecided,
      static_cast<double>(facts.tick_ns) / 1e6, found.pairs, kEnough, state.asynchronous,
      state.without_time, state.unnamed,
      state.ready_made > 0 ? fmt::format("; {} traces of ready-made graphs", state.ready_made)
                           : "");
  return section;
}

}  // namespace plumbago::analysis
