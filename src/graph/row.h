// What the builder of graphs reads of a row.
#pragma once

#include "model/call.h"
#include "model/path.h"

namespace plumbago::graph {

struct Row {
  const model::Call* call = nullptr;
  model::PathView path;  // encoded; empty: linked by span ids
};

}  // namespace plumbago::graph
