// Walks the system: one trace after another, each from a seed of its own, into rows.
//
// A block is a run of consecutive traces, born in one slice of time. Its rows are put by slice:
// `own` holds those of the block's slice, `later[k]` those of the k-th slice after it. Nothing
// depends on other blocks, so any thread may make any block at any time.
//
// One object a thread; it reuses its memory. Costs about 80 ns a row.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generate/edge_cover.h"
#include "generate/row_arena.h"
#include "generate/selection.h"
#include "generate/system.h"
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

class TraceWalk {
 public:
  // `cover` (optional): some traces are its.
  TraceWalk(const System& system, const TraceOptions& options, const EdgeCover* cover = nullptr);

  // Keeps what the selection keeps, as if the other traces had not been (optional; must outlive the
  // walk). Traces that `takes` speaks of are not asked again.
  void Select(const Selection* selection) {
    selection_ = selection;
    meter_.Watch(selection == nullptr ? nullptr : &selection->watched());
  }
  // Fills TraceBlock::features.
  void Measure(bool measure) { measure_ = measure; }
  TraceMeter& meter() { return meter_; }

  // Milliseconds of a slice.
  int64_t slice_ms() const { return slice_ms_; }
  // Makes block `index`. `takes`: what to make of each trace; empty: all of it.
  void MakeBlock(uint64_t index, const std::vector<Take>& takes, TraceBlock& block);

 private:
  struct RowRef {
    uint32_t arena = 0;  // 0: own; else later[arena - 1]
    uint32_t row = 0;
  };
  // What a call's callees need to know of it.
  struct Caller {
    model::ServiceId service = model::kNoService;
    model::InstanceId pod = model::kNoInstance;
    bool stateless = false;  // false too for the user
  };
  // A callee's time as its caller's clock shows it, for the count of overlaps.
  struct Sibling {
    int64_t start_us = 0;
    int64_t end_us = 0;
    bool rpc = false;
  };
  struct Active {
    int64_t end_us = 0;
    int32_t start_ms = 0;
    int32_t end_ms = 0;
  };
  struct CallResult {
    int64_t resume_us = 0;  // when the caller goes on
    uint32_t rows = 0;      // written
  };
  struct RunResult {
    int64_t end_us = 0;
    uint32_t callees = 0;
    uint32_t callee_rows = 0;
    int32_t covered_ms = 0;  // by callees that were waited for
  };

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
  void SetMark();
  void GoBack();

  void MakeTrace(uint64_t trace, int64_t birth_us, Take take);
  // The call of `interface` sent at `start_us`; its path is path_[0, path_size).
  CallResult MakeCall(uint32_t interface, uint32_t edge, model::Kind kind, const Caller& caller,
                      int64_t start_us, uint32_t path_size, uint32_t depth);
  // The run of an interface. `share_id`: all of its callees get one id.
  RunResult Run(const Interface& interface, const Caller& self, int64_t start_us,
                uint32_t path_size, uint32_t depth, bool share_id);
  // The same for cover traces: the call sites that the cover wants, or the calls of a chunk.
  RunResult RunCover(const Interface& interface, const Caller& self, int64_t start_us,
                     uint32_t path_size, uint32_t depth);
  // One callee of a cover trace; it starts when the one before has ended.
  void MakeCoverCall(uint32_t interface, uint32_t edge, model::Kind kind, const Caller& self,
                     uint32_t path_size, uint32_t depth, RunResult& result);
  // Returns the milliseconds in which at least one of them was at work.
  int32_t CountSiblings(size_t mark, Plan plan);
  uint32_t PutComponent(uint32_t path_size, uint64_t number);
  RowRef PutRow(RowRecord row, int64_t start_us, uint32_t path_size);
  // Gives the row its duration and counts it. Returns how often it is written.
  uint32_t FinishRow(const RowRef& ref, int64_t end_us, bool lost);
  RowArena& ArenaOf(const RowRef& ref) {
    return ref.arena == 0 ? block_->own : block_->later[ref.arena - 1];
  }
  void AddHit(Hit::Kind kind, uint32_t path_size);
  model::TraceId MakeId(uint64_t trace, int64_t birth_us, uint32_t entry);

  const System& system_;
  const Shape& shape_;
  const TraceOptions& options_;
  const EdgeCover* cover_;
  bool covering_ = false;             // the trace is a cover trace
  bool expand_ = false;               // ... and the interface that is called next calls in turn
  const TailChunk* chunk_ = nullptr;  // ... of the tail
  const Selection* selection_ = nullptr;
  Selection::Balance balance_;
  bool measure_ = false;
  bool meter_on_ = false;
  TraceMeter meter_;
  const bool damage_;
  int64_t slice_ms_;
  TraceBlock* block_ = nullptr;
  RowTrace trace_;
  Random random_{0};
  Random damage_random_{0};
  Take take_ = Take::kWhole;
  bool fail_next_ = false;  // the call that is made next
  bool in_cycle_ = false;   // the trace has a planted cycle
  int64_t own_end_us_ = 0;                                    // of the block's slice
  uint32_t rows_ = 0, calls_ = 0, services_ = 0, depth_ = 0;  // of the trace
  char path_[model::kMaxPathBytes + 16] = {};
  std::vector<uint32_t> stamps_;  // by service: the last trace that used it
  uint32_t stamp_ = 0;
  Mark mark_;
  std::vector<Sibling> siblings_;  // of all calls that are being made, innermost last
  std::vector<Active> active_;
  std::vector<int32_t> rpc_ends_;
  std::vector<int64_t> births_;
};

}  // namespace plumbago::generate
