// What one thread learns while traces go by: builds each, observes it in all variants, and sorts it
// out as closed (all of it was seen) or open (there may be more of it in other data).
//
// Only a run whose result is saved has open traces. Their rows are kept beside; what is learnt of
// them goes to states of its own, for this run's report only.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/learnt.h"
#include "engine/link_ends.h"
#include "engine/open_rows.h"
#include "engine/saved_state.h"
#include "engine/state_writer.h"
#include "engine/trace_hashes.h"
#include "engine/trace_walk.h"
#include "graph/trace_builder.h"
#include "graph/whole_graph_builder.h"

namespace plumbago::engine {

// Which traces are closed.
struct Closing {
  enum Policy : uint8_t {
    kAll,     // every one: nothing more will come
    kWindow,  // those away from the edges of the data
    kNone,    // no one
  };
  Policy policy = kAll;
  // kWindow: a trace is closed if all of it lies between.
  int64_t first_ns = model::kNoTime;
  int64_t last_ns = model::kNoTime;
  // A trace with rows from a saved state stays open: they may have neighbours in yet another one.
  bool saved_stay_open = false;

  // The data reaches from `first_start_ns` to `last_start_ns`; traces within `window_ns` of either
  // stay open.
  void SetWindow(int64_t first_start_ns, int64_t last_start_ns, int64_t window_ns);
  bool Open(const TraceWindow& window) const;
};

struct ObserverOptions {
  const Analyses* analyses = nullptr;
  const model::Names* names = nullptr;
  const analysis::Facts* facts = nullptr;
  graph::RepairMode mode = graph::RepairMode::kRebuild;
  Closing closing;
  bool report = true;          // false: what is open is not looked at
  bool keep_hashes = false;    // of closed traces
  bool keep_open_ids = false;  // of open ones: there are closed traces to hold them against
  PlaceOf place_of;            // set: open rows are kept
  std::shared_ptr<SpillFile> spill;
  size_t most_states = SIZE_MAX;  // bytes of tables in memory
};

class Observer final : public TraceVisitor {
 public:
  explicit Observer(ObserverOptions options);

  void Visit(const model::TraceId& trace, std::span<const graph::Row> rows) override;
  void VisitLinked(const model::TraceId& trace, std::span<const graph::Row> rows,
                   std::span<const graph::Row> links) override;
  // Belong to no open trace: always closed.
  void VisitSample(const model::Sample& sample) override;
  void VisitPair(const model::SiblingPair& pair) override;
  void VisitGraph(const model::WholeGraphView& whole) override;
  void Release() override;
  Result<void> EndPartition(size_t partition) override;

  void Freeze();
  void Merge(Observer&& from);

  // Sealed blocks of open rows in the spill file, by partition.
  struct OpenPiece {
    size_t partition;
    SpilledPiece piece;
  };

  Learnt closed;
  Learnt open;
  ClosedTraces closed_traces;
  OpenTraces open_traces;
  std::vector<OpenPiece> open_pieces;

 private:
  void MakeBuilder();
  void Keep(const model::TraceId& trace, std::span<const graph::Row> rows);
  // Closed or open?
  bool Closes(const model::TraceId& trace, const TraceWindow& window);
  void Observe(const model::TraceId& trace, std::span<const graph::Row> rows,
               const TraceWindow& window, Learnt& into);
  void ObserveVariant(graph::RepairMode mode, bool marked, Learnt& into);
  Result<void> FlushOpenRows(size_t partition);

  const ObserverOptions options_;
  std::unique_ptr<graph::TraceBuilder> builder_;
  graph::WholeGraphBuilder whole_graphs_;
  LinkEnds link_ends_;
  std::vector<graph::Row> all_rows_;
  // Open traces of the partition: their encoded rows, and where each begins.
  struct Kept {
    uint64_t hash;
    model::TraceId trace;
    size_t begin;
    size_t size;
  };
  std::string kept_rows_;
  std::vector<Kept> kept_;
  std::vector<size_t> ends_;
  std::vector<uint32_t> scratch_;
};

}  // namespace plumbago::engine
