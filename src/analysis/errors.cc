#include "analysis/errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "analysis/percent_text.h"
#include "analysis/row_of.h"
#include "analysis/saving_finding.h"
#include "analysis/share.h"
#include "analysis/trace_weight.h"
#include "base/strong_id.h"
#include "statistics/resampling.h"

namespace plumbago::analysis {
namespace {

using document::Unit;
using document::Verdict;
using graph::kNone;

using State = Errors::State;
using Target = Errors::Target;
using Way = Errors::Way;

// Of a call.
enum Mark : uint8_t {
  kFailed = 1,
  kFailedBelow = 2,  // a call that it made failed
  kToEntry = 4,      // it and every call above it failed
};

bool Fails(const graph::TraceCall& call) { return call.status == model::Status::kError; }

// Marks all calls; true if one failed.
bool MarkCalls(std::span<const graph::TraceCall> calls, std::vector<uint8_t>& marks) {
  marks.assign(calls.size(), 0);
  bool any = false;
  for (uint32_t i = 0; i < calls.size(); ++i) {
    if (!Fails(calls[i])) continue;
    any = true;
    const uint32_t parent = calls[i].parent;
    const bool to_entry = parent == kNone || (marks[parent] & kToEntry) != 0;
    marks[i] |= kFailed | (to_entry ? kToEntry : 0);
    if (parent != kNone) marks[parent] |= kFailedBelow;
  }
  return any;
}

uint64_t KeyOf(const graph::TraceCall& call) {
  return uint64_t{Index(call.callee)} << 32 | Index(call.operation);
}

Target& TargetOf(State& state, uint64_t key) {
  return state.targets[{static_cast<uint32_t>(key >> 32), static_cast<uint32_t>(key)}];
}

void CountFailures(State& state, const graph::CallGraph& graph, uint64_t times) {
  const std::span<const graph::TraceCall> calls = graph.calls;
  const std::vector<uint8_t>& marks = state.marks;
  bool entry_failed = false;
  state.reached.clear();
  for (uint32_t i = 0; i < calls.size(); ++i) {
    const graph::TraceCall& call = calls[i];
    if ((marks[i] & kFailed) == 0) continue;
    entry_failed |= call.parent == kNone;
    state.failed += times;
    Target& target = TargetOf(state, KeyOf(call));
    target.failed += times;
    if (call.parent != kNone) {
      Way& way = state.ways[{Index(call.caller), Index(call.callee), Index(call.operation)}];
      way.failed += times;
      way.passed_on += (marks[call.parent] & kFailed) != 0 ? times : 0;
    }
    if ((marks[i] & kFailedBelow) != 0) continue;
    target.origins += times;
    if ((marks[i] & kToEntry) == 0) continue;
    state.depths += times * call.depth;
    state.reaching += times;
    state.reached.push_back(KeyOf(call));
  }
  (entry_failed ? state.failed_requests : state.absorbed_requests) += times;
  if (entry_failed) state.failed_squares += times * times;
  std::sort(state.reached.begin(), state.reached.end());
  state.reached.erase(std::unique(state.reached.begin(), state.reached.end()), state.reached.end());
  for (const uint64_t key : state.reached) {
    Target& target = TargetOf(state, key);
    target.failed_requests += times;
    target.examples.Offer(graph.trace);
  }
}

// Those where errors begin, the most failed requests first; ties as names stand.
std::vector<Target> Origins(const State& state) {
  std::vector<Target> origins;
  state.targets.ForEach([&](const Target& target) {
    if (target.origins > 0) origins.push_back(target);
  });
  std::stable_sort(origins.begin(), origins.end(), [](const Target& a, const Target& b) {
    return std::tuple(b.failed_requests, b.origins) < std::tuple(a.failed_requests, a.origins);
  });
  return origins;
}

document::Table OriginsTable(const std::vector<Target>& origins, const State& state,
                             const Facts& facts) {
  document::Table table;
  table.id = "error_origins";
  table.title = "Where errors begin";
  table.key = true;
  table.columns = {
      {"service", "service", Unit::kNone, "that was called"},
      {"operation", "operation", Unit::kNone, "of it"},
      {"calls", "calls", Unit::kCount, "to it, of spans or in traces with a status"},
      {"failed", "failed", Unit::kShare, "of the calls"},
      {"origins", "begin here", Unit::kCount, "failed calls with no failed one below"},
      {"failed_requests", "requests failed", Unit::kCount,
       "whose entry failed, and all calls between"},
      {"share", "of failed requests", Unit::kShare, "a request may fail for several"},
  };
  const size_t rows = std::min(origins.size(), facts.table_rows);
  table.more_rows = origins.size() - rows;
  const model::Names& names = *facts.names;
  for (const Target& target : std::span(origins).first(rows)) {
    table.rows.push_back(RowOf(NameOf(names.Text(target.service), ""), names.Text(target.operation),
                               target.calls, Share(target.failed, target.calls), target.origins,
                               target.failed_requests,
                               Share(target.failed_requests, state.failed_requests)));
  }
  return table;
}

document::Table WaysTable(const State& state, const Facts& facts) {
  std::vector<Way> ways;
  state.ways.ForEach([&](const Way& way) { ways.push_back(way); });
  std::stable_sort(ways.begin(), ways.end(),
                   [](const Way& a, const Way& b) { return a.failed > b.failed; });
  document::Table table;
  table.id = "error_propagation";
  table.title = "How far errors go";
  table.columns = {
      {"caller", "caller", Unit::kNone, "service that calls"},
      {"callee", "callee", Unit::kNone, "service that is called"},
      {"operation", "operation", Unit::kNone, "of the callee"},
      {"failed", "failed calls", Unit::kCount, "not those of users"},
      {"passed_on", "passed on", Unit::kShare, "the call above failed, too"},
      {"absorbed", "absorbed", Unit::kShare, "the call above did not fail"},
  };
  const size_t rows = std::min(ways.size(), facts.table_rows);
  table.more_rows = ways.size() - rows;
  const model::Names& names = *facts.names;
  for (const Way& way : std::span(ways).first(rows)) {
    table.rows.push_back(RowOf(NameOf(names.Text(way.caller), ""),
                               NameOf(names.Text(way.callee), ""), names.Text(way.operation),
                               way.failed, Share(way.passed_on, way.failed),
                               Share(way.failed - way.passed_on, way.failed)));
  }
  return table;
}

document::Finding FindingOf(const std::vector<Target>& origins, const State& state,
                            const Facts& facts) {
  document::Finding finding;
  finding.id = "error-origins";
  finding.method =
      "An error begins at a failed call that made no failed call; it failed the request where all "
      "calls up to the entry failed.";
  finding.source = "error paths of CRISP, ATC'22";
  finding.claim = "Failed requests have few causes";
  if (state.with_status == 0) {
    finding.claim = "Where errors begin cannot be told";
    finding.reason = "no call has a status: this data does not say which calls failed";
    return finding;
  }
  if (state.failed_requests == 0) {
    finding.reason =
        state.failed == 0
            ? fmt::format("none of {} calls failed", state.calls)
            : fmt::format("{} calls failed, and no request did: all errors were absorbed",
                          state.failed);
    return finding;
  }
  // A request that fails by itself has its entry for an origin, so there is one.
  const Target& first = origins.front();
  const double share =
      static_cast<double>(first.failed_requests) / static_cast<double>(state.failed_requests);
  const model::Names& names = *facts.names;
  const std::string name = NameOf(names.Text(first.service), names.Text(first.operation));
  finding.claim =
      fmt::format("{} of {} failed requests begin to fail at {}, which fails in {} of its calls",
                  PercentText(share), state.failed_requests, name,
                  PercentText(Share(first.failed, first.calls).value_or(0)));
  finding.verdict = Verdict::kSupported;
  document::Effect effect;
  effect.name = "share of failed requests";
  effect.unit = Unit::kShare;
  effect.value = share;
  // Of as many requests as would tell as much without weights (Kish 1965).
  const auto failed = static_cast<double>(state.failed_requests);
  const double effective =
      std::min({EffectiveCount(state.failed_requests, std::max<uint64_t>(state.failed_squares, 1)),
                failed, 1e15});
  const auto tried = static_cast<uint64_t>(std::llround(effective));
  if (const auto bounds = statistics::WilsonInterval(
          static_cast<uint64_t>(std::llround(share * static_cast<double>(tried))), tried)) {
    effect.low = bounds->low;
    effect.high = bounds->high;
    effect.interval = "95 %, Wilson, over requests";
  }
  finding.effect = effect;
  finding.evidence = {
      {"failed requests", Unit::kCount, static_cast<int64_t>(state.failed_requests)},
      {"begin there", Unit::kCount, static_cast<int64_t>(first.failed_requests)},
      {"requests with an error inside that did not fail", Unit::kCount,
       static_cast<int64_t>(state.absorbed_requests)}};
  finding.examples = first.examples.Texts();
  return finding;
}

}  // namespace

const Description Errors::kDescription = {
    .id = "errors",
    .title = "Errors",
    .question = "Where do errors begin, how far do they go, and which of them fail requests?",
    .needs = "trace, parent (path or span), callee, operation, status",
    .source = "CRISP, ATC'22 (error paths)",
};

void Errors::Target::set_key(const std::array<uint32_t, 2>& key) {
  service = Id<model::ServiceId>(key[0]);
  operation = Id<model::OperationId>(key[1]);
}

void Errors::Target::Merge(const Target& other) {
  calls += other.calls;
  failed += other.failed;
  origins += other.origins;
  failed_requests += other.failed_requests;
  examples.Merge(other.examples);
}

void Errors::Target::Save(std::string& out) const {
  for (const uint64_t count : {calls, failed, origins, failed_requests}) {
    statistics::AppendVarint(out, count);
  }
  examples.Save(out);
}

bool Errors::Target::Load(statistics::StateReader& in) {
  for (uint64_t* count : {&calls, &failed, &origins, &failed_requests}) *count = in.Varint();
  examples = {};
  return in.ok() && failed <= calls && origins <= failed && failed_requests <= origins &&
         examples.Load(in);
}

void Errors::Way::set_key(const std::array<uint32_t, 3>& key) {
  caller = Id<model::ServiceId>(key[0]);
  callee = Id<model::ServiceId>(key[1]);
  operation = Id<model::OperationId>(key[2]);
}

void Errors::Way::Merge(const Way& other) {
  failed += other.failed;
  passed_on += other.passed_on;
}

void Errors::Way::Save(std::string& out) const {
  statistics::AppendVarint(out, failed);
  statistics::AppendVarint(out, passed_on);
}

bool Errors::Way::Load(statistics::StateReader& in) {
  failed = in.Varint();
  passed_on = in.Varint();
  return in.ok() && passed_on <= failed;
}

void Errors::Observe(State& state, const graph::CallGraph& graph, const Facts&) {
  if (graph.ready_made) {
    state.ready_made += graph.traces();
    return;
  }
  const std::span<const graph::TraceCall> calls = graph.calls;
  if (calls.empty()) return;
  uint8_t any = 0;
  for (const graph::TraceCall& call : calls) any |= static_cast<uint8_t>(call.status);
  const bool has_status = any != static_cast<uint8_t>(model::Status::kUnset);
  const uint64_t times = Times(graph.weight);
  if (!has_status && graph.spans.empty()) {
    state.without_status += times;
    return;
  }
  state.traces += times;
  if (has_status) state.with_status += times;
  state.calls += times * calls.size();
  state.targets.ForEachOf(
      calls.size(),
      [&](size_t i) { return std::array{Index(calls[i].callee), Index(calls[i].operation)}; },
      [times](size_t, Target& target) { target.calls += times; });
  if (has_status && MarkCalls(calls, state.marks)) CountFailures(state, graph, times);
}

document::Section Errors::Conclude(const State& state, const Facts& facts) {
  const bool known = state.with_status > 0;
  const uint64_t traces = known ? state.traces : 0;
  document::Section section;
  section
      .AddHeadline("requests_failed", "failed requests", Unit::kShare,
                   Share(state.failed_requests, traces))
      .key = true;
  section.AddHeadline("calls_failed", "failed calls", Unit::kShare,
                      Share(state.failed, known ? state.calls : 0));
  section.AddHeadline("requests_absorbed", "requests with an error inside that did not fail",
                      Unit::kShare, Share(state.absorbed_requests, traces));
  section.AddHeadline("origin_depth", "calls from the entry to the origin, mean", Unit::kCount,
                      Share(state.depths, state.reaching));
  if (facts.headline_only) return section;
  const std::vector<Target> origins = Origins(state);
  section.findings.push_back(FindingOf(origins, state, facts));
  if (known && state.failed > 0) {
    section.tables.push_back(OriginsTable(origins, state, facts));
    section.tables.push_back(WaysTable(state, facts));
  }
  section.computed = fmt::format(
      "In {} of {} traces a call has a status; a span without one did not fail{}{}. A failed call "
      "with no "
      "failed call below is where an error begins; it failed the request where all calls up to the "
      "entry failed. A call may fail for a reason of its own while one below fails, too: the place "
      "in the tree is taken for the cause.",
      state.with_status, state.traces,
      state.without_status > 0
          ? fmt::format("; {} traces without span ids and statuses are left out",
                        state.without_status)
          : "",
      state.ready_made > 0
          ? fmt::format(", as are {} traces of ready-made graphs", state.ready_made)
          : "");
  return section;
}

}  // namespace plumbago::analysis
