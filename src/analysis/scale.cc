#include "analysis/scale.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "statistics/chao1.h"

namespace plumbago::analysis {
namespace {

using document::Cell;
using document::Unit;
using model::OperationId;
using model::ServiceId;

using State = Scale::State;

uint64_t Times(double weight) {
  return weight > 1 ? static_cast<uint64_t>(std::llround(weight)) : 1;
}

// How many kinds of a thing were seen, how many once and how many twice.
struct Seen {
  uint64_t kinds = 0, once = 0, twice = 0;
  void Add(uint64_t times) {
    kinds += times > 0;
    once += times == 1;
    twice += times == 2;
  }
};

Seen Count(const PairCounts& pairs) {
  Seen seen;
  pairs.ForEach<ServiceId, ServiceId>(
      [&](ServiceId, ServiceId, uint64_t count) { seen.Add(count); });
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
  state.entries.ForEach<ServiceId, OperationId>(
      [&](ServiceId service, OperationId operation, uint64_t traces) {
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
  for (const graph::Node& node : graph.nodes) last = std::max(last, Index(node.service));
  if (last >= state.services.size())
    state.services.resize(std::max<size_t>(last + 1, state.services.size() * 2));
  Service* const services = state.services.data();

  // Without a tree of calls (weighted graphs) the edges tell how many there are.
  uint64_t of_edges = 0;
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
    state.entries.Add(graph.entry_service, graph.entry, times);
    services[Index(graph.entry_service)].entry = true;
  }
}

void Scale::Merge(State& into, State&& from) {
  into.traces += from.traces;
  into.calls += from.calls;
  if (from.services.size() > into.services.size()) std::swap(into.services, from.services);
  for (size_t i = 0; i < from.services.size(); ++i) {
    into.services[i].called += from.services[i].called;
    into.services[i].calling += from.services[i].calling;
    into.services[i].entry |= from.services[i].entry;
    into.services[i].stateful |= from.services[i].stateful;
  }
  into.edges.Merge(std::move(from.edges));
  into.operations.Merge(std::move(from.operations));
  into.entries.Merge(std::move(from.entries));
}

document::Section Scale::Conclude(const State& state, const Facts& facts) {
  Seen services;
  uint64_t stateful = 0, entry = 0, leaf = 0, middle = 0;
  for (size_t i = 1; i < state.services.size(); ++i) {  // 0: no name
    const Service& service = state.services[i];
    const uint64_t calls = service.called + service.calling;
    if (calls == 0 && !service.entry) continue;
    services.Add(std::max<uint64_t>(calls, 1));
    stateful += service.stateful;
    (service.entry ? entry : service.calling == 0 ? leaf : middle) += 1;
  }
  const Seen operations = Count(state.operations), edges = Count(state.edges);
  Seen entries;
  std::vector<Entry> by_traces;
  if (facts.names != nullptr) by_traces = Entries(state, *facts.names);
  for (const Entry& e : by_traces) entries.Add(e.traces);

  document::Section section;
  const auto headline = [&](const char* name, const char* title, std::optional<double> value,
                            bool key, bool total = true, Unit unit = Unit::kCount) {
    document::Headline& added = section.AddHeadline(name, title, unit, value);
    added.key = key;
    added.total = total;
  };
  // Of nothing, nothing can be said: 0 would claim that there are none.
  const auto number = [&](uint64_t value) {
    return state.traces > 0 ? std::optional<double>(static_cast<double>(value)) : std::nullopt;
  };
  const auto a_trace = [&](uint64_t value) {
    return state.traces > 0 ? std::optional<double>(static_cast<double>(value) /
                                                    static_cast<double>(state.traces))
                            : std::nullopt;
  };
  headline("traces", "traces", number(state.traces), true);
  headline("calls", "calls", number(state.calls), true);
  headline("calls_per_trace_mean", "calls of a trace, mean", a_trace(state.calls), false, false);
  headline("services", "services", number(services.kinds), true);
  headline("stateful_services", "databases and caches", number(stateful), true);
  headline("operations", "operations", number(operations.kinds), true);
  headline("edges", "edges (caller and callee)", number(edges.kinds), true);
  headline("entries", "entries", number(entries.kinds), true);
  if (facts.headline_only) return section;

  document::Table distinct;
  distinct.id = "distinct";
  distinct.title = "What was seen, and what there may be";
  distinct.columns = {
      {"thing", "thing", Unit::kNone, "what is counted"},
      {"seen", "seen", Unit::kCount, "distinct ones: exact"},
      {"once", "seen once", Unit::kCount, "in one call only (an entry: in one trace)"},
      {"twice", "seen twice", Unit::kCount, "in two calls only (an entry: in two traces)"},
      {"estimate", "Chao1", Unit::kCount, "estimate of how many there are; itself a lower bound"},
      {"low", "low", Unit::kCount, "95 % interval of the estimate"},
      {"high", "high", Unit::kCount, "95 % interval of the estimate"}};
  const auto add = [&distinct](const char* thing, const Seen& seen) {
    const statistics::Richness richness = statistics::Chao1(seen.kinds, seen.once, seen.twice);
    distinct.rows.push_back({std::string(thing), static_cast<int64_t>(seen.kinds),
                             static_cast<int64_t>(seen.once), static_cast<int64_t>(seen.twice),
                             richness.estimate, richness.low, richness.high});
  };
  if (state.traces > 0) {
    add("services", services);
    add("operations", operations);
    add("edges", edges);
    add("entries", entries);
  }
  section.tables.push_back(std::move(distinct));

  document::Table roles;
  roles.id = "roles";
  roles.title = "Where services stand";
  roles.columns = {{"role", "role", Unit::kNone,
                    "entry: a trace begins with it; leaf: never calls; middle: the rest"},
                   {"services", "services", Unit::kCount, "distinct services"},
                   {"share", "share", Unit::kShare, "of all services"}};
  for (const auto& [role, count] :
       {std::pair<const char*, uint64_t>{"entry", entry}, {"middle", middle}, {"leaf", leaf}}) {
    if (services.kinds == 0) break;
    roles.rows.push_back({std::string(role), static_cast<int64_t>(count),
                          static_cast<double>(count) / static_cast<double>(services.kinds)});
  }
  section.tables.push_back(std::move(roles));

  document::Table table;
  table.id = "entries";
  table.title = "Entries with most traces";
  table.columns = {
      {"service", "service", Unit::kNone, "that the trace begins with; empty: not known"},
      {"operation", "operation", Unit::kNone, "its interface, or the online service"},
      {"traces", "traces", Unit::kCount, ""},
      {"share", "share", Unit::kShare, "of all traces"}};
  for (const Entry& e : by_traces) {
    table.rows.push_back({std::string(e.service), std::string(e.operation),
                          static_cast<int64_t>(e.traces),
                          static_cast<double>(e.traces) / static_cast<double>(state.traces)});
  }
  section.tables.push_back(std::move(table));

  section.computed =
      "Exact counts of distinct names. Operation: a service and an interface of it that is called. "
      "Edge: a caller and a callee, "
      "both known. Entry: the service and operation that a trace begins with (2022: the online "
      "service). Stateful: callee of a "
      "database or cache call in any trace. Chao1: how many there are, from how many were seen "
      "once and twice. Published, of "
      "seven days of all of Alibaba (not of the released part): more than 20,000 microservices, "
      "3,000 online services, 10 billion "
      "traces (SoCC'21).";
  return section;
}

}  // namespace plumbago::analysis
