#include "analysis/repeated_calls.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "analysis/percent_text.h"
#include "analysis/row_of.h"
#include "analysis/saving_finding.h"
#include "analysis/seen_by_caller.h"
#include "analysis/share.h"
#include "base/strong_id.h"

namespace plumbago::analysis {
namespace {

using document::Unit;

using Loop = RepeatedCalls::Loop;
using Pattern = RepeatedCalls::Pattern;
using State = RepeatedCalls::State;

// The number of the group of calls to `callee`, a new one if need be.
uint32_t GroupOf(State& state, uint64_t callee) {
  if (state.groups.size() * 2 >= state.slots.size()) {
    state.slots.assign(std::max<size_t>(64, state.slots.size() * 2), {});
    const size_t mask = state.slots.size() - 1;
    for (uint32_t g = 0; g < state.groups.size(); ++g) {
      size_t at = (state.groups[g].callee * 0x9E3779B97F4A7C15ull >> 32) & mask;
      while (state.slots[at].caller == state.caller_number) at = (at + 1) & mask;
      state.slots[at] = {state.groups[g].callee, state.caller_number, g};
    }
  }
  const size_t mask = state.slots.size() - 1;
  for (size_t at = (callee * 0x9E3779B97F4A7C15ull >> 32) & mask;; at = (at + 1) & mask) {
    State::Slot& slot = state.slots[at];
    if (slot.caller != state.caller_number) {
      slot = {callee, state.caller_number, static_cast<uint32_t>(state.groups.size())};
      state.groups.push_back({callee});
      return slot.group;
    }
    if (slot.callee == callee) return slot.group;
  }
}

// Group after group, each in the order of its items.
void PutGroupsTogether(State& state) {
  uint32_t begin = 0;
  for (State::Group& group : state.groups) {
    group.begin = std::exchange(begin, begin + group.calls);
    group.end = group.begin;
  }
  state.grouped.resize(state.items.size());
  for (const State::Item& item : state.items) {
    state.grouped[state.groups[item.group].end++] = item;
  }
}

// Puts the synchronous callees of one call into items and groups. True: a group is large enough.
bool Gather(State& state, const graph::CallGraph& graph, uint32_t caller) {
  const std::span<const graph::TraceCall> calls = graph.calls;
  ++state.caller_number;
  state.items.clear();
  state.groups.clear();
  bool enough = false, sorted = true;
  for (uint32_t child = caller + 1; child < calls[caller].subtree_end;
       child = calls[child].subtree_end) {
    const graph::TraceCall& call = calls[child];
    if (model::IsAsynchronous(call.kind) || call.callee == model::kNoService) continue;
    const graph::Interval& seen = SeenByCaller(graph, call);
    if (!seen.known()) {
      ++state.without_time;
      continue;
    }
    const uint32_t group =
        GroupOf(state, uint64_t{Index(call.callee)} << 32 | Index(call.operation));
    enough |= ++state.groups[group].calls >= RepeatedCalls::kFewest;
    if (!state.items.empty()) sorted &= state.items.back().start <= seen.start_ns;
    state.items.push_back({seen.start_ns, seen.duration_ns, group, call.kind});
  }
  if (enough && !sorted) {
    std::stable_sort(state.items.begin(), state.items.end(),
                     [](const State::Item& a, const State::Item& b) { return a.start < b.start; });
  }
  if (enough) PutGroupsTogether(state);
  return enough;
}

enum class Order : uint8_t { kOneByOne, kOverlapping, kUndecided };

struct Measured {
  Order order = Order::kUndecided;
  uint64_t kinds = 0;
  uint64_t time_ns = 0, saved_ns = 0;
};

Measured Measure(State& state, const State::Group& group, int64_t tick) {
  Measured measured;
  std::vector<int64_t>& durations = state.durations;
  durations.clear();
  int64_t first = 0, last = 0, end = 0, longest = 0;
  uint64_t in_turn = 0;
  for (uint32_t i = group.begin; i < group.end; ++i) {
    const State::Item& item = state.grouped[i];
    if (durations.empty()) {
      first = item.start;
    } else {
      in_turn += item.start >= end - tick;
    }
    last = item.start;
    end = std::max(end, item.start + item.duration);
    longest = std::max(longest, item.duration);
    durations.push_back(item.duration);
    measured.kinds |= uint64_t{1} << static_cast<unsigned>(item.kind);
    measured.time_ns += static_cast<uint64_t>(item.duration);
  }
  const uint64_t steps = durations.size() - 1;
  if (in_turn * 10 < steps * 9) {
    measured.order = Order::kOverlapping;
    return measured;
  }
  if (last - first <= tick) return measured;
  measured.order = Order::kOneByOne;
  const auto middle = durations.begin() + static_cast<std::ptrdiff_t>(steps / 2);
  std::nth_element(durations.begin(), middle, durations.end());
  measured.saved_ns = std::min(measured.time_ns - static_cast<uint64_t>(longest),
                               steps * static_cast<uint64_t>(*middle));
  return measured;
}

struct Line {
  size_t place;  // in the order of names
  Loop loop;
  uint64_t saved_us;
  uint64_t invocations = 0;
};

struct Found {
  std::vector<Line> lines;  // what saves most first
  GroupedSums<16> total_us;

