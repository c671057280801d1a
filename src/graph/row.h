// What the builder of graphs reads of a row.
#pragma once

#include <span>

#include "model/call.h"
#include "model/path.h"

namespace plumbago::graph {

struct Row {
  const model::Call* call = nullptr;
  model::PathView path;  // encoded; empty: linked by span ids
  // Of a span, where the run wants them, in the order in which it gives them.
  std::span<const model::AttributeId> attributes = {};
};

}  // namespace plumbago::graph
