#include "analysis/retries.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "analysis/percent_text.h"
#include "analysis/row_of.h"
#include "analysis/saving_finding.h"
#include "analysis/seen_by_caller.h"
#include "analysis/share.h"
#include "base/strong_id.h"
#include "statistics/resampling.h"

namespace plumbago::analysis {
namespace {

using document::Unit;
using document::Verdict;

using Calls = Retries::Calls;
using Lost = Retries::Lost;
using State = Retries::State;

bool HasStatus(std::span<const graph::TraceCall> calls) {
  uint8_t any = 0;
  for (const graph::TraceCall& call : calls) any |= static_cast<uint8_t>(call.status);
  return any != static_cast<uint8_t>(model::Status::kUnset);
}

// The calls that one call made, those to one operation together, by start.
void Gather(State& state, const graph::CallGraph& graph, uint32_t caller) {
  const std::span<const graph::TraceCall> calls = graph.calls;
  state.items.clear();
  for (uint32_t child = caller + 1; child < calls[caller].subtree_end;
       child = calls[child].subtree_end) {
    const graph::TraceCall& call = calls[child];
    const graph::Interval& seen = SeenByCaller(graph, call);
    State::Item item;
    item.callee = uint64_t{Index(call.callee)} << 32 | Index(call.operation);
    item.timed = seen.known();
    if (item.timed) {
      item.start = seen.start_ns;
      item.end = seen.end_ns();
    }
    item.order = static_cast<uint32_t>(state.items.size());
    item.failed = call.status == model::Status::kError;
    state.items.push_back(item);
  }
  if (state.items.size() < 2) return;
  std::sort(state.items.begin(), state.items.end(), [](const State::Item& a, const State::Item& b) {
    return std::tuple(a.callee, !a.timed, a.start, a.order) <
           std::tuple(b.callee, !b.timed, b.start, b.order);
  });
}

void CountItems(State& state, const graph::CallGraph& graph, model::ServiceId caller,
                int64_t tick) {
  const std::vector<State::Item>& items = state.items;
  const uint64_t hash = graph.trace.Hash();
  for (size_t begin = 0, end = 0; begin < items.size(); begin = end) {
    while (end < items.size() && items[end].callee == items[begin].callee) ++end;
    const std::array key{Index(caller), static_cast<uint32_t>(items[begin].callee >> 32),
                         static_cast<uint32_t>(items[begin].callee)};
    Calls& calls = state.calls[key];
    calls.calls += end - begin;
    uint64_t attempts = 1;
    for (size_t i = begin; i < end; ++i) {
      const State::Item& item = items[i];
      calls.failed += item.failed;
      state.failed += item.failed;
      const bool again =
          i + 1 < end && item.timed && items[i + 1].timed && items[i + 1].start >= item.end - tick;
      if (again) ++(item.failed ? calls.again_after_failed : calls.again_after_other);
      if (!again || !item.failed) {
        attempts = 1;
        continue;
      }
      Lost& lost = state.lost[key];
      lost.most = std::max(lost.most, ++attempts);
      lost.lost_us.Add(
          hash,
          static_cast<uint64_t>(std::max<int64_t>(0, items[i + 1].start - item.start)) / 1000);
      lost.examples.Offer(graph.trace);
    }
  }
}

struct Line {
  size_t place;  // in the order of names
  Calls calls;
  Lost lost;
  uint64_t lost_us;
};

// A path of services, the amplification of each step multiplied.
struct Storm {
  double product = 1;
  std::vector<model::ServiceId> services;
};

struct Found {
  std::vector<Line> lines;  // edges that retry, those that lost most first
  uint64_t retries = 0, calls = 0;
  uint64_t retried_failed = 0;  // failed calls of edges that retry
  GroupedSums<16> lost_us;
  Storm storm;

