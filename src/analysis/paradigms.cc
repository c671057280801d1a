#include "analysis/paradigms.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "base/strong_id.h"

namespace plumbago::analysis {
namespace {

using document::Cell;
using document::Unit;
using model::Kind;
using model::ServiceId;

using State = Paradigms::State;
using ByKind = std::array<uint64_t, model::kKinds>;

size_t Slot(Kind kind) { return static_cast<size_t>(kind); }
uint64_t Times(double weight) {
  return weight > 1 ? static_cast<uint64_t>(std::llround(weight)) : 1;
}

void Add(State& state, ServiceId caller, ServiceId callee, Kind kind, uint64_t times) {
  state.calls[Slot(kind)] += times;
  if (model::IsStateful(kind)) {
    const uint32_t service = Index(callee);
    if (service >= state.stateful.size())
      state.stateful.resize(std::max<size_t>(service + 1, state.stateful.size() * 2));
    state.stateful[service] = 1;
  } else if (caller != model::kNoService && callee != model::kNoService) {
    state.pairs[Slot(kind)].Add(caller, callee, times);
  }
}

// Calls by kind with both ends known and neither stateful.
ByKind BetweenStateless(const State& state) {
  const auto stateful = [&](ServiceId service) {
    return Index(service) < state.stateful.size() && state.stateful[Index(service)] != 0;
  };
  ByKind calls{};
  for (size_t kind = 0; kind < model::kKinds; ++kind) {
    state.pairs[kind].ForEach<ServiceId, ServiceId>(
        [&](ServiceId caller, ServiceId callee, uint64_t count) {
          if (!stateful(caller) && !stateful(callee)) calls[kind] += count;
        });
  }
  return calls;
}

std::optional<double> Share(uint64_t part, uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
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
  for (const graph::Edge& edge : graph.edges) {
    Add(state, graph.nodes[edge.caller].service, graph.nodes[edge.callee].service, edge.kind,
        edge.calls * times);
  }
}

void Paradigms::Merge(State& into, State&& from) {
  for (size_t kind = 0; kind < model::kKinds; ++kind) {
    into.calls[kind] += from.calls[kind];
    into.pairs[kind].Merge(std::move(from.pairs[kind]));
  }
  if (from.stateful.size() > into.stateful.size()) std::swap(into.stateful, from.stateful);
  for (size_t i = 0; i < from.stateful.size(); ++i) into.stateful[i] |= from.stateful[i];
}

document::Section Paradigms::Conclude(const State& state, const Facts&) {
  const ByKind stateless = BetweenStateless(state);
  uint64_t all = 0, known = 0;
  for (size_t kind = 0; kind < model::kKinds; ++kind) {
    all += state.calls[kind];
    if (static_cast<Kind>(kind) != Kind::kUnknown) known += stateless[kind];
  }
  const uint64_t rpc = stateless[Slot(Kind::kRpc)] + stateless[Slot(Kind::kHttp)];
  const std::optional<double> shares[] = {
      Share(rpc, known), Share(stateless[Slot(Kind::kMessage)], known),
      Share(stateless[Slot(Kind::kInternal)], known), Share(stateless[Slot(Kind::kOther)], known)};
  constexpr double kPublished[] = {0.76, 0.23, 0.01};

  document::Section section;
  const auto headline = [&section](const char* name, const char* title, Unit unit,
                                   std::optional<double> value, bool key,
                                   std::optional<double> published = {}) {
    document::Headline& added = section.AddHeadline(name, title, unit, value);
    added.key = key;
    added.published = published;
  };
  headline("rpc", "calls between stateless services by RPC or HTTP", Unit::kShare, shares[0], true,
           kPublished[0]);
  headline("message", "calls between stateless services by messages", Unit::kShare, shares[1], true,
           kPublished[1]);
  headline("internal", "calls between stateless services in the process", Unit::kShare, shares[2],
           false, kPublished[2]);
  headline("other", "calls between stateless services by home-made middleware", Unit::kShare,
           shares[3], false);
  headline("stateless_calls", "calls between stateless services", Unit::kCount,
           all > 0 ? std::optional<double>(static_cast<double>(known)) : std::nullopt, false);
  section.headline.back().total = true;
  headline("cache", "calls to caches, of all calls", Unit::kShare,
           Share(state.calls[Slot(Kind::kCache)], all), true);
  headline("database", "calls to databases, of all calls", Unit::kShare,
           Share(state.calls[Slot(Kind::kDatabase)], all), true);

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
    const uint64_t calls = state.calls[Slot(kind)], between = stateless[Slot(kind)];
    const bool counted = kind != Kind::kUnknown && !model::IsStateful(kind) && known > 0;
    table.rows.push_back({std::string(KindName(kind)), static_cast<int64_t>(calls),
                          *Share(calls, all), static_cast<int64_t>(between),
                          counted ? Cell(*Share(between, known)) : Cell()});
  }
  section.tables.push_back(std::move(table));

  if (known > 0) {
    document::Figure figure;
    figure.id = "paradigms";
    figure.title = "Calls between stateless services";
    figure.kind = document::FigureKind::kBars;
    figure.x = {"paradigm", Unit::kNone, false};
    figure.y = {"share of calls", Unit::kShare, false};
    figure.key = true;
    figure.labels = {"rpc, http", "message", "in-process", "other"};
    figure.series = {{"here", {}, false}, {"published (SoCC'21)", {}, true}};
    for (size_t i = 0; i < 4; ++i)
      figure.series[0].points.push_back({static_cast<double>(i), *shares[i]});
    for (size_t i = 0; i < 3; ++i)
      figure.series[1].points.push_back({static_cast<double>(i), kPublished[i]});
    section.figures.push_back(std::move(figure));
  }
  section.computed =
      "Between stateless services: caller and callee known, neither ever the callee of a cache or "
      "database call, kind known. "
      "Shares are of those calls, home-made middleware (\"other\") among them; the published ones "
      "know three kinds only. Calls of the user and "
      "calls with an unknown end count in the table's first columns, not between stateless "
      "services.";
  return section;
}

}  // namespace plumbago::analysis
