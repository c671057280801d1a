// Finds what is wrong with a trace as written, and counts it.
//
//   duplicate           rows said again (RowJoiner decides)
//   sign                both rows of a call claim the same side
//   unknown name        a row without callee, or without caller where there is one: an entry call
//   has none propagation         calls beyond the first under one id conflicting caller  a row
//   whose caller is the callee of none of the calls of the id above missing parent      a call
//   whose id leads to an id without rows, while an id further up has some, or while another call
//                       of the trace hangs below the same lost id. The only root of a trace is its
//                       entry, wherever its id begins: behind a second proxy traces begin at 0.1 or
//                       0.1.1
//
// Duplicates and signs leave the graph as it is; the others change it.
//
// Cost: a few ns a call on undamaged traces.
#pragma once

#include "graph/trace_draft.h"
#include "model/damage.h"
#include "model/names.h"

namespace plumbago::graph {

struct FoundDamage {
  uint32_t duplicates = 0;    // rows
  uint32_t damaged_rows = 0;  // rows that are altered or joined away
  bool changes_graph = false;
};

FoundDamage FindDamage(TraceDraft& trace, const model::Names& names, model::DamageCounts& counts);

}  // namespace plumbago::graph
