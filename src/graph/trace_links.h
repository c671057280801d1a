// The span links that lead to one trace, with what they found there (docs/design/0016-links.md).
#pragma once

#include <cstdint>
#include <span>

#include "graph/call_graph.h"
#include "model/call.h"

namespace plumbago::graph {

struct TraceLink {
  // The span that names another: the one that came after.
  uint64_t from_trace_hash = 0;  // TraceId::Hash
  model::ServiceId from_service = model::kNoService;
  model::OperationId from_operation = model::kNoOperation;
  int64_t from_start_ns = model::kNoTime;
  bool same_trace = false;
  bool repeats_parent = false;
  // The span that is named: the one that came before.
  bool found = false;  // it is here; else what follows is empty
  model::ServiceId target_service = model::kNoService;
  model::OperationId target_operation = model::kNoOperation;
  Interval target;
};

struct TraceLinks {
  model::TraceId target;
  bool trace_here = false;  // there are spans of this trace
  // One for each pair of spans, whatever the order in which they came: by content.
  std::span<const TraceLink> links;
};

}  // namespace plumbago::graph
