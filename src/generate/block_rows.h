// A block: a run of consecutive traces as rows, by slice of time; and how rows get into it.
//
// Rows stand in the block's slice (`own`) or in the k-th after it (`later[k]`). A trace can be
// taken back as if it had not been. Reuses its memory.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "generate/random.h"
#include "generate/row_arena.h"
#include "generate/trace_features.h"
#include "generate/trace_options.h"
#include "generate/truth.h"

namespace plumbago::generate {

// What is made of a trace of a block.
enum class Take : uint8_t {
  kWhole,
  kSkip,     // nothing
  kMinimal,  // an entry call with one row
};

struct TraceTally {
  uint32_t rows = 0;  // written: second copies and garbage lines included, lost ones not
  uint32_t entry = 0;
  uint32_t calls = 0;
  uint32_t services = 0;  // distinct
  uint32_t depth = 0;     // of the deepest call; the entry call has 0
  Take take = Take::kWhole;
  bool cover = false;  // one of EdgeCover's: taken always
};

struct TraceBlock {
  uint64_t index = 0;
  RowArena own;
  std::vector<RowArena> later;
  std::vector<TraceTally> traces;
  std::vector<TraceFeatures> features;  // of all traces walked, where that is asked for
  uint64_t rows = 0;
  uint64_t cover_rows = 0;  // of them: of cover traces
  Counts counts;
  std::vector<Truth::EdgeCall> edge_calls;
  std::vector<Hit> hits;
  std::vector<PlantedRun> planted;
  int64_t first_ms = INT64_MAX, last_ms = INT64_MIN;  // row times
};

class BlockRows {
 public:
  struct RowRef {
    uint32_t arena = 0;  // 0: own; else later[arena - 1]
    uint32_t row = 0;
  };
  // Empties `block`; from now on rows go there. Its slice ends at `own_end_us`; each later one is
  // `slice_us` long.
  void BeginBlock(TraceBlock& block, uint64_t index, int64_t own_end_us, int64_t slice_us);
  void BeginTrace(const RowTrace& trace) { trace_ = trace; }
  const RowTrace& trace() const { return trace_; }

  RowRef Put(RowRecord row, int64_t start_us, std::string_view path);
  // Gives the row its duration and counts it. `damage`: null, or what may happen to it, by
  // `random`. Returns how often it is written.
  uint32_t Finish(const RowRef& ref, int64_t end_us, bool lost, const DamageShares* damage,
                  Random& random);

  // Where the block is filled to; back to there. Hits and counts too.
  void SetMark();
  void GoBack();
  const Counts& counts_at_mark() const { return mark_.counts; }

 private:
  // How far a block has been filled: to take a trace back.
  struct Mark {
    struct Arena {
      size_t rows = 0, traces = 0, paths = 0;
    };
    Arena own;
    std::vector<Arena> later;
    size_t edge_calls = 0, hits = 0, planted = 0;
    int64_t first_ms = 0, last_ms = 0;
    Counts counts;
  };
  RowArena& ArenaOf(const RowRef& ref) {
    return ref.arena == 0 ? block_->own : block_->later[ref.arena - 1];
  }

  TraceBlock* block_ = nullptr;
  int64_t own_end_us_ = 0;
  int64_t slice_us_ = 1;
  RowTrace trace_;
  Mark mark_;
};

}  // namespace plumbago::generate
