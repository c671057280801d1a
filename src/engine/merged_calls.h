// The call tree of all traces laid over each other: a node is a stack of (service, operation), as a
// flame graph shows it. What profilers are given (plumbago export folded, speedscope, pprof).
//
// A node's time is one of:
//   own     what its spans worked themselves: their windows (graph/span_windows.h) less the union
//           of those they waited for. The sum over a trace is the work done, which passes its
//           duration where calls run side by side. Asynchronous spans stay below their callers.
//   path    what its spans hold of the critical path (graph/critical_path.h). The sum over a trace
//           is its root's duration. Spans off the path are not there; an asynchronous span begins a
//           stack of its own, below a node of the service "(asynchronous)", for nobody waited.
//
// Bounded: at most `most_nodes` nodes and kMostLevels levels. Of more nodes the upper levels are
// kept, of the last one those with the lowest hash of their stack; that depends on the set of
// stacks only, never on the order of traces or on threads. What is beyond goes to a node "(other)"
// below its nearest kept ancestor, so sums stay exact, and is counted.
//
// Cost: a hash look-up a span; about 80 bytes a node and thread. Sums are integers, in ns.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/read_rows.h"
#include "graph/call_graph.h"
#include "graph/repair_mode.h"

namespace plumbago::engine {

inline constexpr uint32_t kMostLevels = 500;

struct MergedCall {
  uint32_t parent = graph::kNone;  // index; kNone: an entry
  model::ServiceId service = model::kNoService;
  model::OperationId operation = model::kNoOperation;
  bool other = false;   // stands for what was beyond the bound
  int64_t time_ns = 0;  // own time, or time on the critical path; without what is below
  uint64_t calls = 0;   // spans
  uint64_t errors = 0;  // of them with an error
};

struct MergedCallsOptions {
  ReadOptions read;
  graph::RepairMode mode = graph::RepairMode::kRebuild;
  bool critical = false;    // time on the critical path instead of own time
  uint32_t most_nodes = 0;  // 0: by the memory budget, at most 250,000
};

struct MergedCalls {
  std::unique_ptr<model::Names> names;
  // Preorder; siblings by service, then operation, "(other)" last.
  std::vector<MergedCall> nodes;
  uint64_t traces = 0;
  uint64_t dropped = 0;        // traces that the repair mode leaves out
  uint64_t spans = 0;          // calls where rows have dotted ids
  uint64_t spans_untimed = 0;  // without usable times: counted in `calls`, no time
  uint64_t spans_other = 0;    // in nodes "(other)"
  model::DamageCounts damage;
  bool interrupted = false;
};

// Errors: as ReadAllRows; those of the spill file.
Result<MergedCalls> MergeCalls(const MergedCallsOptions& options);

}  // namespace plumbago::engine
