#include "analysis/scale.h"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/published.h"
#include "analysis/reference_roles.h"
#include "analysis/row_of.h"
#include "analysis/share.h"
#include "analysis/trace_weight.h"
#include "statistics/chao1.h"

namespace plumbago::analysis {
namespace {

using document::Unit;
using model::OperationId;
using model::ServiceId;

using State = Scale::State;

// How many kinds of a thing were seen, how many once and how many twice.
struct Seen {
  uint64_t kinds = 0, once = 0, twice = 0;
  void Add(uint64_t times) {
    kinds += times > 0;
    once += times == 1;
    twice += times == 2;
  }
};

template <class Pairs>
Seen Count(const Pairs& pairs) {
  Seen seen;
  pairs.ForEach([&](auto, auto, uint64_t count) { seen.Add(count); });
  return seen;
}

struct Entry {
  std::string_view service, operation;
  uint64_t traces = 0;
};

// Entries by name, most traces first. One without a service joins the entry of the same operation
// with most traces.
std::vector<Entry> Entries(const State& state, const model::Names& names) {
  std::vector<Entry> entries;
  std::map<std::string_view, uint64_t> without_service;
  state.entries.ForEach([&](ServiceId service, OperationId operation, uint64_t traces) {
    if (service == model::kNoService) {
      without_service[names.Text(operation)] += traces;
    } else {
      entries.push_back({names.Text(service), names.Text(operation), traces});
    }
  });
  const auto before = [](const Entry& a, const Entry& b) {
    if (a.traces != b.traces) return a.traces > b.traces;
    return a.service != b.service ? a.service < b.service : a.operation < b.operation;
  };
  std::sort(entries.begin(), entries.end(), before);
  if (without_service.empty()) return entries;
  for (Entry& entry : entries) {
    const auto found = without_service.find(entry.operation);
    if (found == without_service.end()) continue;
    entry.traces += found->second;
    without_service.erase(found);
  }
  for (const auto& [operation, traces] : without_service)
    entries.push_back({{}, operation, traces});
  std::sort(entries.begin(), entries.end(), before);
  return entries;
}

// The distinct things, and where services stand.
struct Distinct {
  Seen services, operations, edges, entries;
  uint64_t stateful = 0;
  uint64_t entry = 0, middle = 0, leaf = 0;  // services that are one
};

Distinct CountDistinct(const State& state, const std::vector<Entry>& entries) {
  Distinct distinct;
  state.services.ForEach([&](ServiceId, const Scale::Service& service) {
    const uint64_t calls = service.called + service.calling;
    if (calls == 0 && !service.entry) return;
    distinct.services.Add(std::max<uint64_t>(calls, 1));
    distinct.stateful += service.stateful;
    (service.entry ? distinct.entry : service.calling == 0 ? distinct.leaf : distinct.middle) += 1;
  });
  distinct.operations = Count(state.operations);
  distinct.edges = Count(state.edges);
  for (const Entry& entry : entries) distinct.entries.Add(entry.traces);
  return distinct;
}

void AddHeadlines(document::Section& section, const State& state, const Distinct& distinct) {
  const auto total = [&](const char* name, const char* title, uint64_t value) {
    // Of nothing, nothing can be said: 0 would claim that there are none.
    document::Headline& added = section.AddHeadline(
        name, title, Unit::kCount,
        state.traces > 0 ? std::optional<double>(static_cast<double>(value)) : std::nullopt);
    added.key = true;
    added.total = true;
  };
  total("traces", "traces", state.traces);
  total("calls", "calls", state.calls);
  total("services", "services", distinct.services.kinds);
  total("stateful_services", "databases and caches", distinct.stateful);
  total("operations", "operations", distinct.operations.kinds);
  total("edges", "edges (caller and callee)", distinct.edges.kinds);
  total("entries", "entries", distinct.entries.kinds);
}

// What was seen, and how many there may be.
document::Table DistinctTable(const State& state, const Distinct& distinct) {
  document::Table table;
  table.id = "distinct";
  table.title = "What was seen, and what there may be";
  table.columns = {
      {"thing", "thing", Unit::kNone, "what is counted"},
      {"seen", "seen", Unit::kCount, "distinct ones: exact"},
      {"once", "seen once", Unit::kCount, "in one call only (an entry: in one trace)"},
      {"twice", "seen twice", Unit::kCount, "in two calls only (an entry: in two traces)"},
      {"estimate", "Chao1", Unit::kCount, "estimate of how many there are; itself a lower bound"},
      {"low", "low", Unit::kCount, "95 % interval of the estimate"},
      {"high", "high", Unit::kCount, "95 % interval of the estimate"}};
  if (state.traces == 0) return table;
  const auto add = [&table](const char* thing, const Seen& seen) {
    const statistics::Richness richness = statistics::Chao1(seen.kinds, seen.once, seen.twice);
    table.rows.push_back(RowOf(thing, seen.kinds, seen.once, seen.twice, richness.estimate,
                               richness.low, richness.high));
  };
  add("services", distinct.services);
  add("operations", distinct.operations);
  add("edges", distinct.edges);
  add("entries", distinct.entries);
  return table;
}

document::Table RolesTable(const Distinct& distinct) {
  document::Table table;
  table.id = "roles";
  table.title = "Where services stand";
  table.columns = {{"role", "role", Unit::kNone,
                    "entry: a trace begins with it; leaf: never calls; middle: the rest"},
                   {"services", "services", Unit::kCount, "distinct services"},
                   {"share", "share", Unit::kShare, "of all services"}};
  if (distinct.services.kinds == 0) return table;
  for (const auto& [role, count] : {std::pair<const char*, uint64_t>{"entry", distinct.entry},
                                    {"middle", distinct.middle},
                                    {"leaf", distinct.leaf}}) {
    table.rows.push_back(RowOf(role, count, Share(count, distinct.services.kinds)));
  }
  return table;
}

document::Figure RolesFigure(const Distinct& distinct) {
  document::Figure figure;
  figure.id = "roles";
  figure.title = "Where services stand";
  figure.kind = document::FigureKind::kBars;
  figure.y = {"share of services", Unit::kShare, false};
  figure.labels = {"entry", "middle", "leaf"};
  figure.series = {{"services", {}, false}};
  const uint64_t all = distinct.services.kinds;
  for (const uint64_t count : {distinct.entry, distinct.middle, distinct.leaf}) {
    std::vector<document::Point>& points = figure.series[0].points;
    points.push_back({static_cast<double>(points.size()), *Share(count, all)});
  }
  constexpr document::Point kRoles[] = {
      {0, kEntryServices}, {1, kMiddleServices}, {2, kLeafServices}};
  figure.series.push_back(Published(kRoles, "Alibaba 2022", kRolesSource));
  return figure;
}

document::Table EntriesTable(const State& state, const std::vector<Entry>& entries, size_t most) {
  document::Table table;
  table.id = "entries";
  table.title = "Entries with most traces";
  table.columns = {
      {"service", "service", Unit::kNone, "that the trace begins with; empty: not known"},
      {"operation", "operation", Unit::kNone, "its interface, or the online service"},
      {"traces", "traces", Unit::kCount, ""},
      {"share", "share", Unit::kShare, "of all traces"}};
  const size_t rows = std::min(entries.size(), most);
  table.more_rows = entries.size() - rows;
  for (const Entry& entry : std::span(entries).first(rows)) {
    table.rows.push_back(
        RowOf(entry.service, entry.operation, entry.traces, Share(entry.traces, state.traces)));
  }
  return table;
}

}  // namespace

const Description Scale::kDescription = {
    .id = "scale",
    .title = "Scale",
    .question = "How many traces, calls, services, operations and edges are there?",
    .needs = "trace, caller, callee",
    .source = "SoCC'21 sections 1 and 3; Chao1 (T7)",
};

void Scale::Observe(State& state, const graph::CallGraph& graph, const Facts&) {
  const uint64_t times = Times(graph.weight);
  state.traces += times;

  uint32_t last = Index(graph.entry_service);
  for (const graph::Node& node : graph.nodes) {
    state.services.Prefetch(node.service);
    last = std::max(last, Index(node.service));
  }
  Service* const services = state.services.Reserve(last);

  // Without a tree of calls (weighted graphs) the edges tell how many there are.
  uint64_t of_edges = 0;
  for (const graph::Edge& edge : graph.edges) {
    state.edges.Prefetch(graph.nodes[edge.caller].service, graph.nodes[edge.callee].service);
  }
  for (const graph::TraceCall& call : graph.calls) {
    state.operations.Prefetch(call.callee, call.operation);
  }
  for (const graph::Edge& edge : graph.edges) {
    const ServiceId caller = graph.nodes[edge.caller].service,
                    callee = graph.nodes[edge.callee].service;
    const uint64_t calls = edge.calls * times;
    state.edges.Add(caller, callee, calls);
    of_edges += calls;
    services[Index(caller)].calling += calls;
    services[Index(callee)].called += calls;
  }
  for (const graph::Node& node : graph.nodes)
    services[Index(node.service)].stateful |= node.stateful;
  if (graph.calls.empty()) {
    for (const graph::Edge& edge : graph.half_edges) {
      const uint64_t calls = edge.calls * times;
      of_edges += calls;
      if (edge.caller != graph::kNone) {
        services[Index(graph.nodes[edge.caller].service)].calling += calls;
      }
      if (edge.callee != graph::kNone) {
        services[Index(graph.nodes[edge.callee].service)].called += calls;
      }
    }
    state.calls += of_edges;
  } else {
    state.calls += graph.calls.size() * times;
    for (const graph::TraceCall& call : graph.calls) {
      // A call with one end unknown is part of no edge.
      if (call.caller == model::kNoService || call.callee == model::kNoService) {
        services[Index(call.caller)].calling += times;
        services[Index(call.callee)].called += times;
      }
      if (call.callee != model::kNoService && call.operation != model::kNoOperation) {
        state.operations.Add(call.callee, call.operation, times);
      }
    }
  }
  if (graph.entry_service != model::kNoService || graph.entry != model::kNoOperation) {
    // A ready-made graph names the online service whose requests look so; what stands at its top
    // may be called otherwise from graph to graph.
    const bool by_name = graph.ready_made && graph.entry != model::kNoOperation;
    state.entries.Add(by_name ? model::kNoService : graph.entry_service, graph.entry, times);
    services[Index(graph.entry_service)].entry = true;
  }
}

document::Section Scale::Conclude(const State& state, const Facts& facts) {
  std::vector<Entry> entries;
  if (facts.names != nullptr) entries = Entries(state, *facts.names);
  const Distinct distinct = CountDistinct(state, entries);

  document::Section section;
  AddHeadlines(section, state, distinct);
  if (facts.headline_only) return section;
  section.tables.push_back(DistinctTable(state, distinct));
  section.tables.push_back(RolesTable(distinct));
  section.tables.push_back(EntriesTable(state, entries, facts.table_rows));
  if (distinct.services.kinds > 0) section.figures.push_back(RolesFigure(distinct));
  section.computed =
      "Exact counts of distinct names. Operation: a service and an interface of it that is called. "
      "Edge: a caller and a callee, both known. Entry: the service and operation that a trace "
      "begins with (2022: the online service). Stateful: callee of a database or cache call in any "
      "trace. Chao1: how many there are, from how many were seen once and twice. Published, of "
      "seven days of all of Alibaba (not of the released part): more than 20,000 microservices, "
      "3,000 online services, 10 billion traces (SoCC'21).";
  return section;
}

}  // namespace plumbago::analysis
