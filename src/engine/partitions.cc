#include "engine/partitions.h"

#include <algorithm>

#include "engine/packed_row.h"

namespace plumbago::engine {
namespace {

// A partition's first chunk is small, so that a small input stays small; later ones are of a fixed
// size.
constexpr size_t kFirstChunk = 4u << 10;
constexpr size_t kChunk = 64u << 10;

}  // namespace

PartitionWriter::PartitionWriter() : partitions_(kPartitions) {}

char* PartitionWriter::Room(size_t partition, size_t most) {
  std::vector<Chunk>& chunks = partitions_[partition];
  if (chunks.empty() || chunks.back().used + most > chunks.back().size) {
    const size_t size = chunks.empty() ? kFirstChunk : kChunk;
    chunks.push_back({std::make_unique_for_overwrite<char[]>(size), 0, size});
    bytes_ += size;
  }
  return chunks.back().bytes.get() + chunks.back().used;
}

void PartitionWriter::Accept(model::CallBatch& batch) {
  for (const model::Call& call : batch.calls) {
    const model::PathView path = batch.Path(call);
    const size_t partition = call.trace.Hash() >> 56;
    char* out = Room(partition, kPackedFixed + path.size() + 32);
    partitions_[partition].back().used += PackRow(call, path, out);
    if (call.start_ns != model::kNoTime) {
      if (first_ns_ == model::kNoTime || call.start_ns < first_ns_) first_ns_ = call.start_ns;
      last_ns_ = std::max(last_ns_, call.start_ns);
    }
    sides_marked_ |= call.side != model::Side::kUnknown;
  }
  rows_ += batch.calls.size();
}

}  // namespace plumbago::engine