  explicit Found(const State& state) {
    state.loops.ForEach([&](const Loop& loop) {
      lines.push_back({lines.size(), loop, loop.saved_us.Total()});
      total_us.Merge(loop.saved_us);
    });
    // Both in the order of caller and operation.
    size_t at = 0;
    state.invocations.ForEach(
        [&](model::ServiceId service, model::OperationId operation, uint64_t count) {
          const auto is = [&](const Loop& l) {
            return l.caller == service && l.caller_operation == operation;
          };
          for (; at < lines.size() && is(lines[at].loop); ++at) lines[at].invocations = count;
        });
    std::sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
      return a.saved_us != b.saved_us ? a.saved_us > b.saved_us : a.place < b.place;
    });
  }
};

std::string KindsText(uint64_t kinds) {
  std::string text;
  for (uint8_t kind = 0; kind < model::kKinds; ++kind) {
    if ((kinds >> kind & 1) == 0) continue;
    if (!text.empty()) text += ", ";
    text += model::KindName(static_cast<model::Kind>(kind));
  }
  return text;
}

const char* PatternText(Pattern pattern) {
  switch (pattern) {
    case Pattern::kTooFew:
      return "too few to tell";
    case Pattern::kFixed:
      return "fixed";
    case Pattern::kVaries:
      return "N+1";
  }
  return "";
}

document::Table LoopsTable(const Found& found, const Facts& facts) {
  const model::Names& names = *facts.names;
  document::Table table;
  table.id = "loops_of_calls";
  table.title = "Calls made one by one in a loop";
  table.key = true;
  table.columns = {
      {"caller", "caller", Unit::kNone, "service that calls"},
      {"caller_operation", "asked for", Unit::kNone, "what it was asked for"},
      {"callee", "callee", Unit::kNone, "service that is called"},
      {"operation", "operation", Unit::kNone, "of the callee"},
      {"kind", "kind", Unit::kNone, "how it is called"},
      {"loops", "loops", Unit::kCount, "callers that made five such calls or more, one by one"},
      {"share", "share", Unit::kShare, "of the caller's invocations that call at all"},
      {"k_median", "calls, median", Unit::kCount, "of a loop"},
      {"k_max", "most", Unit::kCount, "calls of a loop"},
      {"pattern", "pattern", Unit::kNone,
       "N+1: the number of calls varies; fixed: nine of ten loops have the same"},
      {"time", "time in loops", Unit::kNanoseconds, "sum over all calls of all loops"},
      {"saves", "saves at most", Unit::kNanoseconds,
       "if one call did the work of each loop and took as long as its longest"},
  };
  const size_t rows = std::min(found.lines.size(), facts.table_rows);
  table.more_rows = found.lines.size() - rows;
  for (const Line& line : std::span(found.lines).first(rows)) {
    const Loop& l = line.loop;
    table.rows.push_back(RowOf(NameOf(names.Text(l.caller), ""), names.Text(l.caller_operation),
                               names.Text(l.callee), names.Text(l.operation), KindsText(l.kinds),
                               l.loops, Share(l.loops, line.invocations),
                               std::llround(l.k.Quantile(0.5).value_or(0)), l.k.max(),
                               PatternText(l.pattern()), l.loop_us * 1000, line.saved_us * 1000));
  }
  return table;
}

