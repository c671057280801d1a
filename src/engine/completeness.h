// How much of the truth the data holds: counted trace by trace beside the analyses, and concluded
// as the report's first part and as the section `completeness`.
//
// Traces are complete (nothing in them had to be altered, exact repeats of a row aside), repaired
// (damaged, and kept by the mode), or dropped. Cuts by the edges of the data are told apart from
// damage: the rows are right, but there may have been more of them (statistics T4).
#pragma once

#include <cstdint>

#include "analysis/analysis.h"
#include "document/document.h"
#include "graph/call_graph.h"
#include "graph/repair_mode.h"
#include "model/damage.h"

namespace plumbago::engine {

struct CompletenessState {
  uint64_t complete = 0, repaired = 0, dropped = 0;
  uint64_t rows = 0, rows_complete = 0, rows_damaged = 0;  // exact repeats joined
  uint64_t calls_complete = 0, calls_repaired = 0;
  uint64_t calls_mended = 0, calls_inserted = 0;
  uint64_t links = 0, links_mended = 0;
  uint64_t confidence_ppm = 0;    // sum over mended links, millionths
  uint64_t births = 0;            // traces whose id tells a birth and whose rows tell a start
  uint64_t births_fit = 0;        // ... within a second of each other
  uint64_t born_before = 0;       // ... born before the data, first rows lost
  uint64_t born_long_before = 0;  // ... born more than an hour before their first row
  uint64_t at_work_at_end = 0;
  uint64_t spread = 0;  // rows over more than an hour, by the rows alone

  void Merge(const CompletenessState& from);
};

// What of a trace is known before any mode builds it.
struct TraceWindow {
  int64_t first_ns = model::kNoTime;  // earliest start of its rows
  int64_t last_ns = model::kNoTime;   // latest end
};

void ObserveWindow(CompletenessState& state, const model::TraceId& trace, const TraceWindow& window,
                   const analysis::Facts& facts);
// A trace that the mode kept: `whole` if nothing was damaged.
void ObserveKept(CompletenessState& state, const graph::CallGraph& graph, bool whole, uint32_t rows,
                 uint32_t damaged_rows);
void ObserveDropped(CompletenessState& state, uint32_t rows, uint32_t damaged_rows);

// Window damage (left_cut, right_cut, reused_id) as counters; births count only if most of them fit
// the data's clock.
bool BirthsFit(const CompletenessState& state);
void AddWindowDamage(const CompletenessState& state, model::DamageCounts& damage);

document::Completeness ConcludeCompleteness(const CompletenessState& state, graph::RepairMode mode);

}  // namespace plumbago::engine
