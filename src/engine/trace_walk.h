// Phase two: every trace of the partitions, one after the other, on all threads.
//
// Each thread takes partitions from a shared counter, groups them, unpacks one trace's rows at a
// time and hands them to its own visitor. Nothing is shared, so what a visitor learns is merged
// afterwards. A partition that does not fit is split through the spill file first.
//
// A large trace (plan.large_trace) is worked on by one thread at a time, and its memory is given
// back; one whose working memory would pass plan.largest_trace is counted as kTooLargeTrace and
// left out.
#pragma once

#include <span>
#include <vector>

#include "engine/read_rows.h"
#include "graph/trace_builder.h"

namespace plumbago::engine {

// What a row of a trace takes while its graph is built and observed in all variants: unpacked,
// joined, linked, measured. Measured with one trace of a million rows (docs/design/0006).
inline constexpr uint64_t kWorkingBytesPerRow = 1050;

class TraceVisitor : public LooseVisitor {
 public:
  // `rows` point into memory that is valid during the call. In no particular order.
  virtual void Visit(const model::TraceId& trace, std::span<const graph::Row> rows) = 0;
  // Instead, of a trace that span links lead to: `links` are their rows (link_rows.h). `rows` is
  // empty where only links know of it.
  virtual void VisitLinked(const model::TraceId& trace, std::span<const graph::Row> rows,
                           std::span<const graph::Row> /*links*/) {
    if (!rows.empty()) Visit(trace, rows);
  }
  // After a large trace: drop working memory that was sized by it.
  virtual void Release() {}
  // After the last trace of a partition, and, with kPartitions, after a piece of loose records. An
  // error ends the walk.
  virtual Result<void> EndPartition(size_t /*partition*/) { return {}; }
};

// Visits all traces, samples and whole graphs; visitor i is used by thread i only. Partitions begin
// in ascending order. Names in rows are translated by rows.ranks. Frees the rows of a partition
// when it is done with it. Stops early (returns false) when the user interrupts. Errors: memory ran
// out; those of the spill file and of the visitors.
Result<bool> WalkTraces(ReadRows& rows, std::span<TraceVisitor* const> visitors,
                        bool show_progress);

// The same before it, for what must be known before the first trace is built: rows stay, and
// nothing is counted. Samples, graphs and pairs are not visited.
Result<bool> LookAtTraces(ReadRows& rows, std::span<TraceVisitor* const> visitors,
                          bool show_progress);

}  // namespace plumbago::engine
