// How much of the truth the data holds: counted trace by trace beside the analyses, and concluded
// as the report's first part and as the section `completeness`.
//
// Traces are complete (nothing in them had to be altered, exact repeats of a row aside), repaired
// (damaged, and kept by the mode), or dropped. Cuts by the edges of the data are told apart from
// damage (trace_window.h): the rows are right, but there may have been more of them (statistics
// T4).
#pragma once

#include <array>
#include <cstdint>
#include <tuple>

#include "analysis/fields.h"
#include "analysis/link_counts.h"
#include "document/document.h"
#include "engine/trace_window.h"
#include "engine/variant.h"
#include "graph/call_graph.h"
#include "graph/repair_mode.h"

namespace plumbago::engine {

// Counts of some traces; rows with exact repeats joined.
struct KeptCounts {
  uint64_t traces = 0;
  uint64_t rows = 0, rows_damaged = 0;
  uint64_t calls = 0, calls_mended = 0, calls_inserted = 0;
  uint64_t links = 0, links_mended = 0;
  uint64_t confidence_ppm = 0;  // sum over mended links, millionths
  uint64_t rows_folded = 0;     // work inside a service (graph::Repairs)
  uint64_t sides_inferred = 0;  // calls
  uint64_t from_queues = 0;     // calls
  // Of sampled traces (T7): the sum of their weights in whole numbers, and of the squares.
  uint64_t weights = 0, squares = 0;

  static constexpr auto Fields() {
    using analysis::Field;
    return std::tuple(
        Field{"traces", &KeptCounts::traces}, Field{"rows", &KeptCounts::rows},
        Field{"rows_damaged", &KeptCounts::rows_damaged}, Field{"calls", &KeptCounts::calls},
        Field{"calls_mended", &KeptCounts::calls_mended},
        Field{"calls_inserted", &KeptCounts::calls_inserted}, Field{"links", &KeptCounts::links},
        Field{"links_mended", &KeptCounts::links_mended},
        Field{"confidence_ppm", &KeptCounts::confidence_ppm},
        Field{"rows_folded", &KeptCounts::rows_folded},
        Field{"sides_inferred", &KeptCounts::sides_inferred},
        Field{"from_queues", &KeptCounts::from_queues}, Field{"weights", &KeptCounts::weights},
        Field{"squares", &KeptCounts::squares});
  }
};

void CountLinks(analysis::LinkCounts& counts, const graph::TraceLinks& links);

struct CompletenessState {
  KeptCounts whole;                                  // undamaged traces
  std::array<KeptCounts, kDamagedVariants> kept;     // damaged ones that a mode keeps, by variant
  std::array<KeptCounts, kDamagedVariants> dropped;  // and that it drops: traces and rows only
  WindowCounts window;
  // What belongs to no trace that was read: samples of resource and rate tables, ready-made graphs
  // (each stands for many traces), judged pairs of siblings.
  uint64_t samples = 0, graphs = 0, pairs = 0;
  analysis::LinkCounts links;

  static constexpr auto Fields() {
    using analysis::Field;
    return std::tuple(
        Field{"whole", &CompletenessState::whole}, Field{"kept", &CompletenessState::kept},
        Field{"dropped", &CompletenessState::dropped}, Field{"window", &CompletenessState::window},
        Field{"samples", &CompletenessState::samples}, Field{"graphs", &CompletenessState::graphs},
        Field{"pairs", &CompletenessState::pairs}, Field{"links", &CompletenessState::links});
  }
};

// Adds a trace that was kept, and one that was dropped.
void CountKept(KeptCounts& counts, const graph::CallGraph& graph, uint32_t rows,
               uint32_t damaged_rows);
void CountDropped(KeptCounts& counts, uint32_t rows, uint32_t damaged_rows);

// Rows that were altered or lost by damage.
uint64_t DamagedRows(const CompletenessState& state, graph::RepairMode mode);
document::Traces ConcludeTraces(const CompletenessState& state, graph::RepairMode mode);
document::Completeness ConcludeCompleteness(const CompletenessState& state, graph::RepairMode mode,
                                            int64_t first_ns);

}  // namespace plumbago::engine