  explicit Found(const State& state) {
    std::vector<Lost> lost;
    state.lost.ForEach([&](const Lost& l) { lost.push_back(l); });
    size_t at = 0;
    state.calls.ForEach([&](const Calls& c) {
      calls += c.calls;
      while (at < lost.size() && lost[at].key() < c.key()) ++at;
      if (at == lost.size() || lost[at].key() != c.key() || !c.Retried()) return;
      retries += c.again_after_failed;
      retried_failed += c.failed;
      lost_us.Merge(lost[at].lost_us);
      lines.push_back({lines.size(), c, lost[at], lost[at].lost_us.Total()});
    });
    FindStorm();
    std::sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
      return a.lost_us != b.lost_us ? a.lost_us > b.lost_us : a.place < b.place;
    });
  }

 private:
  // The largest product along a path of edges that retry, no service twice: step by step, the best
  // path to each service is kept.
  void FindStorm() {
    std::map<std::pair<model::ServiceId, model::ServiceId>, std::pair<uint64_t, uint64_t>> edges;
    for (const Line& line : lines) {
      auto& [all, again] = edges[{line.calls.caller, line.calls.callee}];
      all += line.calls.calls;
      again += line.calls.again_after_failed;
    }
    std::map<model::ServiceId, Storm> best;
    for (const auto& [edge, counts] : edges) best[edge.first] = {1, {edge.first}};
    for (size_t step = 1; step < Retries::kDeepest; ++step) {
      std::map<model::ServiceId, Storm> next;
      for (const auto& [edge, counts] : edges) {
        const auto from = best.find(edge.first);
        if (from == best.end()) continue;
        const std::vector<model::ServiceId>& way = from->second.services;
        if (std::find(way.begin(), way.end(), edge.second) != way.end()) continue;
        const double product = from->second.product * static_cast<double>(counts.first) /
                               static_cast<double>(counts.first - counts.second);
        Storm& to = next[edge.second];
        if (!to.services.empty() && to.product >= product) continue;
        to = {product, way};
        to.services.push_back(edge.second);
      }
      for (const auto& [service, one] : next) {
        if (one.product > storm.product) storm = one;
      }
      best = std::move(next);
    }
  }
};

document::Table RetriesTable(const Found& found, const Facts& facts) {
  const model::Names& names = *facts.names;
  document::Table table;
  table.id = "retried_calls";
  table.title = "Edges that make failed calls again";
  table.key = true;
  table.columns = {
      {"caller", "caller", Unit::kNone, "service that calls"},
      {"callee", "callee", Unit::kNone, "service that is called"},
      {"operation", "operation", Unit::kNone, "of the callee"},
      {"calls", "calls", Unit::kCount, "attempts"},
      {"failed", "failed", Unit::kShare, "of the attempts"},
      {"retried", "retried", Unit::kShare, "of the failed ones: the same call followed"},
      {"otherwise", "followed otherwise", Unit::kShare,
       "of the ones that did not fail: the same call followed"},
      {"amplification", "amplification", Unit::kRatio, "attempts per wanted call"},
      {"most", "most attempts", Unit::kCount, "of one wanted call"},
      {"lost", "time lost", Unit::kNanoseconds,
       "from the start of each failed attempt to the start of the next"},
  };
  const size_t rows = std::min(found.lines.size(), facts.table_rows);
  table.more_rows = found.lines.size() - rows;
  for (const Line& line : std::span(found.lines).first(rows)) {
    const Calls& c = line.calls;
    table.rows.push_back(RowOf(NameOf(names.Text(c.caller), ""), NameOf(names.Text(c.callee), ""),
                               names.Text(c.operation), c.calls, Share(c.failed, c.calls),
                               Share(c.again_after_failed, c.failed),
                               Share(c.again_after_other, c.calls - c.failed), c.Amplification(),
                               line.lost.most, line.lost_us * 1000));
  }
  return table;
}

constexpr const char* kMethod =
    "Made again: the next call of the same caller to the same operation began when the failed one "
    "had ended. Counted where that is surely more frequent after failed calls than after others.";
