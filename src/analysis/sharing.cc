#include "analysis/sharing.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "analysis/row_of.h"
#include "analysis/share.h"
#include "analysis/shared_services.h"
#include "analysis/sharing_figures.h"
#include "analysis/single_points_of_failure.h"
#include "analysis/trace_weight.h"

namespace plumbago::analysis {

using document::Unit;

void InstanceRange::Merge(const InstanceRange& other) {
  if (!other.known()) return;
  Add(other.first);
  Add(other.last);
}

void InstanceRange::Save(std::string& out) const {
  statistics::AppendVarint(out, Index(first));
  statistics::AppendVarint(out, Index(last));
}

bool InstanceRange::Load(statistics::StateReader& in, const statistics::IdMaps& maps) {
  const uint64_t low = in.Varint(), high = in.Varint();
  if (!in.ok() || low > high || high > UINT32_MAX || (low == 0) != (high == 0)) return false;
  auto first_id = static_cast<uint32_t>(low), last_id = static_cast<uint32_t>(high);
  if (low > 0 && (!maps.Map(statistics::KeyPart::kInstance, first_id) ||
                  !maps.Map(statistics::KeyPart::kInstance, last_id))) {
    return false;
  }
  first = Id<model::InstanceId>(first_id);
  last = Id<model::InstanceId>(last_id);
  return true;
}

namespace {

void AddHeadlines(document::Section& section, const SharedServices& all) {
  uint64_t by_most_entries = 0, by_half_the_traffic = 0;
  for (const SharedService& one : all.services) {
    const auto entries = Share(one.entries, all.entries), traffic = Share(one.traces, all.traces);
    by_most_entries += entries && *entries > Sharing::kMostEntries;
    by_half_the_traffic += traffic && *traffic > Sharing::kTraffic;
  }
  const auto count = [&section](const char* name, const char* title,
                                uint64_t value) -> document::Headline& {
    return section.AddHeadline(name, title, Unit::kCount, static_cast<double>(value));
  };
  count("entries", "entries that requests ask for", all.entries).total = true;
  section
      .AddHeadline("used_by_most_entries", "services that more than 90 % of the entries use",
                   Unit::kShare,
                   all.entries > 0 ? Share(by_most_entries, all.services.size()) : std::nullopt)
      .published = Sharing::kMostEntriesPublished;
  const bool traffic = all.traces > 0;
  section.AddHeadline(
      "used_by_half", "services that more than half of the traffic uses", Unit::kCount,
      traffic ? std::optional(static_cast<double>(by_half_the_traffic)) : std::nullopt);
  section.AddHeadline("top_10_calls", "calls to the 10 most called services", Unit::kShare,
                      CallsOfTop(all, 10));
  count("callers_most", "callers of the service with most", all.callers.Max().value_or(0)).total =
      true;
}

const char* Role(const SharedService& one) {
  return one.work.entered > 0 ? "entry" : one.work.stateful ? "stateful" : "service";
}

// As many rows as are wanted of `order`.
template <class Row>
void Fill(document::Table& table, const std::vector<uint32_t>& order, const Facts& facts,
          const Row& row) {
  const size_t rows = std::min(order.size(), facts.table_rows);
  table.more_rows = order.size() - rows;
  table.rows.reserve(rows);
  for (size_t i = 0; i < rows; ++i) table.rows.push_back(row(order[i]));
}

document::Table HotSpots(const SharedServices& all, const Facts& facts) {
  document::Table table;
  table.id = "hot_spots";
  table.title = "Hot spots: services that take most calls";
  table.columns = {
      {"service", "service", Unit::kNone, ""},
      {"calls", "calls", Unit::kCount, "calls that it was the callee of"},
      {"calls_share", "of calls", Unit::kShare, "of all calls with a named callee"},
      {"callers", "callers", Unit::kCount, "distinct services that call it, itself included"},
      {"self_total", "own time", Unit::kNanoseconds, "sum, of the calls where it is known"},
      {"self_share", "of own time", Unit::kShare, "of all services' own time"},
      {"self_mean", "own time, mean", Unit::kNanoseconds, "of the calls where it is known"}};
  Fill(table, all.Order([](const SharedService& a, const SharedService& b) {
    return a.work.calls > b.work.calls;
  }),
       facts, [&](uint32_t i) {
         const SharedService& one = all.services[i];
         const bool timed = one.work.self_known > 0;
         const auto time = timed ? std::optional(one.work.self_ns) : std::nullopt;
         const auto share = timed && all.self_ns > 0
                                ? std::optional(static_cast<double>(one.work.self_ns) /
                                                static_cast<double>(all.self_ns))
                                : std::nullopt;
         const auto mean =
             timed ? std::optional(one.work.self_ns / one.work.self_known) : std::nullopt;
         return RowOf(facts.names->Text(one.service), one.work.calls,
                      Share(one.work.calls, all.calls), one.callers, time, share, mean);
       });
  return table;
}

document::Table BlastRadius(const SharedServices& all, const Facts& facts) {
  document::Table table;
  table.id = "blast_radius";
  table.title = "Blast radius: services that most traffic uses";
  table.key = true;
  table.columns = {
      {"service", "service", Unit::kNone, ""},
      {"role", "role", Unit::kNone, "entry: requests enter here; stateful: a cache or database"},
      {"traces", "traces", Unit::kCount, "that use it"},
      {"traffic", "of traffic", Unit::kShare, "of all traces"},
      {"entries", "entries", Unit::kCount, "with a trace that uses it"},
      {"entries_share", "of entries", Unit::kShare, "of all named entries"},
      {"calls_per_trace", "calls a trace", Unit::kRatio, "of the traces that use it"},
      {"instances", "instances", Unit::kNone, "seen: one, or several; empty: not told"},
      {"failed", "failed", Unit::kCount, "calls to it whose status says so"},
      {"survived", "survived", Unit::kCount, "of them, calls whose caller did not fail"}};
  Fill(table, all.Order([](const SharedService& a, const SharedService& b) {
    return a.traces != b.traces ? a.traces > b.traces : a.entries > b.entries;
  }),
       facts, [&](uint32_t i) {
         const SharedService& one = all.services[i];
         const InstanceRange& seen = one.work.instances;
         return RowOf(facts.names->Text(one.service), Role(one), one.traces,
                      Share(one.traces, all.traces), one.entries, Share(one.entries, all.entries),
                      Share(one.work.calls, one.traces),
                      !seen.known() ? ""
                      : seen.one()  ? "one"
                                    : "several",
                      one.work.failed, one.work.survived);
       });
  return table;
}

std::string Computed(const Sharing::State& state, const SharedServices& all) {
  std::string text = fmt::format(
      "A trace uses the services that call or are called in it. {} entries have a name; {} of {} "
      "traces have none and count for traffic only. Calls are those of named callees ({} have "
      "none). Own time is time without the synchronous calls below. Published points are of "
      "methods of another company.",
      all.entries, state.without_entry, state.traces, state.unknown_calls);
  if (state.ready_made > 0) {
    text += fmt::format(
        " {} traces came as ready-made graphs, which tell no times, and whose names may stand for "
        "a role in the graph rather than for one service.",
        state.ready_made);
  }
  return text;
}

}  // namespace

const Description Sharing::kDescription = {
    .id = "sharing",
    .title = "Hot spots and blast radius",
    .question = "Which services does everything use, and what hangs on each?",
    .needs = "trace, caller, callee; entry, start, duration, instance and status where known",
    .source = "SoCC'21 section 4 (hot spots); Google RPC, SOSP'23 (popularity, time against calls)",
};

void Sharing::Observe(State& state, const graph::CallGraph& graph, const Facts&) {
  const uint64_t times = Times(graph.weight);
  state.traces += times;
  if (graph.ready_made) {
    state.ready_made += times;
    state.squared_weights += times;  // so many whole traces
  } else {
    state.squared_weights += times * times;
  }
  state.without_entry += graph.entry == model::kNoOperation ? times : 0;
  uint32_t last = Index(graph.entry_service);
  for (const graph::Node& node : graph.nodes) {
    state.uses.Prefetch(node.service, graph.entry);
    state.work.Prefetch(node.service);
    last = std::max(last, Index(node.service));
  }
  Work* const work = state.work.Reserve(last);
  for (const graph::Edge& edge : graph.edges) {
    state.callers.Prefetch(graph.nodes[edge.callee].service, graph.nodes[edge.caller].service);
  }
  state.uses.Add(model::kNoService, graph.entry, times);
  for (const graph::Node& node : graph.nodes) state.uses.Add(node.service, graph.entry, times);
  for (const graph::Edge& edge : graph.edges) {
    state.callers.Add(graph.nodes[edge.callee].service, graph.nodes[edge.caller].service, times);
  }

  if (graph.entry_service != model::kNoService) {
    work[Index(graph.entry_service)].entered += times;
  }
  for (const graph::TraceCall& call : graph.calls) {
    if (call.callee == model::kNoService) {
      state.unknown_calls += times;
      continue;
    }
    Work& one = work[Index(call.callee)];
    one.calls += times;
    one.stateful |= model::IsStateful(call.kind);
    if (call.self_ns != model::kNoTime) {
      one.self_known += times;
      one.self_ns += static_cast<uint64_t>(call.self_ns) * times;
    }
    if (call.callee_instance != model::kNoInstance) one.instances.Add(call.callee_instance);
    if (call.status == model::Status::kError) [[unlikely]] {
      one.failed += times;
      one.survived +=
          call.parent != graph::kNone && graph.calls[call.parent].status != model::Status::kError
              ? times
              : 0;
    }
  }
  if (!graph.ready_made) return;
  for (const auto edges : {graph.edges, graph.half_edges}) {
    for (const graph::Edge& edge : edges) {
      if (edge.callee == graph::kNone) {
        state.unknown_calls += edge.calls * times;
        continue;
      }
      Work& one = work[Index(graph.nodes[edge.callee].service)];
      one.calls += edge.calls * times;
      one.stateful |= model::IsStateful(edge.kind);
    }
  }
}

document::Section Sharing::Conclude(const State& state, const Facts& facts) {
  const SharedServices all(state);
  document::Section section;
  AddHeadlines(section, all);
  if (facts.headline_only) return section;
  section.findings = {SinglePointsOfFailure(all, facts)};
  section.tables = {HotSpots(all, facts), BlastRadius(all, facts)};
  section.figures = SharingFigures(all);
  section.computed = Computed(state, all);
  return section;
}

}  // namespace plumbago::analysis
