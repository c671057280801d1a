// Rows partitioned by trace: every row of a trace is in the same partition, so that partitions are
// worked on independently. Each reading thread fills its own PartitionWriter.
//
// A row is copied once, packed (packed_row.h), to the end of its partition's open chunk. When a
// writer's chunks have used up its share of the memory, the full ones go to the spill file, all in
// one write, partition by partition, and their memory is used again.
//
// Cost: 256 partitions: five million rows make partitions of 20,000 rows or 1.2 MB, which stay in a
// core's cache while their traces are grouped and built.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/spill_file.h"
#include "engine/chunk_pool.h"
#include "engine/details_store.h"
#include "engine/loose_records.h"
#include "engine/memory_plan.h"
#include "engine/row_pieces.h"
#include "formats/format.h"
#include "model/call_batch.h"

namespace plumbago::engine {

inline constexpr size_t kPartitionBits = 8;
inline constexpr size_t kPartitions = 1u << kPartitionBits;

// A thread's rows, by partition. Not thread-safe.
class PartitionWriter final : public formats::BatchSink {
 public:
  // `spill` null: all rows stay in memory. `details` null: those of rows are dropped.
  PartitionWriter(const MemoryPlan& plan, std::shared_ptr<SpillFile> spill,
                  DetailsStore* details = nullptr);
  // Span links are dropped until then.
  void KeepLinks() { keep_links_ = true; }
  void Accept(model::CallBatch& batch) override;
  // The first error of spilling; rows that came after it may be kept in memory beyond the plan.
  const Result<void>& status() const { return status_ ? loose_.status() : status_; }
  // What came beside the rows of traces.
  const LooseRecords& loose() const { return loose_; }

  // Adds the rows of a partition to `pieces`; what is resident stays there until Release. Not while
  // rows come.
  void Collect(size_t partition, RowPieces& pieces) const;
  void Release(size_t partition);

  uint64_t rows() const { return rows_; }
  uint64_t links() const { return links_; }
  uint64_t spilled_bytes() const { return spilled_bytes_; }
  size_t resident_bytes() const { return first_.resident_bytes() + later_.resident_bytes(); }
  int64_t first_ns() const { return first_ns_; }
  int64_t last_ns() const { return last_ns_; }
  bool sides_marked() const { return sides_marked_; }
  // Resolution of the starts: 1 ms, 1 us or 1 ns.
  int64_t tick_ns() const { return tick_ns_; }
  // There are spans of clients, of servers, that name their instance.
  bool client_instances() const { return client_instances_; }
  bool server_instances() const { return server_instances_; }

 private:
  struct Chunk {
    char* bytes = nullptr;
    uint32_t used = 0;  // but for the last chunk, whose end is the partition's `at`
    bool first = false;
  };
  struct Open {  // the room in the last chunk
    char* at = nullptr;
    char* end = nullptr;
  };
  void NextChunk(size_t partition);
  void KeepDetails(model::CallBatch& batch);
  // `attributes`: call.attributes of them.
  void PutRow(const model::Call& call, model::PathView path,
              const model::AttributeId* attributes = nullptr);
  void PutLinks(const std::vector<model::SpanLink>& links);
  void Spill();
  std::string_view Bytes(size_t partition, size_t chunk) const;
  void Give(const Chunk& chunk);

  // A partition's first chunk is small and in ordinary pages, so that a small input stays small.
  ChunkPool first_;
  ChunkPool later_;
  size_t most_resident_;
  std::shared_ptr<SpillFile> spill_;
  std::optional<DetailsStore::Writer> details_;
  std::array<Open, kPartitions> open_{};
  std::vector<std::vector<Chunk>> chunks_;
  std::vector<std::vector<Extent>> spilled_;
  std::vector<std::string_view> parts_;
  LooseRecords loose_;
  Result<void> status_;
  uint64_t rows_ = 0;
  uint64_t links_ = 0;
  uint64_t spilled_bytes_ = 0;
  int64_t first_ns_ = model::kNoTime;
  int64_t last_ns_ = model::kNoTime;
  bool sides_marked_ = false;
  int64_t tick_ns_ = 1'000'000;
  bool client_instances_ = false;
  bool server_instances_ = false;
  bool keep_links_ = false;
};

}  // namespace plumbago::engine
