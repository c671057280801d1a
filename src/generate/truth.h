// What was planted, counted while it is generated: the answer that an analysis of the output must
// give back. docs/formats/truth-json.md describes the JSON.
//
// A thread has one of its own; Merge adds. Everything is an integer count, so the sum does not
// depend on who made which trace. Calls are counted as planted, before damage; rows as written.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tsl/robin_map.h>

#include "generate/planted_tally.h"
#include "generate/system.h"
#include "generate/trace_options.h"
#include "model/call.h"
#include "model/trace_id.h"

namespace plumbago::generate {

// Plain counters; added up.
struct Counts {
  uint64_t traces = 0;
  uint64_t calls = 0;
  uint64_t rows = 0;
  std::array<uint64_t, model::kKinds> calls_by_kind{};
  std::array<uint64_t, 3>
      rows_by_side{};  // by model::Side: second copies included, garbage lines not
  std::array<uint64_t, 3> zero_rows_by_side{};  // of them: shorter than the clock's tick
  std::array<uint64_t, model::kKinds>
      stateless_by_kind{};  // calls with a known stateless caller and a stateless callee

  // Callees of one call that its caller waited for, at the data's resolution of 1 ms. Two overlap
  // for sure if each ends more than 1 ms after the other's start, and are undecided if they touch
  // or miss each other within 1 ms.
  uint64_t callers_with_siblings = 0;   // calls with two such callees or more
  uint64_t callers_overlapping = 0;     // ... two of which overlap for sure
  uint64_t callers_not_sequential = 0;  // ... two of which overlap or are undecided
  uint64_t sibling_pairs = 0;
  uint64_t pairs_overlapping = 0;        // for sure
  uint64_t pairs_undecided = 0;          // within 1 ms
  uint64_t pairs_overlapping_exact = 0;  // at the microseconds of the generator
  uint64_t rpc_pairs = 0;  // siblings by rpc that took 1 ms or more: what others counted in
  uint64_t rpc_pairs_overlapping = 0;  // CallGraph_0 of 2022; overlap of [start, start + rt)
  uint64_t siblings_ms = 0;            // sum of durations of callees with siblings
  uint64_t siblings_union_ms = 0;  // time in which at least one of a caller's callees was at work

  uint64_t traces_with_cycle = 0;  // planted

  uint64_t repeated_calls = 0;  // calls beyond the first along one call site in one run
  uint64_t no_network = 0;      // two-row calls whose rows show the same duration
  uint64_t two_row_calls = 0;

  // Damage.
  uint64_t duplicate_rows = 0;       // second copies
  uint64_t malformed_rows = 0;       // garbage lines
  uint64_t missing_calls = 0;        // calls with callees that lost all their rows
  uint64_t missing_call_rows = 0;    // ... the rows
  uint64_t orphaned_calls = 0;       // callees of those
  uint64_t one_sided_calls = 0;      // calls that lost one row of two
  uint64_t propagation_callers = 0;  // calls whose callees share an id
  uint64_t propagation_rows = 0;     // rows (as written) of those callees

  void Add(const Counts& other);
};

// Of each kind of damage, so many calls are named: the first ones by trace.
inline constexpr size_t kNamedHits = 20;

// A call that damage hit.
struct Hit {
  uint64_t trace = 0;  // index of the trace in the run
  model::TraceId id;
  std::string path;  // as text; the call that lost its rows, or whose callees share an id
  enum Kind : uint8_t { kMissing, kPropagation } kind = kMissing;
};

// Occurrences of small integers, exactly.
class Tally {
 public:
  void Add(uint64_t value) {
    if (value >= counts_.size()) counts_.resize(value + 1 + value / 2);
    ++counts_[value];
    ++total_;
    sum_ += value;
  }
  void Merge(const Tally& other);
  uint64_t total() const { return total_; }
  double Mean() const {
    return total_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(total_);
  }
  // The smallest value that at least a share `p` of all do not exceed.
  uint64_t Quantile(double p) const;
  uint64_t Over(uint64_t value) const;  // how many are greater
  uint64_t Max() const;

 private:
  std::vector<uint64_t> counts_;
  uint64_t total_ = 0;
  uint64_t sum_ = 0;
};

struct TopEdge {
  std::string caller, callee;
  uint64_t calls = 0;
  uint64_t p50_ms = 0, p99_ms = 0;
};

class Truth {
 public:
  // One planted call along an edge: how long its seen side took.
  struct EdgeCall {
    uint32_t edge = 0;
    int32_t duration_ms = 0;
  };

  Truth(const System& system, const TraceOptions& options);

  void AddEdgeCalls(const std::vector<EdgeCall>& calls);
  void AddTrace(uint32_t entry, uint32_t calls, uint32_t services, uint32_t depth);
  void AddCounts(const Counts& counts) { counts_.Add(counts); }
  void AddHits(std::vector<Hit>&& hits);
  void AddPlanted(const std::vector<PlantedRun>& runs) { planted_.Add(runs); }
  void SetWindow(int64_t first_ms, int64_t last_ms);
  void Merge(Truth&& other);

  const Counts& counts() const { return counts_; }
  const Tally& services_per_trace() const { return services_per_trace_; }
  const Tally& calls_per_trace() const { return calls_per_trace_; }
  const Tally& depth() const { return depth_; }
  uint64_t ServicesUsed() const;
  uint64_t EdgesUsed() const;
  uint64_t EntryServicesUsed() const;  // distinct (callee, interface) of entry calls
  std::vector<TopEdge> TopEdges(size_t count) const;
  const std::vector<Hit>& hits() const { return hits_; }
  const PlantedTally& planted() const { return planted_; }
  int64_t last_ms() const { return last_ms_; }  // of the latest row; -1: there is none

  // A table that was written beside the traces: what it is, and its file.
  void AddTable(std::string_view name, std::string_view path) { tables_.emplace_back(name, path); }

  std::string Json() const;

 private:
  static constexpr uint32_t kWatched = 512;  // edges with an exact histogram in every run
  static constexpr uint32_t kDenseMs = 1024;
  static constexpr uint64_t kWatchAllRows = 1'000'000;  // up to here all edges have one

  const System* system_;
  TraceOptions options_;
  std::string format_;
  Counts counts_;
  Tally services_per_trace_, calls_per_trace_, depth_;
  std::vector<uint64_t> edge_calls_;
  std::vector<bool> tail_seen_;  // of the system's tail: each edge occurs once or not at all
  std::vector<uint64_t> entry_traces_;
  std::vector<uint16_t> watch_slot_;                    // by edge; kWatched: not watched
  std::vector<uint32_t> dense_;                         // [slot][ms]
  tsl::robin_map<uint64_t, uint64_t, MixHash> sparse_;  // edge << 32 | ms -> calls
  bool watch_all_ = false;
  std::vector<Hit> hits_;
  PlantedTally planted_;
  std::vector<std::pair<std::string, std::string>> tables_;
  int64_t first_ms_ = 0, last_ms_ = -1;
};

}  // namespace plumbago::generate
