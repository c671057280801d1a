#include "analysis/cache_share.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <string>
#include <vector>

#include "analysis/published.h"
#include "analysis/reference_dgg.h"
#include "analysis/row_of.h"
#include "analysis/share.h"
#include "analysis/trace_weight.h"

namespace plumbago::analysis {
namespace {

using document::Unit;
using statistics::BucketedRatio;

using SizeClass = CacheShare::SizeClass;
using State = CacheShare::State;

constexpr double kWhole = static_cast<double>(CacheShare::kWhole);

size_t ClassOf(uint64_t services) {
  return std::min<size_t>(static_cast<size_t>(std::bit_width(services)) - 1,
                          CacheShare::kClasses - 1);
}

std::string ClassName(size_t size_class) {
  const uint64_t first = uint64_t{1} << size_class;
  if (size_class == 0) return "1";
  if (size_class + 1 == CacheShare::kClasses) return fmt::format("{} and more", first);
  return fmt::format("{} to {}", first, 2 * first - 1);
}

std::optional<double> MeanShare(const BucketedRatio& nodes) {
  const std::optional<double> ratio = nodes.Ratio();
  return ratio ? std::optional(*ratio / kWhole) : std::nullopt;
}

SizeClass Sum(const State& state, size_t first) {
  SizeClass sum;
  for (size_t i = first; i < CacheShare::kClasses; ++i) {
    sum.traces += state.classes[i].traces;
    sum.nodes.Merge(state.classes[i].nodes);
    sum.calls.Merge(state.classes[i].calls);
  }
  return sum;
}

void AddHeadlines(document::Section& section, const State& state) {
  const SizeClass all = Sum(state, 0), large = Sum(state, CacheShare::kLarge);
  section.AddHeadline("nodes", "services of a trace that are caches, mean over traces",
                      Unit::kShare, MeanShare(all.nodes));
  section.AddHeadline("nodes_large", "the same, of traces with 32 services or more", Unit::kShare,
                      MeanShare(large.nodes));
  section.AddHeadline("calls_large", "calls to caches, of traces with 32 services or more",
                      Unit::kShare, large.calls.Ratio());
}

document::Table ClassesTable(const State& state) {
  document::Table table;
  table.id = "cache_by_size";
  table.title = "Caches by size of the call graph";
  table.columns = {
      {"services", "services", Unit::kNone, "distinct microservices of the trace, caches included"},
      {"traces", "traces", Unit::kCount, ""},
      {"nodes", "cache services", Unit::kShare,
       "services that are the callee of a cache call in the trace; mean of the traces' shares"},
      {"nodes_low", "low", Unit::kShare, "95 % interval, bootstrap over 64 groups of traces"},
      {"nodes_high", "high", Unit::kShare, "95 % interval"},
      {"calls", "cache calls", Unit::kShare, "of all calls of these traces"},
      {"calls_low", "low", Unit::kShare, "95 % interval, bootstrap over 64 groups of traces"},
      {"calls_high", "high", Unit::kShare, "95 % interval"}};
  for (size_t i = 0; i < CacheShare::kClasses; ++i) {
    const SizeClass& one = state.classes[i];
    if (one.traces == 0) continue;
    const std::optional<statistics::Bounds> nodes = one.nodes.Interval(),
                                            calls = one.calls.Interval();
    const auto end = [](const std::optional<statistics::Bounds>& bounds, bool high, double unit) {
      return bounds ? std::optional((high ? bounds->high : bounds->low) / unit) : std::nullopt;
    };
    table.rows.push_back(RowOf(ClassName(i), one.traces, MeanShare(one.nodes),
                               end(nodes, false, kWhole), end(nodes, true, kWhole),
                               one.calls.Ratio(), end(calls, false, 1), end(calls, true, 1)));
  }
  return table;
}

// Needs a trace with a named service.
document::Figure ClassesFigure(const State& state) {
  document::Figure figure;
  figure.id = "cache_by_size";
  figure.title = "Caches by size of the call graph";
  figure.kind = document::FigureKind::kBars;
  figure.x = {"services", Unit::kNone, false};
  figure.y = {"share that are caches", Unit::kShare, false};
  figure.series = {{"of the services, mean", {}, false}, {"of the calls", {}, false}};
  std::array<std::vector<document::Point>, 2> published;
  for (size_t i = 0; i < CacheShare::kClasses; ++i) {
    const SizeClass& one = state.classes[i];
    if (one.traces == 0) continue;
    const auto at = static_cast<double>(figure.labels.size());
    figure.labels.push_back(ClassName(i));
    figure.series[0].points.push_back({at, MeanShare(one.nodes).value_or(0)});
    if (const auto calls = one.calls.Ratio()) figure.series[1].points.push_back({at, *calls});
    if (i >= DggCacheServices().size()) continue;
    published[0].push_back({at, DggCacheServices()[i]});
    published[1].push_back({at, DggCacheCalls()[i]});
  }
  figure.series.push_back(
      Published(published[0], std::string("of the services, ") + kDggName, kDggSource));
  figure.series.push_back(
      Published(published[1], std::string("of the calls, ") + kDggName, kDggSource));
  return figure;
}

}  // namespace

const Description CacheShare::kDescription = {
    .id = "cache-share",
    .title = "Caches in call graphs",
    .question = "How much of a call graph are caches, and does it grow with the graph?",
    .needs = "trace, callee, kind",
    .source = "SoCC'21 figure 3(b)",
};

void CacheShare::Observe(State& state, const graph::CallGraph& graph, const Facts&) {
  const size_t services = graph.nodes.size();
  const uint64_t times = Times(graph.weight);
  if (services == 0) {
    state.nameless += times;
    return;
  }
  state.is_cache.assign(services, 0);
  uint64_t calls = 0, cache_calls = 0;
  const auto count = [&](uint32_t callee, model::Kind kind, uint64_t made) {
    calls += made;
    if (kind != model::Kind::kCache) return;
    cache_calls += made;
    if (callee != graph::kNone) state.is_cache[callee] = 1;
  };
  for (const graph::TraceCall& call : graph.calls) count(call.callee_node, call.kind, 1);
  if (graph.ready_made) {
    for (const auto edges : {graph.edges, graph.half_edges}) {
      for (const graph::Edge& edge : edges) count(edge.callee, edge.kind, edge.calls);
    }
  }
  int64_t caches = 0;
  for (const uint8_t is_cache : state.is_cache) caches += is_cache;

  SizeClass& size_class = state.classes[ClassOf(services)];
  const uint64_t hash = graph.trace.Hash();
  const auto n = static_cast<int64_t>(services);
  size_class.traces += times;
  size_class.nodes.Add(hash, (caches * kWhole + n / 2) / n * static_cast<int64_t>(times),
                       static_cast<int64_t>(times));
  size_class.calls.Add(hash, static_cast<int64_t>(cache_calls * times),
                       static_cast<int64_t>(calls * times));
}

document::Section CacheShare::Conclude(const State& state, const Facts& facts) {
  document::Section section;
  AddHeadlines(section, state);
  if (facts.headline_only) return section;
  section.tables = {ClassesTable(state)};
  if (!section.tables[0].rows.empty()) section.figures = {ClassesFigure(state)};
  section.computed =
      "A service counts as a cache in a trace where a cache call has it as callee. Traces are put "
      "into classes by their number of distinct services, which double from one to the next; the "
      "mean weighs each trace of a class alike, the share of calls weighs each call.";
  if (state.nameless > 0) {
    section.computed += fmt::format(" {} traces name no service and are left out.", state.nameless);
  }
  return section;
}

}  // namespace plumbago::analysis
