// Bounds where executions take time (bounds.h), over the gaps of places that are taken last in,
// first out, and without any wait for a start.
//
// B1: ends and beginnings that pair last in, first out are nested, and a pair that is given up
// frees no better one: who keeps iff the gap is at most lambda pays least. Where starts take time a
// policy's executions may end later: its cost and its waiting together are no less than B1.
// B2: for static sets of ages of which the instance that became idle last is loaded whenever any
// is, as of windows from age 0 on.
#pragma once

#include "serverless/bounds.h"
#include "serverless/policy.h"

namespace plumbago::serverless {

Outcome BoundOnInstances(const AppArrivals& app, BoundKind kind, double lambda);

}  // namespace plumbago::serverless
