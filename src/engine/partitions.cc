#include "engine/partitions.h"

#include <algorithm>

#include "engine/link_rows.h"
#include "engine/packed_row.h"

namespace plumbago::engine {
namespace {

constexpr size_t kFirstChunk = 4u << 10;
constexpr size_t kSlab = 2u << 20;

}  // namespace

PartitionWriter::PartitionWriter(const MemoryPlan& plan, std::shared_ptr<SpillFile> spill,
                                 DetailsStore* details)
    : first_(kFirstChunk, kFirstChunk * kPartitions),
      later_(plan.chunk_bytes, kSlab),
      most_resident_(plan.resident_rows / plan.threads),
      spill_(std::move(spill)),
      chunks_(kPartitions),
      spilled_(kPartitions),
      loose_(most_resident_, spill_) {
  if (details != nullptr) details_.emplace(*details);
}

// From here on rows hold addresses.
void PartitionWriter::KeepDetails(model::CallBatch& batch) {
  for (model::Call& call : batch.calls) {
    if (call.details_size == 0) continue;
    Result<uint64_t> address{0};
    if (details_) address = details_->Add(batch.Details(call));
    if (details_ && address) {
      call.details_offset = *address;
      continue;
    }
    call.details_size = 0;
    if (!address && status_) status_ = tl::unexpected(address.error());
  }
}

inline void PartitionWriter::PutRow(const model::Call& call, model::PathView path,
                                    const model::AttributeId* attributes) {
  const size_t partition = call.trace.Hash() >> (64 - kPartitionBits);
  Open& open = open_[partition];
  if (static_cast<size_t>(open.end - open.at) <
      kPackedFixed + kPackedOptional + path.size() + call.attributes * sizeof *attributes) {
    NextChunk(partition);
  }
  open.at += PackRow(call, path, open.at, attributes);
}

void PartitionWriter::PutLinks(const std::vector<model::SpanLink>& links) {
  model::Call call;
  LinkPath path;
  for (const model::SpanLink& link : links) {
    LinkToRow(link, call, path);
    PutRow(call, {path.data(), path.size()});
  }
  links_ += links.size();
}

void PartitionWriter::Accept(model::CallBatch& batch) {
  if (!batch.details.empty()) KeepDetails(batch);
  const model::AttributeId* attributes = batch.attributes.data();
  for (const model::Call& call : batch.calls) {
    PutRow(call, batch.Path(call), attributes);
    attributes += call.attributes;
    if (call.start_ns != model::kNoTime) {
      if (first_ns_ == model::kNoTime || call.start_ns < first_ns_) first_ns_ = call.start_ns;
      last_ns_ = std::max(last_ns_, call.start_ns);
      // By constants: a division by a variable costs five times as much.
      if (tick_ns_ == 1'000'000 && call.start_ns % 1'000'000 != 0) tick_ns_ = 1'000;
      if (tick_ns_ == 1'000 && call.start_ns % 1'000 != 0) tick_ns_ = 1;
    }
    if (call.side == model::Side::kUnknown) continue;
    sides_marked_ = true;
    if (call.span == 0) continue;
    client_instances_ |= call.side == model::Side::kClient && Index(call.caller_instance) != 0;
    server_instances_ |= call.side == model::Side::kServer && Index(call.callee_instance) != 0;
  }
  rows_ += batch.calls.size();
  if (keep_links_ && !batch.links.empty()) PutLinks(batch.links);
  if (!batch.samples.empty() || !batch.graphs.empty() || !batch.pairs.empty()) loose_.Add(batch);
}

void PartitionWriter::NextChunk(size_t partition) {
  std::vector<Chunk>& chunks = chunks_[partition];
  Open& open = open_[partition];
  if (!chunks.empty()) chunks.back().used = static_cast<uint32_t>(open.at - chunks.back().bytes);
  const bool first = chunks.empty() && spilled_[partition].empty();
  char* bytes = first ? first_.Take() : later_.TakeFree();
  if (bytes == nullptr && spill_ && resident_bytes() + kSlab > most_resident_) {
    open.end = open.at;  // the partition's last chunk is full too
    Spill();
    bytes = later_.TakeFree();
  }
  if (bytes == nullptr) bytes = later_.Take();
  chunks.push_back({bytes, 0, first});
  open = {bytes, bytes + (first ? kFirstChunk : later_.chunk_bytes())};
}

std::string_view PartitionWriter::Bytes(size_t partition, size_t chunk) const {
  const std::vector<Chunk>& chunks = chunks_[partition];
  const Chunk& c = chunks[chunk];
  const bool last = chunk + 1 == chunks.size();
  return {c.bytes, last ? static_cast<size_t>(open_[partition].at - c.bytes) : c.used};
}

void PartitionWriter::Give(const Chunk& chunk) {
  (chunk.first ? first_ : later_).Give(chunk.bytes);
}

void PartitionWriter::Spill() {
  if (!status_) return;
  // A partition's open chunk stays: what is left of it is room.
  const auto full = [&](size_t partition) {
    const Open& open = open_[partition];
    return chunks_[partition].size() - (open.at != open.end ? 1 : 0);
  };
  parts_.clear();
  for (size_t p = 0; p < kPartitions; ++p) {
    for (size_t i = 0; i < full(p); ++i) parts_.push_back(Bytes(p, i));
  }
  if (parts_.empty()) return;
  const Result<uint64_t> written = spill_->Append(parts_);
  if (!written) {
    status_ = tl::unexpected(written.error());
    return;
  }
  uint64_t offset = *written;
  for (size_t p = 0; p < kPartitions; ++p) {
    const size_t count = full(p);
    for (size_t i = 0; i < count; ++i) {
      const uint64_t size = Bytes(p, i).size();
      std::vector<Extent>& extents = spilled_[p];
      if (!extents.empty() && extents.back().offset + extents.back().size == offset &&
          extents.back().size + size <= kMostExtent) {
        extents.back().size += size;
      } else {
        extents.push_back({offset, size});
      }
      offset += size;
    }
    for (size_t i = 0; i < count; ++i) Give(chunks_[p][i]);
    chunks_[p].erase(chunks_[p].begin(), chunks_[p].begin() + static_cast<ptrdiff_t>(count));
    if (chunks_[p].empty()) open_[p] = {};
  }
  spilled_bytes_ += offset - *written;
  first_.Trim();
}

void PartitionWriter::Collect(size_t partition, RowPieces& pieces) const {
  for (size_t i = 0; i < chunks_[partition].size(); ++i) {
    pieces.resident.push_back(Bytes(partition, i));
    pieces.bytes += pieces.resident.back().size();
  }
  for (const Extent& extent : spilled_[partition]) {
    pieces.spilled.push_back(extent);
    pieces.bytes += extent.size;
  }
}

void PartitionWriter::Release(size_t partition) {
  // What states need from here on is the room of the rows that are done. Small chunks are not worth
  // a call of the system.
  constexpr size_t kWorthACall = 16u << 10;
  if (later_.chunk_bytes() >= kWorthACall) {
    for (const Chunk& chunk : chunks_[partition]) {
      if (!chunk.first) later_.Drop(chunk.bytes);
    }
  }
  std::vector<Chunk>().swap(chunks_[partition]);
  std::vector<Extent>().swap(spilled_[partition]);
  open_[partition] = {};
}

}  // namespace plumbago::engine