constexpr const char* kSource =
    "\"Site Reliability Engineering\" (2016), chapter 22; \"Metastable Failures in the Wild\", "
    "OSDI'22";

document::Finding FindingFor(const Line& line, const State& state, const Facts& facts) {
  const model::Names& names = *facts.names;
  const Calls& c = line.calls;
  Saving saving;
  saving.id = Retries::kDescription.id;
  saving.claim = fmt::format(
      "{} makes {} of {} failed calls to {} again ({}): {:.2f} attempts per wanted call, {} at "
      "most",
      NameOf(names.Text(c.caller), ""), c.again_after_failed, c.failed,
      NameOf(names.Text(c.callee), names.Text(c.operation)),
      PercentText(Share(c.again_after_failed, c.failed).value_or(0)), c.Amplification(),
      line.lost.most);
  saving.advice =
      "Find out why these calls fail; retry at one layer only, with a budget and a growing pause.";
  saving.assumptions = {
      "the calls would succeed at the first attempt, so all that came before the "
      "last one is lost time"};
  saving.examples = line.lost.examples.Texts();
  saving.evidence = {{"attempts", Unit::kCount, static_cast<int64_t>(c.calls)},
                     {"failed", Unit::kCount, static_cast<int64_t>(c.failed)},
                     {"made again", Unit::kCount, static_cast<int64_t>(c.again_after_failed)},
                     {"amplification", Unit::kRatio, c.Amplification()}};
  saving.method = kMethod;
  saving.source = kSource;
  return FindingOf(std::move(saving), line.lost.lost_us, state.traces);
}

document::Finding NothingFound(const State& state) {
  document::Finding finding;
  finding.id = Retries::kDescription.id;
  finding.claim = "Failed calls are made again";
  finding.method = kMethod;
  finding.source = kSource;
  if (state.with_status == 0) {
    finding.claim = "Whether failed calls are made again cannot be told";
    finding.reason = "no call has a status: this data does not say which calls failed";
  } else if (state.failed == 0) {
    finding.reason = fmt::format("none of {} calls failed", state.with_status);
  } else {
    finding.verdict = Verdict::kContradicted;
    finding.reason = fmt::format(
        "{} of {} calls failed, and on no edge is the same call surely more frequent after a "
        "failed "
        "one than after others",
        state.failed, state.with_status);
  }
  return finding;
}

std::string StormText(const Storm& storm, const model::Names& names) {
  std::string text;
  for (const model::ServiceId service : storm.services) {
    if (!text.empty()) text += " > ";
    text += NameOf(names.Text(service), "");
  }
  return text;
}

}  // namespace

const Description Retries::kDescription = {
    .id = "retries",
    .title = "Retries",
    .question = "Are failed calls made again, and how much traffic does that add?",
    .needs = "trace, parent (path or span), caller, callee, operation, start, duration, status",
    .source = "Site Reliability Engineering (2016), chapter 22; OSDI'22 (metastable failures)",
};

void Retries::Calls::set_key(const std::array<uint32_t, 3>& key) {
  caller = Id<model::ServiceId>(key[0]);
  callee = Id<model::ServiceId>(key[1]);
  operation = Id<model::OperationId>(key[2]);
}

void Retries::Calls::Merge(const Calls& other) {
  calls += other.calls;
  failed += other.failed;
  again_after_failed += other.again_after_failed;
  again_after_other += other.again_after_other;
}

void Retries::Calls::Save(std::string& out) const {
  for (const uint64_t count : {calls, failed, again_after_failed, again_after_other}) {
    statistics::AppendVarint(out, count);
  }
}

bool Retries::Calls::Load(statistics::StateReader& in) {
  for (uint64_t* count : {&calls, &failed, &again_after_failed, &again_after_other}) {
    *count = in.Varint();
  }
  return in.ok() && failed <= calls && again_after_failed <= failed &&
         again_after_other <= calls - failed && again_after_failed < calls;
}

