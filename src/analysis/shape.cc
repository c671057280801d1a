#include "analysis/shape.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

namespace plumbago::analysis {
namespace {

using document::Cell;
using document::Unit;
using graph::kNone;
using statistics::BucketedRatio;
using statistics::CountHistogram;

using State = Shape::State;

uint64_t Times(double weight) {
  return weight > 1 ? static_cast<uint64_t>(std::llround(weight)) : 1;
}

// No service with two callers. With at most one caller each, a graph is a tree (or several) unless
// it holds a cycle, and a cycle is entered from outside: by a call whose callee, or known caller,
// is called from inside as well.
bool IsTreeLike(const graph::CallGraph& graph) {
  if (std::any_of(graph.nodes.begin(), graph.nodes.end(),
                  [](const graph::Node& node) { return node.in_degree > 1; })) {
    return false;
  }
  if (graph.calls.empty()) {
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

// Share of the observations that are at least x, at each x that occurs; thinned to steps of 2 %
// where there are many.
document::Series AtLeast(const char* name, const CountHistogram& histogram) {
  document::Series series;
  series.name = name;
  const std::vector<CountHistogram::Bin> bins = histogram.Bins();
  const auto all = static_cast<double>(histogram.Count());
  uint64_t below = 0;
  double last = 0;
  for (const CountHistogram::Bin& bin : bins) {
    const auto x = static_cast<double>(bin.value);
    if (series.points.empty() || x >= last * 1.02 || &bin == &bins.back()) {
      series.points.push_back({x, (all - static_cast<double>(below)) / all});
      last = x;
    }
    below += bin.count;
  }
  return series;
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
  figure.key = true;
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
  const auto at = [&histogram](double q) {
    const std::optional<uint64_t> value = histogram.Quantile(q);
    return value ? Cell(static_cast<int64_t>(*value)) : Cell();
  };
  const std::optional<double> mean = histogram.Mean();
  table.rows.push_back({std::string(name), static_cast<int64_t>(histogram.Count()),
                        mean ? Cell(*mean) : Cell(), at(0.5), at(0.9), at(0.99), at(1)});
}

struct Claim {
  const char* id;
  const char* whole;      // "of the services of a call graph"
  const char* verb;       // "have one caller"
  const char* sentence;   // "Call graphs branch but seldom join"
  const char* otherwise;  // "Call graphs often join"
  double border;          // more than this share
  const char* published;
};

document::Finding Decide(const Claim& claim, const BucketedRatio& ratio) {
  document::Finding finding;
  finding.id = claim.id;
  const std::optional<double> share = ratio.Ratio();
  const std::optional<statistics::Bounds> bounds = ratio.Interval();
  if (!share) {
    finding.reason = "nothing to count";
  } else if (!bounds) {
    finding.reason = "too few traces for an interval";
  } else if (bounds->low > claim.border) {
    finding.verdict = document::Verdict::kSupported;
  } else if (bounds->high <= claim.border) {
    finding.verdict = document::Verdict::kContradicted;
  } else {
    finding.reason = fmt::format("the interval holds the border, {:.0f} %", claim.border * 100);
  }
  if (finding.verdict == document::Verdict::kSupported)
    finding.claim = fmt::format("{}: ", claim.sentence);
  if (finding.verdict == document::Verdict::kContradicted)
    finding.claim = fmt::format("{}: ", claim.otherwise);
  finding.claim += share ? fmt::format("{:.1f} % {} {}", *share * 100, claim.whole, claim.verb)
                         : std::string(claim.sentence);
  finding.evidence = {{claim.verb, Unit::kCount, ratio.numerator()},
                      {claim.whole, Unit::kCount, ratio.denominator()}};
  finding.effect.name = fmt::format("share {}", claim.whole);
  finding.effect.unit = Unit::kShare;
  finding.effect.value = share;
  if (bounds) {
    finding.effect.low = bounds->low;
    finding.effect.high = bounds->high;
    finding.effect.interval = "95 %, bootstrap over 64 groups of traces";
  }
  finding.method = fmt::format(
      "Supported above {:.0f} % (lower end of the interval), contradicted at or below it (upper "
      "end).",
      claim.border * 100);
  finding.source = "SoCC'21 section 4, figure 5";
  finding.published = claim.published;
  finding.rank = 0;
  return finding;
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
  const uint64_t times = Times(graph.weight);
  const uint64_t hash = graph.trace.Hash();
  const auto add = [hash, times](BucketedRatio& ratio, uint64_t part, uint64_t whole) {
    ratio.Add(hash, static_cast<int64_t>(part * times), static_cast<int64_t>(whole * times));
  };
  state.traces += times;

  const std::span<const graph::TraceCall> calls = graph.calls;
  if (calls.empty()) {
    state.without_tree += times;
  } else {
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
    state.depth.Add(depth, times);

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
      state.tier_width.Add(services, times);
    }
    state.tiers.Add(tiers, times);
    state.width.Add(widest, times);
    add(state.single_tier, single, tiers);
  }

  uint64_t called = 0, one_caller = 0, stateless = 0, fan_out = 0;
  for (const graph::Node& node : graph.nodes) {
    if (node.in_degree > 0) {
      ++called;
      one_caller += node.in_degree == 1;
      state.in_degree.Add(node.in_degree, times);
    }
    if (!node.stateful) {
      ++stateless;
      fan_out += node.out_degree >= kFanOut;
      state.out_degree.Add(node.out_degree, times);
    }
  }
  add(state.one_caller, one_caller, called);
  add(state.fan_out, fan_out, stateless);
  add(state.tree_like, IsTreeLike(graph), 1);
}

void Shape::Merge(State& into, State&& from) {
  into.depth.Merge(from.depth);
  into.tiers.Merge(from.tiers);
  into.width.Merge(from.width);
  into.tier_width.Merge(from.tier_width);
  into.in_degree.Merge(from.in_degree);
  into.out_degree.Merge(from.out_degree);
  into.tree_like.Merge(from.tree_like);
  into.one_caller.Merge(from.one_caller);
  into.single_tier.Merge(from.single_tier);
  into.fan_out.Merge(from.fan_out);
  into.traces += from.traces;
  into.without_tree += from.without_tree;
}

document::Section Shape::Conclude(const State& state, const Facts&) {
  document::Section section;
  const auto headline = [&section](const char* name, const char* title, Unit unit,
                                   std::optional<double> value, bool key) {
    document::Headline& added = section.AddHeadline(name, title, unit, value);
    added.key = key;
  };
  headline("depth_mean", "depth in calls, mean", Unit::kCount, state.depth.Mean(), true);
  headline("tiers_mean", "tiers of services, mean", Unit::kCount, state.tiers.Mean(), false);
  headline("width_mean", "services on the widest tier, mean", Unit::kCount, state.width.Mean(),
           true);
  headline("single_service_tiers", "tiers with one service", Unit::kShare,
           state.single_tier.Ratio(), false);
  headline("one_caller", "called services with one caller", Unit::kShare, state.one_caller.Ratio(),
           true);
  headline("fan_out_5", "stateless, with 5 callees or more", Unit::kShare, state.fan_out.Ratio(),
           true);
  headline("tree_like", "tree-like traces", Unit::kShare, state.tree_like.Ratio(), true);

  section.findings = {
      Decide({"services-have-one-caller", "of the called services of a call graph",
              "have one caller", "Call graphs branch but seldom join",
              "Call graphs join as often as not", 0.5, "most services have in-degree 1"},
             state.one_caller),
      Decide(
          {"fan-out-heavy-tail", "of the stateless services of a call graph",
           "call 5 services or more", "Some services fan out widely", "Few services fan out widely",
           0.1, "more than 10 % of stateless services have an out-degree of 5 or more"},
          state.fan_out)};

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
  section.tables.push_back(std::move(table));

  if (state.depth.Count() > 0) {
    section.figures.push_back(Bars("depth", "Depth of a trace, in calls", "depth", state.depth, 0));
    section.figures.push_back(
        Bars("width", "Services on the widest tier of a trace", "services", state.width, 1));
    document::Figure sizes =
        Tail("depth_tail", "Traces at least so deep or wide", "depth or width", "share of traces");
    sizes.series = {AtLeast("depth, in calls", state.depth), AtLeast("tiers", state.tiers),
                    AtLeast("width", state.width)};
    section.figures.push_back(std::move(sizes));
  }
  if (state.out_degree.Count() > 0) {
    document::Figure degrees =
        Tail("degree_tail", "Services of a call graph with at least so many callers or callees",
             "degree", "share of services");
    if (state.in_degree.Count() > 0)
      degrees.series.push_back(AtLeast("in-degree, called services", state.in_degree));
    degrees.series.push_back(AtLeast("out-degree, stateless services", state.out_degree));
    section.figures.push_back(std::move(degrees));
  }

  section.computed =
      "Depth: calls below the entry on the longest path. Tier of a service: services on the path "
      "to its nearest call, a "
      "service that calls itself counted once; callers outside the trace stand on none. Degrees: "
      "distinct services of the same trace; a "
      "service that appears in several traces counts in each. A trace is tree-like when no service "
      "has two callers, the outside "
      "counted as one.";
  if (state.without_tree > 0) {
    section.computed += fmt::format(" {} of {} graphs have no tree of calls: degrees only.",
                                    state.without_tree, state.traces);
  }
  return section;
}

}  // namespace plumbago::analysis
