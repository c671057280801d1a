// Where the time goes: latency of each edge (caller, callee, kind), slowest first by the own time
// spent behind it.
//
// Latency of a call is what its caller waited where that was recorded, else what the callee says;
// the share seen by the client is given for each edge. Own time (graph_measure.h) is charged to the
// edge whose call it was spent in, so own times of all edges add up to the work done, where
// latencies would count an inner call once for every caller above it. Total own time = calls x mean
// own time.
//
// State: the dependency graph (graph/dependency_graph.h), about 120 bytes a distinct (caller,
// callee, operation, kind). Observe: 10-30 ns a call.
#pragma once

#include <cstdint>
#include <optional>
#include <tuple>

#include "analysis/analysis.h"
#include "analysis/fields.h"
#include "graph/dependency_graph.h"

namespace plumbago::analysis {

// What is told of an edge's times: whole ticks; own time over all its calls, at most 2^63 - 1.
// Nothing: not known.
struct KnownTimes {
  std::optional<int64_t> p50_ns, p95_ns, p99_ns, self_ns;
};
KnownTimes TimesOf(const graph::DependencyTotals& totals, int64_t tick_ns);

struct Edges {
  static const Description kDescription;

  static constexpr size_t kTop = 10;  // "share of the time in the top 10 edges"

  struct State {
    graph::DependencyGraph graph;

    static constexpr auto Fields() { return std::tuple(Field{"graph", &State::graph}); }
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static document::Section Conclude(const State& state, const Facts& facts);
};

}  // namespace plumbago::analysis
