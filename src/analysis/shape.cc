#include "analysis/shape.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "analysis/at_least.h"
#include "analysis/published.h"
#include "analysis/reference_dgg.h"
#include "analysis/reference_fan_out.h"
#include "analysis/row_of.h"
#include "analysis/share_claim.h"
#include "analysis/trace_weight.h"

namespace plumbago::analysis {
namespace {

using document::Unit;
using graph::kNone;
using statistics::BucketedRatio;
using statistics::CountHistogram;

using State = Shape::State;

constexpr const char* kDegreesSource = "SoCC'21 section 4, figure 5";

// No service with two callers. With at most one caller each, a graph is a tree (or several) unless
// it holds a cycle, and a cycle is entered from outside: by a call whose callee, or known caller,
// is called from inside as well.
bool IsTreeLike(const graph::CallGraph& graph) {
  if (std::any_of(graph.nodes.begin(), graph.nodes.end(),
                  [](const graph::Node& node) { return node.in_degree > 1; })) {
    return false;
  }
  if (graph.calls.empty()) {
    if (graph.nodes.empty()) return true;
    for (const graph::Edge& edge : graph.half_edges) {
      if (edge.callee != kNone && graph.nodes[edge.callee].in_degree > 0) return false;
    }
    return std::any_of(graph.nodes.begin(), graph.nodes.end(),
                       [](const graph::Node& node) { return node.in_degree == 0; });
  }
  for (uint32_t i = 0; i < graph.calls.size(); i = graph.calls[i].subtree_end) {
    const graph::TraceCall& entry = graph.calls[i];
    const uint32_t root = entry.caller_node != kNone ? entry.caller_node : entry.callee_node;
    if (root != kNone && graph.nodes[root].in_degree > 0) return false;
  }
  return true;
}

// Adds what one graph holds to ratios, as often as the graph counts.
struct AddRatio {
  uint64_t hash, times;
  explicit AddRatio(const graph::CallGraph& graph)
      : hash(graph.trace.Hash()), times(Times(graph.weight)) {}
  void operator()(BucketedRatio& ratio, uint64_t part, uint64_t whole) const {
    ratio.Add(hash, static_cast<int64_t>(part * times), static_cast<int64_t>(whole * times));
  }
};

// Writes the tier of each call and service to the state's working memory; returns the depth.
uint32_t FindTiers(State& state, const graph::CallGraph& graph) {
  const std::span<const graph::TraceCall> calls = graph.calls;
  if (state.call_tier.size() < calls.size()) state.call_tier.resize(calls.size());
  state.node_tier.assign(graph.nodes.size(), kNone);
  uint32_t depth = 0;
  for (uint32_t i = 0; i < calls.size(); ++i) {
    const graph::TraceCall& call = calls[i];
    depth = std::max<uint32_t>(depth, call.depth);
    uint32_t tier = 0;
    if (call.parent != kNone) {
      const bool itself =
          call.callee_node != kNone && call.callee_node == calls[call.parent].callee_node;
      tier = state.call_tier[call.parent] + !itself;
    }
    state.call_tier[i] = tier;
    if (call.callee_node != kNone) {
      uint32_t& nearest = state.node_tier[call.callee_node];
      nearest = std::min(nearest, tier);
    }
  }
  return depth;
}

// The tiers of a ready-made graph's services are their depths (graph/whole_graph_builder.h). The
// trace is at least as deep as it has tiers below the entry: how often a path comes back to a
// service is not told.
uint32_t TakeTiers(State& state, const graph::CallGraph& graph) {
  state.node_tier.clear();
  uint32_t depth = 0;
  for (const graph::Node& node : graph.nodes) {
    state.node_tier.push_back(node.depth);
    depth = std::max<uint32_t>(depth, node.depth);
  }
  return depth;
}

// Depth and width.
void ObserveTiers(State& state, const graph::CallGraph& graph, const AddRatio& add) {
  const uint32_t depth = graph.ready_made ? TakeTiers(state, graph) : FindTiers(state, graph);
  state.depth.Add(depth, add.times);
  state.services_of_tier.assign(depth + 1, 0);
  for (const uint32_t tier : state.node_tier) {
    if (tier != kNone) ++state.services_of_tier[tier];
  }
  uint64_t tiers = 0, single = 0;
  uint32_t widest = 0;
  for (const uint32_t services : state.services_of_tier) {
    if (services == 0) continue;
    ++tiers;
    single += services == 1;
    widest = std::max(widest, services);
    state.tier_width.Add(services, add.times);
  }
  state.tiers.Add(tiers, add.times);
  state.width.Add(widest, add.times);
  add(state.single_tier, single, tiers);
}

void ObserveDegrees(State& state, const graph::CallGraph& graph, const AddRatio& add) {
  uint64_t called = 0, one_caller = 0, stateless = 0, fan_out = 0;
  uint32_t widest = 0;
  for (const graph::Node& node : graph.nodes) {
    if (node.in_degree > 0) {
      ++called;
      one_caller += node.in_degree == 1;
      state.in_degree.Add(node.in_degree, add.times);
    }
    widest = std::max(widest, node.out_degree);
    if (!node.stateful) {
      ++stateless;
      fan_out += node.out_degree >= Shape::kFanOut;
      state.out_degree.Add(node.out_degree, add.times);
    }
  }
  state.widest_fan_out.Add(widest, add.times);
  add(state.one_caller, one_caller, called);
  add(state.fan_out, fan_out, stateless);
  add(state.tree_like, IsTreeLike(graph), 1);
}

document::Figure Tail(const char* id, const char* title, const char* axis, const char* of) {
  document::Figure figure;
  figure.id = id;
  figure.title = title;
  figure.kind = document::FigureKind::kCcdf;
  figure.x = {axis, Unit::kCount, true};
  figure.y = {of, Unit::kShare, true};
  return figure;
}

// Bars for 0 (or 1) to 9 and one for the rest.
document::Figure Bars(const char* id, const char* title, const char* axis,
                      const CountHistogram& histogram, uint64_t first) {
  constexpr uint64_t kRest = 10;
  document::Figure figure;
  figure.id = id;
  figure.title = title;
  figure.kind = document::FigureKind::kBars;
  figure.x = {axis, Unit::kCount, false};
  figure.y = {"share of traces", Unit::kShare, false};
  const auto all = static_cast<double>(histogram.Count());
  std::vector<uint64_t> counts(kRest + 1 - first);
  for (const CountHistogram::Bin& bin : histogram.Bins()) {
    if (bin.value >= first) counts[std::min(bin.value, kRest) - first] += bin.count;
  }
  while (counts.size() > 1 && counts.back() == 0) counts.pop_back();
  document::Series& series = figure.series.emplace_back();
  series.name = "traces";
  for (size_t i = 0; i < counts.size(); ++i) {
    const uint64_t value = first + i;
    figure.labels.push_back(value < kRest ? fmt::format("{}", value) : fmt::format("{}+", value));
    series.points.push_back({static_cast<double>(i), static_cast<double>(counts[i]) / all});
  }
  return figure;
}

void AddRow(document::Table& table, const char* name, const CountHistogram& histogram) {
  const auto at = [&histogram](double q) { return histogram.Quantile(q); };
  table.rows.push_back(
      RowOf(name, histogram.Count(), histogram.Mean(), at(0.5), at(0.9), at(0.99), at(1)));
}

void AddHeadlines(document::Section& section, const State& state) {
  const auto count = [&section](const char* name, const char* title,
                                const CountHistogram& of) -> document::Headline& {
    return section.AddHeadline(name, title, Unit::kCount, of.Mean());
  };
  const auto share = [&section](const char* name, const char* title,
                                const BucketedRatio& of) -> document::Headline& {
    return section.AddHeadline(name, title, Unit::kShare, of.Ratio());
  };
  count("depth_mean", "depth in calls, mean", state.depth).key = true;
  count("tiers_mean", "tiers of services, mean", state.tiers);
  count("width_mean", "services on the widest tier, mean", state.width).key = true;
  share("single_service_tiers", "tiers with one service", state.single_tier);
  share("one_caller", "called services with one caller", state.one_caller).key = true;
  share("fan_out_5", "stateless, with 5 callees or more", state.fan_out).key = true;
  share("tree_like", "tree-like traces", state.tree_like).key = true;
}

document::Finding ServicesHaveOneCaller(const State& state) {
  return Decide({.id = "services-have-one-caller",
                 .whole = "of the called services of a call graph",
                 .verb = "have one caller",
                 .sentence = "Call graphs branch but seldom join",
                 .otherwise = "Call graphs join as often as not",
                 .border = 0.5,
                 .source = kDegreesSource,
                 .published = "most services have in-degree 1"},
                state.one_caller);
}

document::Finding FanOutHeavyTail(const State& state) {
  return Decide(
      {.id = "fan-out-heavy-tail",
       .whole = "of the stateless services of a call graph",
       .verb = "call 5 services or more",
       .sentence = "Some services fan out widely",
       .otherwise = "Few services fan out widely",
       .border = 0.1,
       .source = kDegreesSource,
       .published = "more than 10 % of stateless services have an out-degree of 5 or more"},
      state.fan_out);
}

document::Table ShapeTable(const State& state) {
  document::Table table;
  table.id = "shape";
  table.title = "Shape of call graphs";
  table.columns = {{"measure", "measure", Unit::kNone, "what is counted"},
                   {"count", "of", Unit::kCount, "how many traces, tiers or services in traces"},
                   {"mean", "mean", Unit::kNone, ""},
                   {"p50", "p50", Unit::kNone, ""},
                   {"p90", "p90", Unit::kNone, ""},
                   {"p99", "p99", Unit::kNone, ""},
                   {"max", "max", Unit::kNone, ""}};
  AddRow(table, "depth of a trace, in calls", state.depth);
  AddRow(table, "tiers of a trace", state.tiers);
  AddRow(table, "width of a trace", state.width);
  AddRow(table, "width of a tier", state.tier_width);
  AddRow(table, "in-degree of a called service", state.in_degree);
  AddRow(table, "out-degree of a stateless service", state.out_degree);
  AddRow(table, "largest out-degree of a trace", state.widest_fan_out);
  return table;
}

document::Figure SizesFigure(const State& state) {
  document::Figure figure =
      Tail("depth_tail", "Traces at least so deep or wide", "depth or width", "share of traces");
  figure.series = {AtLeast("depth, in calls", state.depth, 0), AtLeast("tiers", state.tiers, 0),
                   AtLeast("width", state.width, 0),
                   Published(DggDepth(), std::string("depth, ") + kDggName, kDggSource)};
  return figure;
}

document::Figure DegreesFigure(const State& state) {
  document::Figure figure =
      Tail("degree_tail", "Services of a call graph with at least so many callers or callees",
           "degree", "share of services");
  if (state.in_degree.Count() > 0)
    figure.series.push_back(AtLeast("in-degree, called services", state.in_degree, 0));
  figure.series.push_back(AtLeast("out-degree, stateless services", state.out_degree, 0));
  figure.series.push_back(
      Published(DggInDegree(), std::string("in-degree, ") + kDggName, kDggSource));
  figure.series.push_back(
      Published(DggOutDegree(), std::string("out-degree, ") + kDggName, kDggSource));
  figure.series.push_back(
      Published(ErmsChildren(), "children of a stateless node, Alibaba", kErmsSource));
  return figure;
}

}  // namespace

const Description Shape::kDescription = {
    .id = "shape",
    .title = "Shape of call graphs",
    .question =
        "How deep and wide is a request, and how many callers and callees has a service in it?",
    .needs = "trace, parent (path or span), caller, callee, kind",
    .source = "SoCC'21 section 4, figures 4 and 5",
};

void Shape::Observe(State& state, const graph::CallGraph& graph, const Facts&) {
  const AddRatio add(graph);
  state.traces += add.times;
  if (graph.calls.empty()) state.without_tree += add.times;
  if (graph.ready_made || !graph.calls.empty()) ObserveTiers(state, graph, add);
  ObserveDegrees(state, graph, add);
}

document::Section Shape::Conclude(const State& state, const Facts&) {
  document::Section section;
  AddHeadlines(section, state);
  section.findings = {ServicesHaveOneCaller(state), FanOutHeavyTail(state)};
  section.tables = {ShapeTable(state)};
  if (state.depth.Count() > 0) {
    section.figures.push_back(Bars("depth", "Depth of a trace, in calls", "depth", state.depth, 0));
    section.figures.back().key = true;
    section.figures.push_back(
        Bars("width", "Services on the widest tier of a trace", "services", state.width, 1));
    section.figures.push_back(SizesFigure(state));
  }
  if (state.out_degree.Count() > 0) section.figures.push_back(DegreesFigure(state));
  section.computed =
      "Depth: calls below the entry on the longest path. Tier of a service: services on the path "
      "to its nearest call, a service that calls itself counted once; callers outside the trace "
      "stand on none. Degrees: distinct services of the same trace; a service that appears in "
      "several traces counts in each. A trace is tree-like when no service has two callers, the "
      "outside counted as one.";
  if (state.without_tree > 0) {
    section.computed += fmt::format(
        " {} of {} traces came as graphs without a tree of calls: a ready-made graph's depth is "
        "that of its tiers, a service's tier the shortest way to it.",
        state.without_tree, state.traces);
  }
  return section;
}

}  // namespace plumbago::analysis
