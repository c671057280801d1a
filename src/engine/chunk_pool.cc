#include "engine/chunk_pool.h"

#include <sys/mman.h>

#include <new>

namespace plumbago::engine {
ChunkPool::ChunkPool(size_t chunk_bytes, size_t slab_bytes)
    : chunk_bytes_(chunk_bytes), slab_bytes_(slab_bytes) {}

ChunkPool::~ChunkPool() {
  for (char* slab : slabs_) munmap(slab, slab_bytes_);
}

char* ChunkPool::TakeFree() {
  if (!free_.empty()) {
    char* const chunk = free_.back();
    free_.pop_back();
    return chunk;
  }
  if (at_ == end_) return nullptr;
  char* const chunk = at_;
  at_ += chunk_bytes_;
  return chunk;
}

char* ChunkPool::Take() {
  if (char* const chunk = TakeFree()) return chunk;
  void* const mapped =
      mmap(nullptr, slab_bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  auto* const slab = static_cast<char*>(mapped);
  slabs_.push_back(slab);
  at_ = slab + chunk_bytes_;
  end_ = slab + slab_bytes_;
  return slab;
}

void ChunkPool::Drop(char* chunk) const { madvise(chunk, chunk_bytes_, MADV_DONTNEED); }

void ChunkPool::Trim() {
  const size_t cut =
      slabs_.size() * (slab_bytes_ / chunk_bytes_) - static_cast<size_t>(end_ - at_) / chunk_bytes_;
  if (free_.size() != cut) return;
  for (char* slab : slabs_) munmap(slab, slab_bytes_);
  slabs_.clear();
  free_.clear();
  at_ = end_ = nullptr;
}

}  // namespace plumbago::engine
