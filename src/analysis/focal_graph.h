// The part of the dependency graph that matters most, small enough to be read: the service where
// most of the time is spent, who calls it, whom it calls, and whom those call.
//
// Chosen by time alone, so the same data gives the same picture: the focus is the service with the
// most own time (among those that are not only called as a database or cache; where no own time is
// known, with the most calls); of its neighbours those with the most time waited on the link. Equal
// ones in the order of names.
//
// Cost: four visits of the edges, and 40 bytes a service. Threads: reads only.
#pragma once

#include <cstddef>

#include "analysis/analysis.h"
#include "document/document.h"
#include "graph/dependency_graph.h"

namespace plumbago::analysis {

// With the focus 30 nodes at most.
inline constexpr size_t kFocalCallers = 8;
inline constexpr size_t kFocalCallees = 11;
inline constexpr size_t kFocalSecond = 10;  // whom the callees call

// No nodes where there are no calls. `more_nodes` counts neighbours, one call or two away in the
// same directions, that were left out; of the links between two nodes that are shown all stand.
document::Figure FocalGraph(const graph::DependencyGraph& graph, const Facts& facts);

}  // namespace plumbago::analysis
