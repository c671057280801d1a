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

#include "generate/block_rows.h"
#include "generate/edge_cover.h"
#include "generate/host_load.h"
#include "generate/selection.h"
#include "generate/sibling_overlaps.h"
#include "generate/system.h"
#include "generate/trace_features.h"
#include "generate/trace_options.h"
#include "generate/truth.h"

namespace plumbago::generate {

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
  // What a call's callees need to know of it.
  struct Caller {
    model::ServiceId service = model::kNoService;
    model::InstanceId pod = model::kNoInstance;
    uint32_t cluster = 0;
    bool stateless = false;  // false too for the user
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
  // A pod of the service for a call by `caller`; stores are called in the caller's cluster.
  void DrawPod(const Service& service, uint32_t bits, const Caller& caller, Caller& self) const;
  // How much longer work that begins now takes there than on a host of usual load.
  float Slowdown(model::InstanceId pod, int64_t start_us) const {
    if (shape_.cpu == 0) return 1;
    return load_.Slowdown(system_.HostOf(pod), start_us / 1000 / HostLoad::kSliceMs);
  }
  // The id of a message, not a count: the release has components beyond 3,000,000,000.
  uint64_t MessageNumber(uint64_t number);
  uint32_t PutComponent(uint32_t path_size, uint64_t number);
  void AddHit(Hit::Kind kind, uint32_t path_size);
  model::TraceId MakeId(uint64_t trace, int64_t birth_us, uint32_t entry);

  const System& system_;
  const Shape& shape_;
  const TraceOptions& options_;
  const HostLoad load_;
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
  BlockRows out_;
  Random random_{0};
  Random damage_random_{0};
  Take take_ = Take::kWhole;
  bool fail_next_ = false;                                    // the call that is made next
  bool in_cycle_ = false;                                     // the trace has a planted cycle
  uint32_t rows_ = 0, calls_ = 0, services_ = 0, depth_ = 0;  // of the trace
  char path_[model::kMaxPathBytes + 16] = {};
  std::vector<uint32_t> stamps_;  // by service: the last trace that used it
  uint32_t stamp_ = 0;
  SiblingOverlaps siblings_;
  std::vector<int64_t> births_;
};

}  // namespace plumbago::generate
