// Folded stacks, the text that flamegraph.pl, inferno, speedscope and d3-flame-graph read: a line a
// stack, frames from the entry down between semicolons, a blank, whole microseconds.
//
//   frontend_HTTP_GET_/hotels;search_Nearby;geo_Nearby 51234
//
// In a frame `;` becomes `:`, and blanks and control characters `_`: flamegraph.pl takes a number
// behind a blank for a second column. Rounded to the nearest; what comes to 0 has no line. Two
// stacks that read the same then are two lines, which readers add.
// Source: brendangregg/FlameGraph, flamegraph.pl.
#pragma once

#include "render/call_tree.h"
#include "render/pieces.h"

namespace plumbago::render {

// Errors: those of `put`.
Result<void> WriteFoldedStacks(const CallTree& tree, const PutText& put);

}  // namespace plumbago::render
