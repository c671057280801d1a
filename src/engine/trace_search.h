// Traces that a filter wants, with what is worth knowing of each, the slowest or the strangest
// first; and one trace whole, held against all of them.
//
// How strange a trace is: bits of surprise at its form, given its entry (service and operation):
// log2((traces of the entry + 1) / those of the same form), and at its duration: -log2 of twice the
// share of the entry's traces that are at least as far out. The form is which operations call which
// how often, with their errors, whatever the order. After Sifter (SoCC'19) and STEAM (FSE'23),
// which keep traces that their models do not expect; ours are counts.
//
// Cost: a pass over all traces; 80 bytes for each that the filter wants.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/read_rows.h"
#include "engine/trace_filter.h"
#include "graph/call_graph.h"
#include "graph/repair_mode.h"

namespace plumbago::engine {

struct FoundTrace {
  model::TraceId id;
  int64_t start_ns = model::kNoTime;
  int64_t duration_ns = model::kNoTime;  // of its entry; else from its first start to its last end
  model::ServiceId service = model::kNoService;  // of its entry
  model::OperationId operation = model::kNoOperation;
  uint32_t spans = 0;  // recorded; calls where rows have dotted ids
  uint32_t calls = 0;
  uint32_t services = 0;
  uint32_t errors = 0;  // spans with an error
  uint64_t form = 0;
  // Of the entry's traces.
  uint64_t of_entry = 0;   // how many there are
  uint64_t of_form = 0;    // with the same form
  double slower_than = 0;  // share that is faster
  double surprise = 0;     // bits
};

struct ShownSpan {
  graph::TraceSpan span;
  uint64_t known = 0;      // spans of its service and operation in all traces
  double slower_than = 0;  // share of them that are faster
};

// One trace. `spans` in preorder.
struct ShownTrace {
  FoundTrace found;
  std::vector<ShownSpan> spans;
};

struct TraceSearchOptions {
  ReadOptions read;
  graph::RepairMode mode = graph::RepairMode::kRebuild;
  TraceFilter filter;
  enum class Order { kSlowest, kStrangest } order = Order::kSlowest;
  size_t most = 20;
  // One trace to be shown whole: what its text may mean (with zeros in front, or without), and how
  // the user wrote it.
  std::vector<model::TraceId> show;
  std::string show_text;
};

struct TraceSearch {
  std::unique_ptr<model::Names> names;
  uint64_t traces = 0;   // read
  uint64_t dropped = 0;  // that the repair mode leaves out
  uint64_t matched = 0;
  std::vector<FoundTrace> found;  // at most `most`
  std::optional<ShownTrace> shown;
  model::DamageCounts damage;
  bool interrupted = false;
};

// Errors: as ReadAllRows; those of the spill file.
Result<TraceSearch> SearchTraces(const TraceSearchOptions& options);

}  // namespace plumbago::engine
