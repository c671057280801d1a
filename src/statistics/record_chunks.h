// Records by number that never move: chunks that double. Growing copies nothing, what is not used
// yet is neither made nor touched, and a record's address stays as it is.
//
// Cost: a number is found in 1 ns. Not thread-safe while growing.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace plumbago::statistics {

template <class R>
class RecordChunks {
 public:
  RecordChunks() = default;
  RecordChunks(const RecordChunks& other) {
    for (uint32_t i = 0; i < other.size_; ++i) Add(other[i]);
  }
  RecordChunks(RecordChunks&& other) noexcept { Swap(other); }
  RecordChunks& operator=(RecordChunks other) noexcept {
    Swap(other);
    return *this;
  }
  ~RecordChunks() {
    for (uint32_t i = 0; i < size_; ++i) std::destroy_at(&(*this)[i]);
    std::allocator<R> memory;
    for (size_t k = 0; k < kChunks && chunks_[k] != nullptr; ++k) {
      memory.deallocate(chunks_[k], kFirst << k);
    }
  }

  template <class... Args>
  R& Add(Args&&... args) {
    const auto [chunk, at] = PlaceOf(size_);
    if (at == 0) chunks_[chunk] = std::allocator<R>().allocate(kFirst << chunk);
    R* const made = std::construct_at(chunks_[chunk] + at, std::forward<Args>(args)...);
    ++size_;
    return *made;
  }
  R& operator[](uint32_t number) {
    const auto [chunk, at] = PlaceOf(number);
    return chunks_[chunk][at];
  }
  const R& operator[](uint32_t number) const {
    const auto [chunk, at] = PlaceOf(number);
    return chunks_[chunk][at];
  }
  uint32_t size() const { return size_; }

 private:
  static constexpr size_t kFirst = 16;
  static constexpr size_t kChunks = 29;  // 2^32 records

  // Chunk k begins with number kFirst * (2^k - 1).
  static std::pair<size_t, size_t> PlaceOf(uint32_t number) {
    const size_t from_first = size_t{number} + kFirst;
    const auto chunk = static_cast<size_t>(std::bit_width(from_first) - std::bit_width(kFirst));
    return {chunk, from_first - (kFirst << chunk)};
  }
  void Swap(RecordChunks& other) noexcept {
    std::swap(chunks_, other.chunks_);
    std::swap(size_, other.size_);
  }

  std::array<R*, kChunks> chunks_{};
  uint32_t size_ = 0;
};

}  // namespace plumbago::statistics
