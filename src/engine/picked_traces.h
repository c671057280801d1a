// A few traces whole: the slowest, or one by its id. For files that show single traces.
//
// How slow a trace is, is how long its entry took; traces of equal duration go by their ids, so the
// same are picked with any number of threads.
//
// Cost: a pass over all traces; 72 bytes a span of the traces that are kept, `most` a thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/read_rows.h"
#include "graph/call_graph.h"
#include "graph/repair_mode.h"

namespace plumbago::engine {

struct PickedTrace {
  model::TraceId id;
  int64_t duration_ns = model::kNoTime;  // of its entry; else from its first start to its last end
  std::vector<graph::TraceSpan> spans;   // preorder; calls where rows have dotted ids
};

struct PickTracesOptions {
  ReadOptions read;
  graph::RepairMode mode = graph::RepairMode::kRebuild;
  size_t most = 10;
  // Only these: what the text of one id may mean. Empty: the slowest.
  std::vector<model::TraceId> only;
};

struct PickedTraces {
  std::unique_ptr<model::Names> names;
  std::vector<PickedTrace> traces;  // the slowest first
  uint64_t read = 0;
  uint64_t dropped = 0;  // that the repair mode leaves out
  model::DamageCounts damage;
  bool interrupted = false;
};

// Errors: as ReadAllRows; those of the spill file.
Result<PickedTraces> PickTraces(const PickTracesOptions& options);

}  // namespace plumbago::engine
