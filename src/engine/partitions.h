// Rows partitioned by trace: every row of a trace is in the same partition, so that partitions are
// worked on independently. Each reading thread fills its own PartitionWriter; Partitions holds them
// all.
//
// Cost: a row is copied once, packed (packed_row.h). 256 partitions: five million rows make
// partitions of 20,000 rows or 1.2 MB, which stay in a core's cache while their traces are grouped
// and built.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "formats/format.h"
#include "model/call_batch.h"

namespace plumbago::engine {

inline constexpr size_t kPartitions = 256;

// A thread's rows, by partition. Not thread-safe.
class PartitionWriter final : public formats::BatchSink {
 public:
  PartitionWriter();
  void Accept(model::CallBatch& batch) override;

  // Chunks of whole packed rows.
  struct Chunk {
    std::unique_ptr<char[]> bytes;
    size_t used = 0;
    size_t size = 0;
  };
  std::span<const Chunk> chunks(size_t partition) const { return partitions_[partition]; }
  void Release(size_t partition) { std::vector<Chunk>().swap(partitions_[partition]); }

  uint64_t rows() const { return rows_; }
  uint64_t bytes() const { return bytes_; }
  int64_t first_ns() const { return first_ns_; }
  int64_t last_ns() const { return last_ns_; }
  bool sides_marked() const { return sides_marked_; }

 private:
  char* Room(size_t partition, size_t most);

  std::vector<std::vector<Chunk>> partitions_;
  uint64_t rows_ = 0;
  uint64_t bytes_ = 0;
  int64_t first_ns_ = model::kNoTime;
  int64_t last_ns_ = model::kNoTime;
  bool sides_marked_ = false;
};

}  // namespace plumbago::engine
