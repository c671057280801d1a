// Who calls whom, over all traces: the aggregate of every call by caller, callee, kind and
// operation.
//
// One record for each (caller, callee, kind, operation of the callee), the finest view that is
// asked for: 104 bytes, and 16 of the table; a record with up to 3 calls allocates nothing more.
// Edges between services are merged from them when they are visited, one at a time. A caller that
// is the user or not known is kNoService: the record still tells of the callee.
//
// Latency of a call is what its caller waited, where that was recorded; else what the callee says
// (`client_side` counts the first). Calls count as recorded: sampling weights are not applied.
//
// Merging is commutative and associative to the bit: integer counts, saturating sums of
// non-negative times, sketches with integer counts. Frozen, spilled and saved as sorted runs
// (statistics/keyed_runs.h), so millions of edges need no memory.
//
// Cost: Add 10 ns a call with records in the cache, 30 ns with 26,000 of them
// (dependency_graph_benchmark.cc): the records of a trace are prefetched together. One writer at a
// time; const functions may run at once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "base/int128.h"
#include "graph/call_graph.h"
#include "graph/key_parts.h"
#include "model/names.h"
#include "statistics/keyed_table.h"
#include "statistics/quantile_sketch.h"

namespace plumbago::graph {

// The calls of one caller to one operation of a callee.
struct DependencyRecord {
  model::ServiceId caller = model::kNoService;
  model::ServiceId callee = model::kNoService;
  model::OperationId operation = model::kNoOperation;
  model::Kind kind = model::Kind::kUnknown;
  uint64_t calls = 0;
  uint64_t errors = 0;                    // status says so
  uint64_t client_side = 0;               // latency as the caller saw it
  uint64_t self_known = 0;                // calls whose own time is known
  uint64_t self_ns = 0;                   // sum of their own time; at most 2^64 - 1: 584 years
  statistics::QuantileSketch latency_ns;  // of the calls with a known time

  static constexpr std::array kKey{kKeyPart<model::ServiceId>, kKeyPart<model::ServiceId>,
                                   statistics::KeyPart::kPlain, kKeyPart<model::OperationId>};
  std::array<uint32_t, 4> key() const {
    return {Index(caller), Index(callee), static_cast<uint32_t>(kind), Index(operation)};
  }
  void set_key(const std::array<uint32_t, 4>& key);
  void Merge(const DependencyRecord& other);
  void Save(std::string& out) const;
  bool Load(statistics::StateReader& in);
  void Prefetch() const { latency_ns.Prefetch(); }
};

// What is known of a group of calls.
struct DependencyTotals {
  uint64_t calls = 0;
  uint64_t errors = 0;
  uint64_t client_side = 0;
  uint64_t self_known = 0;
  UInt128 self_ns = 0;
  statistics::QuantileSketch latency_ns;

  uint64_t server_side() const { return latency_ns.count() - client_side; }
  void Add(const DependencyRecord& record);
  void Clear();  // keeps the sketch's memory
};

struct DependencyEdge {
  model::ServiceId caller = model::kNoService;  // kNoService: the user, or not known
  model::ServiceId callee = model::kNoService;
  model::Kind kind = model::Kind::kUnknown;
  DependencyTotals totals;
};

class DependencyGraph {
 public:
  using Runs = statistics::KeyedRuns<DependencyRecord>;

  // Of a ready-made graph: how often each edge was called, without operations and times.
  void Add(const CallGraph& graph);
  void Merge(DependencyGraph&& from);

  // What was counted becomes a sorted run.
  void Freeze();
  void Join() { records_.Join(); }
  Runs& runs() { return records_.runs(); }
  const Runs& runs() const { return records_.runs(); }
  // Bytes in memory, at most: what sketches hold is estimated from the number of calls.
  size_t allocated() const { return records_.allocated() + SketchBytes(); }

  // Edges between services, in the order of ids (of caller, callee, kind).
  void VisitEdges(const std::function<void(const DependencyEdge&)>& visit) const;

 private:
  static void Count(const TraceCall& call, DependencyRecord& record);
  void AddEdges(const CallGraph& graph, std::span<const Edge> edges);
  size_t SketchBytes() const;  // of what is not frozen, at most

  statistics::KeyedTable<DependencyRecord> records_;
  uint64_t calls_ = 0;  // counted since the last Freeze
};

}  // namespace plumbago::graph
