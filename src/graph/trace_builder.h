// From the rows of one trace to its call graph: joins the two rows of a call, repairs, links, measures.
// Rows with a path are linked by it, rows without one by their span ids (docs/design/0012); a trace may have both.
//
// One object a thread; it reuses its memory from trace to trace. Undamaged traces (nearly all) take a fast path.
// The result depends on the set of rows only, never on their order or on the numbers of ids (design rule 3): ties
// are broken by content (path, start, side, names' text hash), and rows equal in all of these are interchangeable.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "graph/call_graph.h"
#include "graph/repair_mode.h"
#include "graph/row.h"
#include "model/call.h"
#include "model/damage.h"
#include "model/names.h"

namespace plumbago::graph {

// The fate of one row, for the repair log. Indices are those of the rows as given.
struct RowFate {
  uint32_t parent_row = kNone;       // a row of the caller; kNone for an entry call, an inserted or unknown caller
  bool parent_inserted = false;      // the caller's rows are lost: it was inserted
  bool placed = false;               // this mode keeps the row; false for a span of work inside a service
  float confidence = 1;
  const char* action = "";           // what was done, on what evidence: a static sentence without commas, "" if nothing
  uint32_t call = kNone;             // index into CallGraph::calls
};

class TraceBuilder {
 public:
  explicit TraceBuilder(const model::Names& names);
  ~TraceBuilder();

  // Whether Build fills CallGraph::spans of traces whose rows carry span ids. Off at first: then
  // nothing is paid for it.
  void KeepSpans(bool keep);

  // Looks at the rows of one trace and finds its damage, without repairing. Counts each kind in `damage` (with examples).
  // `rows` must stay valid until the last Build for it. True: the trace is undamaged, and every mode
  // builds the same graph.
  bool Load(const model::TraceId& trace, std::span<const Row> rows, model::DamageCounts& damage);

  // Rows of the loaded trace that are altered or lost by damage: duplicates joined, names filled, links mended...
  uint32_t damaged_rows() const;
  // Usable rows of the loaded trace, exact duplicates joined.
  uint32_t joined_rows() const;

  // Builds the loaded trace's graph in `mode`. False: the mode drops the trace (kAccurate and damage; nothing left).
  // The graph's spans are valid until the next call of Build or Load.
  bool Build(RepairMode mode, CallGraph& graph);

  // After Build: what became of each row given to Load, in their order. Costs a pass; for repair logs and converters.
  void Fates(std::vector<RowFate>& fates) const;

  // After Build: the id of a call in the repaired tree as text: its written path where that is unique and right, else
  // the parent's id with "-<callee>-<n>" added for a split call (n-th call of that callee sharing the id, from 0).
  // In a trace with span ids: its position among its siblings ("0.1.2"); empty where that is too deep for a path.
  std::string CallPath(uint32_t call) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace plumbago::graph