std::string Advice(const Loop& loop) {
  const auto has = [&](model::Kind kind) {
    return (loop.kinds >> static_cast<unsigned>(kind) & 1) != 0;
  };
  if (has(model::Kind::kDatabase))
    return "Ask the database once: a join, or one query with a list.";
  if (has(model::Kind::kCache)) return "Fetch all keys at once (a multi-get or a pipeline).";
  return "Offer a call that takes a list, or start these calls at once.";
}

document::Finding FindingFor(const Line& line, const State& state, const Facts& facts) {
  const model::Names& names = *facts.names;
  const Loop& l = line.loop;
  const auto median = static_cast<uint64_t>(std::llround(l.k.Quantile(0.5).value_or(0)));
  Saving saving;
  saving.id = RepeatedCalls::kDescription.id;
  saving.claim = fmt::format(
      "{} calls {} one by one in {} of {} invocations that call ({}): {} times each, median, {} at "
      "most; ",
      NameOf(names.Text(l.caller), names.Text(l.caller_operation)),
      NameOf(names.Text(l.callee), names.Text(l.operation)), l.loops, line.invocations,
      PercentText(Share(l.loops, line.invocations).value_or(0)), median, l.k.max());
  switch (l.pattern()) {
    case Pattern::kVaries:
      saving.claim += "the number varies, as where each item of a list is asked for (N+1)";
      break;
    case Pattern::kFixed:
      saving.claim += "nearly always the same number, so it does not grow with the data";
      break;
    case Pattern::kTooFew:
      saving.claim += "too few loops to tell whether the number follows the data";
      break;
  }
  saving.advice = Advice(l);
  saving.assumptions = {
      "one call can do the work of all, and takes as long as the longest of them, but not less "
      "than "
      "the whole without (k - 1) x their median"};
  saving.examples = l.examples.Texts();
  saving.evidence = {{"loops", Unit::kCount, static_cast<int64_t>(l.loops)},
                     {"calls of a loop, median", Unit::kCount, static_cast<int64_t>(median)},
                     {"time in loops", Unit::kNanoseconds, static_cast<int64_t>(l.loop_us * 1000)}};
  saving.method =
      "A loop: five calls or more of one invocation to the same operation, nine of ten of which "
      "began when the one before had ended.";
  saving.source = "Plumbago; the pattern as in object-relational mapping (N+1 select)";
  return FindingOf(std::move(saving), l.saved_us, state.traces);
}

document::Finding NothingFound(const State& state, size_t loops) {
  document::Finding finding;
  finding.id = RepeatedCalls::kDescription.id;
  finding.claim = "Callers call the same operation again and again, one by one";
  if (state.callers == 0) {
    finding.reason = "no call that calls others";
  } else if (loops > 0) {
    finding.reason = fmt::format(
        "{} {} seen, but by this clock their calls took no time that one call in the "
        "place of all would save",
        loops, loops == 1 ? "loop was" : "different loops were");
  } else if (state.undecided > 0 || state.without_time > 0) {
    finding.reason = fmt::format(
        "no loop was seen, but {} groups of calls lie within one tick of the clock, and {} calls "
        "have no time of the caller's clock",
        state.undecided, state.without_time);
  } else {
    finding.verdict = document::Verdict::kContradicted;
    finding.reason =
        fmt::format("none of {} calls that call others did so five times or more", state.callers);
  }
  finding.method = "A loop: five calls or more of one invocation to the same operation, in turn.";
  finding.source = "Plumbago; the pattern as in object-relational mapping (N+1 select)";
  return finding;
}

}  // namespace

const Description RepeatedCalls::kDescription = {
    .id = "repeated-calls",
    .title = "Calls made one by one in a loop",
    .question = "Which callers call one thing again and again (N+1)?",
    .needs = "trace, parent (path or span), caller, callee, operation, start, duration",
    .source = "Plumbago: N+1 as in object-relational mapping, over all kinds of calls",
};

void RepeatedCalls::Loop::set_key(const std::array<uint32_t, 4>& key) {
  caller = Id<model::ServiceId>(key[0]);
  caller_operation = Id<model::OperationId>(key[1]);
  callee = Id<model::ServiceId>(key[2]);
  operation = Id<model::OperationId>(key[3]);
}

void RepeatedCalls::Loop::Merge(const Loop& other) {
  loops += other.loops;
  loop_us += other.loop_us;
  kinds |= other.kinds;
  k.Merge(other.k);
  saved_us.Merge(other.saved_us);
  examples.Merge(other.examples);
}

