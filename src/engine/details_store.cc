#include "engine/details_store.h"

#include <algorithm>
#include <cstring>

namespace plumbago::engine {
namespace {

constexpr size_t kChunkBytes = 1u << 20;

}  // namespace

Result<uint64_t> DetailsStore::Writer::Add(std::string_view bytes) {
  if (bytes.size() > left_) {
    const size_t used = begin_ == nullptr ? SIZE_MAX : static_cast<size_t>(at_ - begin_);
    ASSIGN_OR_RETURN(chunk_, store_.Next(chunk_, used, bytes.size(), begin_, left_));
    at_ = begin_;
  }
  std::memcpy(at_, bytes.data(), bytes.size());
  const uint64_t address = uint64_t{chunk_} << 32 | static_cast<uint64_t>(at_ - begin_);
  at_ += bytes.size();
  left_ -= bytes.size();
  return address;
}

Result<uint32_t> DetailsStore::Next(uint32_t chunk, size_t used, size_t size, char*& begin,
                                    size_t& room) {
  const std::lock_guard lock(mutex_);
  if (used != SIZE_MAX && spill_ && resident_ > most_resident_) {
    Chunk& full = chunks_[chunk];
    ASSIGN_OR_RETURN(full.offset, spill_->Append(std::string_view(full.bytes.get(), used)));
    full.bytes.reset();
    resident_ -= full.size;
  }
  Chunk& next = chunks_.emplace_back();
  next.size = std::max(kChunkBytes, size);
  next.bytes = std::make_unique_for_overwrite<char[]>(next.size);
  resident_ += next.size;
  begin = next.bytes.get();
  room = next.size;
  return static_cast<uint32_t>(chunks_.size()) - 1;
}

Result<std::string_view> DetailsStore::Read(uint64_t address, uint32_t size,
                                            std::string& scratch) const {
  const Chunk& chunk = chunks_[address >> 32];
  const auto at = static_cast<size_t>(address & 0xFFFFFFFFu);
  if (chunk.bytes) return std::string_view(chunk.bytes.get() + at, size);
  scratch.resize(size);
  RETURN_IF_ERROR(spill_->ReadAt(chunk.offset + at, scratch.data(), size));
  return std::string_view(scratch);
}

}  // namespace plumbago::engine
