// Records that belong to no trace and need no grouping: samples of resource and rate tables, whole
// call graphs, judged pairs of siblings. Each reading thread keeps its own, packed, in pieces of
// 256 KiB; when they have used up their share of the memory, they go to the spill file.
//
// Layout of a record, like packed rows never changing within a run:
//   u8 what, u32 bytes that follow, then for a sample: time, value, service, instance, host,
//   origin, measure, flow, normalised (39 bytes); for a graph: id, form, entry, traces, group,
//   origin, numbers of nodes and edges, the nodes, the edges; for a pair: caller call, caller,
//   overlap, origin (21 bytes).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/spill_file.h"
#include "engine/row_pieces.h"
#include "model/call_batch.h"

namespace plumbago::engine {

// One thread's. Not thread-safe.
class LooseRecords {
 public:
  // At most `most_resident` bytes and an open piece stay in memory. `spill` null: all.
  LooseRecords(size_t most_resident, std::shared_ptr<SpillFile> spill);

  // The samples, graphs and pairs of a batch; graphs within model::kMostGraphParts.
  void Add(const model::CallBatch& batch);
  // The first error of spilling.
  const Result<void>& status() const { return status_; }

  uint64_t samples() const { return samples_; }
  uint64_t graphs() const { return graphs_; }
  uint64_t pairs() const { return pairs_; }
  uint64_t traces() const { return traces_; }  // that the graphs stand for
  // Whole records in each piece, in the order in which they came within a piece.
  void Collect(RowPieces& pieces) const;

 private:
  char* Room(size_t bytes);
  void CloseOpen();

  size_t most_resident_;
  std::shared_ptr<SpillFile> spill_;
  std::string open_;
  std::vector<std::string> full_;
  size_t full_bytes_ = 0;
  std::vector<Extent> spilled_;
  Result<void> status_;
  uint64_t samples_ = 0;
  uint64_t graphs_ = 0;
  uint64_t pairs_ = 0;
  uint64_t traces_ = 0;
};

class LooseVisitor {
 public:
  virtual ~LooseVisitor() = default;
  virtual void VisitSample(const model::Sample& /*sample*/) {}
  virtual void VisitPair(const model::SiblingPair& /*pair*/) {}
  // Valid during the call.
  virtual void VisitGraph(const model::WholeGraphView& /*graph*/) {}
};

// Shows the records of one piece, with the names' new ids.
class LooseReader {
 public:
  explicit LooseReader(const model::NameRanks& ranks) : ranks_(ranks) {}
  void Read(std::string_view piece, LooseVisitor& visitor);

 private:
  const model::NameRanks& ranks_;
  std::vector<model::WholeNode> nodes_;
  std::vector<model::WholeEdge> edges_;
};

}  // namespace plumbago::engine