void RepeatedCalls::Loop::Save(std::string& out) const {
  for (const uint64_t count : {loops, loop_us, kinds}) statistics::AppendVarint(out, count);
  k.Save(out);
  saved_us.Save(out);
  examples.Save(out);
}

bool RepeatedCalls::Loop::Load(statistics::StateReader& in) {
  for (uint64_t* count : {&loops, &loop_us, &kinds}) *count = in.Varint();
  examples = {};
  return in.ok() && k.Load(in) && k.count() > 0 && saved_us.Load(in) && examples.Load(in);
}

Pattern RepeatedCalls::Loop::pattern() const {
  if (loops < kTellsVariation) return Pattern::kTooFew;
  const bool same = *k.Quantile(0.05) == *k.Quantile(0.95);
  return same ? Pattern::kFixed : Pattern::kVaries;
}

void RepeatedCalls::Observe(State& state, const graph::CallGraph& graph, const Facts& facts) {
  if (graph.ready_made) {
    state.ready_made += graph.traces();
    return;
  }
  const std::span<const graph::TraceCall> calls = graph.calls;
  if (calls.empty()) return;
  const uint64_t hash = graph.trace.Hash();
  state.traces.Add(hash, 1);
  if (const graph::Interval& entry = calls[0].seen(); entry.known()) {
    state.requests_us.Add(hash, static_cast<uint64_t>(entry.duration_ns) / 1000);
  }
  for (uint32_t i = 0; i < calls.size(); ++i) {
    if (calls[i].subtree_end == i + 1) continue;
    state.invocations.Prefetch(calls[i].callee, calls[i].operation);
  }
  for (uint32_t i = 0; i < calls.size(); ++i) {
    const uint32_t end = calls[i].subtree_end;
    if (end == i + 1) continue;
    ++state.callers;
    state.invocations.Add(calls[i].callee, calls[i].operation);
    if (end - i <= kFewest || !Gather(state, graph, i)) continue;
    bool loops = false;
    for (const State::Group& group : state.groups) {
      if (group.calls < kFewest) continue;
      const Measured measured = Measure(state, group, facts.tick_ns);
      if (measured.order != Order::kOneByOne) {
        ++(measured.order == Order::kOverlapping ? state.overlapping : state.undecided);
        continue;
      }
      loops = true;
      Loop& loop = state.loops[{Index(calls[i].callee), Index(calls[i].operation),
                                static_cast<uint32_t>(group.callee >> 32),
                                static_cast<uint32_t>(group.callee)}];
      ++loop.loops;
      loop.loop_us += measured.time_ns / 1000;
      loop.kinds |= measured.kinds;
      loop.k.Add(group.calls);
      loop.saved_us.Add(hash, measured.saved_ns / 1000);
      loop.examples.Offer(graph.trace, hash);
    }
    state.looping += loops;
  }
}

document::Section RepeatedCalls::Conclude(const State& state, const Facts& facts) {
  const Found found(state);
  document::Section section;
  section
      .AddHeadline("callers_looping", "callers with a loop of calls", Unit::kShare,
                   Share(state.looping, state.callers))
      .key = true;
  section
      .AddHeadline("loops", "different loops of calls", Unit::kCount,
                   static_cast<double>(found.lines.size()))
      .total = true;
  AddSavesHeadlines(section, found.total_us, state.requests_us);
  if (facts.headline_only) return section;
  for (const Line& line : found.lines) {
    if (line.saved_us == 0) break;
    if (!AddFinding(FindingFor(line, state, facts), section.findings)) break;
  }
  if (section.findings.empty()) {
    section.findings.push_back(NothingFound(state, found.lines.size()));
  }
  section.tables.push_back(LoopsTable(found, facts));
  section.computed = fmt::format(
      "Of {} calls that call others, {} call one operation {} times or more, one by one, as their "
      "own clock saw it. Apart: {} groups of calls that overlap, {} whose calls all began within "
      "one tick ({:g} ms), {} calls without a time of the caller's clock{}. Saved: the time of all "
      "calls less the longest, at most (k - 1) x the median.",
      state.callers, state.looping, kFewest, state.overlapping, state.undecided,
      static_cast<double>(facts.tick_ns) / 1e6, state.without_time,
      state.ready_made > 0 ? fmt::format(", {} traces of ready-made graphs", state.ready_made)
                           : "");
  return section;
}

}  // namespace plumbago::analysis
