// Who calls whom, over all traces: the aggregate of every call by caller, callee, operation and
// kind.
//
// One entry for each (caller, callee, operation of the callee, kind), the finest view that is asked
// for: 104 bytes, and 12 of the table; an entry with up to 3 calls allocates nothing more. Coarser
// views (edges between services, services, their operations) are merged from it when they are
// visited, one group at a time. A caller that is the user or not known is kNoService: the entry
// still tells of the callee.
//
// Latency of a call is what its caller waited, where that was recorded; else what the callee says
// (`client_side` counts the first). Calls count as recorded: sampling weights are not applied.
//
// Merging is commutative and associative to the bit: integer counts, saturating sums of
// non-negative times, sketches with integer counts. Visits come in the order of the names' text,
// never of ids.
//
// Cost: Add 10 ns a call with entries in the cache, 30 ns with 26,000 of them
// (dependency_graph_benchmark.cc): the entries of a trace are prefetched together. One writer at a
// time; const functions may run at once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/int128.h"
#include "graph/call_graph.h"
#include "model/names.h"
#include "statistics/quantile_sketch.h"

namespace plumbago::graph {

enum class DependencyLevel : uint8_t {
  kService,    // callee's operations together
  kOperation,  // each operation of the callee apart
};

// What is known of a group of calls.
struct DependencyTotals {
  uint64_t calls = 0;
  uint64_t errors = 0;       // status says so
  uint64_t client_side = 0;  // latency as the caller saw it
  uint64_t self_known = 0;   // calls whose own time is known
  UInt128 self_ns = 0;       // sum of their own time
  statistics::QuantileSketch
      latency_ns;  // of the calls with a known time: latency_ns.count() of them

  uint64_t server_side() const { return latency_ns.count() - client_side; }
};

struct DependencyEdge {
  model::ServiceId caller = model::kNoService;  // kNoService: the user, or not known
  model::ServiceId callee = model::kNoService;
  model::OperationId operation = model::kNoOperation;  // kOperation only
  model::Kind kind = model::Kind::kUnknown;
  DependencyTotals totals;
};

struct DependencyNode {
  model::ServiceId service = model::kNoService;
  model::OperationId operation = model::kNoOperation;  // kOperation only
  uint64_t callers = 0;                                // distinct known services that call it
  uint64_t callees = 0;  // distinct known services that it calls; 0 at kOperation: a call does not
                         // say which operation of its caller made it
  DependencyTotals totals;  // of the calls that it received
};

class DependencyGraph {
 public:
  void Add(const CallGraph& graph);
  void Merge(DependencyGraph&& from);

  // Entries: distinct (caller, callee, operation, kind).
  size_t size() const { return size_; }
  // Bytes on the heap.
  size_t allocated() const;

  // In the order of caller, callee, kind and operation, by text.
  void VisitEdges(const model::Names& names, DependencyLevel level,
                  const std::function<void(const DependencyEdge&)>& visit) const;
  // In the order of service and operation, by text. At kService services that only call are there
  // too, without calls.
  void VisitNodes(const model::Names& names, DependencyLevel level,
                  const std::function<void(const DependencyNode&)>& visit) const;

 private:
  struct Key {
    model::ServiceId caller = model::kNoService;
    model::ServiceId callee = model::kNoService;
    model::OperationId operation = model::kNoOperation;
    model::Kind kind = model::Kind::kUnknown;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Entry {
    Key key{};
    uint64_t calls = 0;
    uint64_t errors = 0;
    uint64_t client_side = 0;
    uint64_t self_known = 0;
    uint64_t self_ns = 0;  // at most 2^64 - 1: 584 years
    statistics::QuantileSketch latency_ns;
  };
  struct Slot {
    uint32_t tag = 0;    // high half of the key's hash
    uint32_t entry = 0;  // its number + 1; 0: free
  };
  // Entries stand in chunks, so that growing moves none of them.
  static constexpr uint32_t kChunkBits = 8;
  struct Chunk {
    std::unique_ptr<Entry[]> entries = std::make_unique<Entry[]>(size_t{1} << kChunkBits);
    Chunk() = default;
    Chunk(const Chunk& other) {
      std::copy_n(other.entries.get(), size_t{1} << kChunkBits, entries.get());
    }
    Chunk(Chunk&&) noexcept = default;
    Chunk& operator=(Chunk other) noexcept {
      entries.swap(other.entries);
      return *this;
    }
  };
  static constexpr uint32_t kBatch = 32;  // calls whose entries are prefetched together

  static Key KeyOf(const TraceCall& call) {
    return {call.caller, call.callee, call.operation, call.kind};
  }
  static uint64_t Hash(const Key& key);
  static void Count(const TraceCall& call, Entry& entry);
  static void AddTo(DependencyTotals& totals, const Entry& entry);

  Entry& At(uint32_t number) {
    return chunks_[number >> kChunkBits].entries[number & ((1u << kChunkBits) - 1)];
  }
  const Entry& At(uint32_t number) const {
    return chunks_[number >> kChunkBits].entries[number & ((1u << kChunkBits) - 1)];
  }
  Entry& FindOrInsert(const Key& key, uint64_t hash);
  void Grow();
  std::vector<const Entry*> Sorted(const model::Names& names, bool by_callee) const;

  std::vector<Chunk> chunks_;
  std::vector<Slot> slots_;
  uint32_t size_ = 0;
};

}  // namespace plumbago::graph
