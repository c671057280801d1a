#include "analysis/paradigms.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "analysis/row_of.h"
#include "analysis/share.h"
#include "analysis/trace_weight.h"
#include "base/strong_id.h"

namespace plumbago::analysis {
namespace {

using document::Unit;
using model::Kind;
using model::ServiceId;

using State = Paradigms::State;
using ByKind = std::array<uint64_t, model::kKinds>;

size_t Slot(Kind kind) { return static_cast<size_t>(kind); }

void Add(State& state, ServiceId caller, ServiceId callee, Kind kind, uint64_t times) {
  state.calls[Slot(kind)] += times;
  if (model::IsStateful(kind)) {
    state.roles[callee].stateful = true;
  } else if (caller != model::kNoService && callee != model::kNoService) {
    state.pairs[Slot(kind)].Add(caller, callee, times);
  }
}

// Calls by kind with both ends known and neither stateful.
ByKind BetweenStateless(const State& state) {
  const auto stateful = [&](ServiceId service) { return state.roles.Get(service).stateful; };
  ByKind calls{};
  for (size_t kind = 0; kind < model::kKinds; ++kind) {
    state.pairs[kind].ForEach([&](ServiceId caller, ServiceId callee, uint64_t count) {
      if (!stateful(caller) && !stateful(callee)) calls[kind] += count;
    });
  }
  return calls;
}

// What all that is printed is made of.
struct Totals {
  ByKind stateless;    // calls between stateless services
  uint64_t all = 0;    // calls
  uint64_t known = 0;  // calls between stateless services of a known kind

