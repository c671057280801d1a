// Phase two: every trace of the partitions, one after the other, on all threads.
//
// Each thread takes partitions from a shared counter, groups them, unpacks one trace's rows at a
// time and hands them to its own visitor. Nothing is shared, so what a visitor learns is merged
// afterwards.
#pragma once

#include <span>
#include <vector>

#include "engine/read_rows.h"
#include "graph/trace_builder.h"

namespace plumbago::engine {

class TraceVisitor {
 public:
  virtual ~TraceVisitor() = default;
  // `rows` point into memory that is valid during the call.
  virtual void Visit(const model::TraceId& trace, std::span<const graph::Row> rows) = 0;
};

// Visits all traces; visitor i is used by thread i only. Frees the rows of a partition when it is
// done with it. Stops early (returns false) when the user interrupts. Errors: memory ran out.
Result<bool> WalkTraces(ReadRows& rows, std::span<TraceVisitor* const> visitors,
                        bool show_progress);

}  // namespace plumbago::engine
