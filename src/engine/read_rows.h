// Phase one of every run: inputs in, rows partitioned by trace out. All threads take blocks from
// one source, decode them and keep their rows; nothing is shared but the names. Rows beyond the
// plan's share go to the spill file.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/spill_file.h"
#include "engine/memory_plan.h"
#include "engine/partitions.h"
#include "formats/block_source.h"
#include "model/damage.h"
#include "model/names.h"

namespace plumbago::engine {

struct ClockOffsets;

struct ReadOptions {
  std::vector<std::string> inputs;
  const formats::Format* format = nullptr;  // forced; nullptr: found from the first bytes
  // Those that are known; empty: formats::Formats(). Must outlive what is read.
  std::span<const formats::Format* const> formats = {};
  unsigned threads = 1;
  bool show_progress = false;                 // on standard error
  uint64_t memory = 0;                        // budget in bytes (memory_plan.h); 0: DefaultBudget()
  std::vector<formats::FileProgress> resume;  // what an earlier run has read
  bool details = false;                       // of spans are kept (ReadRows::details)
  bool links = false;                         // of spans are kept (TraceVisitor::VisitLinked)
  bool attributes = false;                    // of spans are kept (graph::Row::attributes)
};

struct ReadRows {
  MemoryPlan plan;                        // plan.threads: as many as there are writers
  std::shared_ptr<SpillFile> spill;       // of rows, and whatever else does not fit
  std::unique_ptr<DetailsStore> details;  // null: nobody asked
  std::unique_ptr<model::Names> names;
  model::NameRanks ranks;  // new ids of names, once `names` were sorted; empty: as in the rows
  std::unique_ptr<formats::BlockSource> source;
  std::vector<std::unique_ptr<PartitionWriter>> writers;  // one a thread
  model::DamageCounts damage;
  uint64_t rows = 0;                  // of traces
  uint64_t samples = 0;               // of resource and rate tables
  uint64_t graphs = 0;                // whole ones, each standing for one trace or more
  uint64_t pairs = 0;                 // judged pairs of siblings
  int64_t first_ns = model::kNoTime;  // of the rows' starts
  int64_t last_ns = model::kNoTime;
  int64_t tick_ns = 1'000'000;  // resolution of the starts: 1 ms, 1 us or 1 ns
  bool sides_marked = false;
  bool two_sided = false;  // spans of clients and of servers that name their instances: clocks of
                           // hosts can be compared
  std::shared_ptr<ClockOffsets> clocks;  // clock_offsets.h; null: nobody looked
  uint64_t rows_left_out = 0;            // by WalkTraces: of traces that are too large
  bool interrupted = false;              // the user stopped it: these are the rows until then
};

// No inputs: no rows, and no source; for runs that get their rows elsewhere.
// Errors: nothing to read, no known format, nothing usable in it (with what was seen); kResource:
// no room for temporary data (with how much is needed).
Result<ReadRows> ReadAllRows(const ReadOptions& options);

}  // namespace plumbago::engine