bool Retries::Calls::Retried() const {
  const auto failing = statistics::WilsonInterval(again_after_failed, failed);
  if (!failing) return false;
  const auto others = statistics::WilsonInterval(again_after_other, calls - failed);
  // Where all calls fail there is nothing to compare with; then what follows is taken for a retry.
  return !others ? again_after_failed > 0 : failing->low > others->high;
}

void Retries::Lost::set_key(const std::array<uint32_t, 3>& key) {
  caller = Id<model::ServiceId>(key[0]);
  callee = Id<model::ServiceId>(key[1]);
  operation = Id<model::OperationId>(key[2]);
}

void Retries::Lost::Merge(const Lost& other) {
  most = std::max(most, other.most);
  lost_us.Merge(other.lost_us);
  examples.Merge(other.examples);
}

void Retries::Lost::Save(std::string& out) const {
  statistics::AppendVarint(out, most);
  lost_us.Save(out);
  examples.Save(out);
}

bool Retries::Lost::Load(statistics::StateReader& in) {
  most = in.Varint();
  examples = {};
  return in.ok() && lost_us.Load(in) && examples.Load(in);
}

void Retries::Observe(State& state, const graph::CallGraph& graph, const Facts& facts) {
  if (graph.ready_made) {
    state.ready_made += graph.traces();
    return;
  }
  const std::span<const graph::TraceCall> calls = graph.calls;
  if (calls.empty()) return;
  state.traces.Add(graph.trace.Hash(), 1);
  if (!HasStatus(calls)) {
    state.without_status += calls.size();
    return;
  }
  state.with_status += calls.size();
  for (uint32_t i = 0; i < calls.size(); ++i) {
    if (calls[i].subtree_end == i + 1) continue;
    Gather(state, graph, i);
    CountItems(state, graph, calls[i].callee, facts.tick_ns);
  }
}

document::Section Retries::Conclude(const State& state, const Facts& facts) {
  const Found found(state);
  const bool known = state.with_status > 0;
  document::Section section;
  section
      .AddHeadline("amplification", "attempts per wanted call", Unit::kRatio,
                   known && found.calls > found.retries
                       ? Share(found.calls, found.calls - found.retries)
                       : std::nullopt)
      .key = true;
  section.AddHeadline("failed", "failed calls", Unit::kShare,
                      Share(state.failed, state.with_status));
  section.AddHeadline("retried", "retries per failed call, on edges that retry", Unit::kShare,
                      Share(found.retries, found.retried_failed));
  section.AddHeadline("storm", "amplification along a path, the most", Unit::kRatio,
                      known ? std::optional(found.storm.product) : std::nullopt);
  section
      .AddHeadline(
          "lost", "time lost before the last attempt", Unit::kNanoseconds,
          known ? std::optional(static_cast<double>(found.lost_us.Total()) * 1000) : std::nullopt)
      .total = true;
  if (facts.headline_only) return section;
  for (const Line& line : found.lines) {
    if (!AddFinding(FindingFor(line, state, facts), section.findings)) break;
  }
  if (section.findings.empty()) section.findings.push_back(NothingFound(state));
  if (known) section.tables.push_back(RetriesTable(found, facts));
  section.computed = fmt::format(
      "{} calls are in traces where some call has a status, {} in others, which are left out{}. A "
      "failed call is made again when the next call of the same caller to the same operation began "
      "when it had ended; an edge retries where that is surely more frequent after failed calls "
      "than "
      "after others. Amplification: calls / (calls - retries).{}",
      state.with_status, state.without_status,
      state.ready_made > 0
          ? fmt::format(", as are {} traces of ready-made graphs", state.ready_made)
          : "",
      found.storm.services.size() > 1
          ? fmt::format(" The most along a path: {:.2f}, {}.", found.storm.product,
                        StormText(found.storm, *facts.names))
          : "");
  return section;
}

}  // namespace plumbago::analysis
