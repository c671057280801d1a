// The dependency graph to a file without holding its edges: a pass for the nodes, a pass that
// writes.
//
// Memory: a record of 64 bytes a service while the nodes are made, the nodes with their names, and
// the edges of one caller and of the outside. Nodes and edges come in the order of
// render/graph_file.h.
#pragma once

#include "analysis/analysis.h"
#include "graph/dependency_graph.h"
#include "render/graph_file.h"

namespace plumbago::cli {

// Errors: those of `put`. What the graph itself cannot read shows in its run's status.
Result<void> StreamGraph(const graph::DependencyGraph& graph, const analysis::Facts& facts,
                         render::GraphFormat format, const render::PutText& put);

}  // namespace plumbago::cli