  explicit Totals(const State& state) : stateless(BetweenStateless(state)) {
    for (size_t kind = 0; kind < model::kKinds; ++kind) {
      all += state.calls[kind];
      if (static_cast<Kind>(kind) != Kind::kUnknown) known += stateless[kind];
    }
  }
};

// The published paradigms first, then what they leave out.
enum Paradigm : uint8_t { kRpcOrHttp, kMessages, kInProcess, kOther };
constexpr size_t kParadigms = 4;
constexpr double kPublished[] = {0.76, 0.23, 0.01};

std::array<std::optional<double>, kParadigms> ParadigmShares(const Totals& totals) {
  const auto share = [&totals](uint64_t calls) { return Share(calls, totals.known); };
  const ByKind& calls = totals.stateless;
  return {share(calls[Slot(Kind::kRpc)] + calls[Slot(Kind::kHttp)]),
          share(calls[Slot(Kind::kMessage)]), share(calls[Slot(Kind::kInternal)]),
          share(calls[Slot(Kind::kOther)])};
}

void AddHeadlines(document::Section& section, const State& state, const Totals& totals) {
  const auto shares = ParadigmShares(totals);
  const auto share = [&section](const char* name, const char* title,
                                std::optional<double> value) -> document::Headline& {
    return section.AddHeadline(name, title, Unit::kShare, value);
  };
  const auto published = [&](const char* name, const char* title,
                             Paradigm paradigm) -> document::Headline& {
    document::Headline& added = share(name, title, shares[paradigm]);
    added.published = kPublished[paradigm];
    return added;
  };
  const auto of_all = [&](Kind kind) { return Share(state.calls[Slot(kind)], totals.all); };
  published("rpc", "calls between stateless services by RPC or HTTP", kRpcOrHttp);
  published("message", "calls between stateless services by messages", kMessages);
  published("internal", "calls between stateless services in the process", kInProcess);
  share("other", "calls between stateless services by home-made middleware", shares[kOther]);
  document::Headline& stateless =
      section.AddHeadline("stateless_calls", "calls between stateless services", Unit::kCount, {});
  if (totals.all > 0) stateless.value = static_cast<double>(totals.known);
  stateless.total = true;
  share("cache", "calls to caches, of all calls", of_all(Kind::kCache)).key = true;
  share("database", "calls to databases, of all calls", of_all(Kind::kDatabase)).key = true;
}

document::Table KindsTable(const State& state, const Totals& totals) {
  document::Table table;
  table.id = "kinds";
  table.title = "Calls by kind";
  table.columns = {{"kind", "kind", Unit::kNone, "how the caller reached the callee"},
                   {"calls", "calls", Unit::kCount, "all calls of the kind"},
                   {"share", "share", Unit::kShare, "of all calls"},
                   {"stateless_calls", "between stateless", Unit::kCount,
                    "both ends known, neither of them a cache or database"},
                   {"stateless_share", "share", Unit::kShare,
                    "of the calls between stateless services of a known kind"}};
  std::vector<Kind> kinds;
  for (size_t kind = 0; kind < model::kKinds; ++kind) {
    if (state.calls[kind] > 0) kinds.push_back(static_cast<Kind>(kind));
  }
  std::stable_sort(kinds.begin(), kinds.end(),
                   [&](Kind a, Kind b) { return state.calls[Slot(a)] > state.calls[Slot(b)]; });
  for (const Kind kind : kinds) {
    const uint64_t calls = state.calls[Slot(kind)], between = totals.stateless[Slot(kind)];
    const bool counted = kind != Kind::kUnknown && !model::IsStateful(kind) && totals.known > 0;
    table.rows.push_back(RowOf(KindName(kind), calls, Share(calls, totals.all), between,
                               counted ? Share(between, totals.known) : std::nullopt));
  }
  return table;
}

// Here and as published. Needs a call between stateless services.
document::Figure ParadigmsFigure(const Totals& totals) {
  document::Figure figure;
  figure.id = "paradigms";
  figure.title = "Calls between stateless services";
  figure.kind = document::FigureKind::kBars;
  figure.x = {"paradigm", Unit::kNone, false};
  figure.y = {"share of calls", Unit::kShare, false};
  figure.key = true;
  figure.labels = {"rpc, http", "message", "in-process", "other"};
  figure.series = {{"here", {}, false}, {"published", {}, true, "SoCC'21, as blogs quote it"}};
  const auto add = [&figure](size_t series, double share) {
    std::vector<document::Point>& points = figure.series[series].points;
    points.push_back({static_cast<double>(points.size()), share});
  };
  for (const std::optional<double> share : ParadigmShares(totals)) add(0, *share);
  for (const double share : kPublished) add(1, share);
  return figure;
}

}  // namespace

const Description Paradigms::kDescription = {
    .id = "paradigms",
    .title = "How services talk",
    .question =
        "Do services talk by RPC, by messages or in the process, and how often do they call caches "
        "and databases?",
    .needs = "caller, callee, kind",
    .source = "SoCC'21 section 3, communication paradigms",
};

void Paradigms::Observe(State& state, const graph::CallGraph& graph, const Facts&) {
  const uint64_t times = Times(graph.weight);
  for (const graph::TraceCall& call : graph.calls)
    Add(state, call.caller, call.callee, call.kind, times);
  if (!graph.calls.empty()) return;
  const auto service = [&graph](uint32_t node) {
    return node == graph::kNone ? model::kNoService : graph.nodes[node].service;
  };
  for (const std::span<const graph::Edge> edges : {graph.edges, graph.half_edges}) {
    for (const graph::Edge& edge : edges) {
      Add(state, service(edge.caller), service(edge.callee), edge.kind, edge.calls * times);
    }
  }
}

document::Section Paradigms::Conclude(const State& state, const Facts&) {
  const Totals totals(state);
  document::Section section;
  AddHeadlines(section, state, totals);
  section.tables = {KindsTable(state, totals)};
  if (totals.known > 0) section.figures = {ParadigmsFigure(totals)};
  section.computed =
      "Between stateless services: caller and callee known, neither ever the callee of a cache or "
      "database call, kind known. Shares are of those calls, home-made middleware (\"other\") "
      "among them; the published ones know three kinds only. Calls of the user and calls with an "
      "unknown end count in the table's first columns, not between stateless services.";
  return section;
}

}  // namespace plumbago::analysis
