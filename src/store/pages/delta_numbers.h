// Whole numbers as differences, packed in blocks of miniblocks (DELTA_BINARY_PACKED).
// Source: parquet-format, Encodings.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace plumbago::store {

class DeltaNumbers {
 public:
  DeltaNumbers() = default;
  // False: the head is damaged. `bytes` outlive it, padded (padded_bytes.h).
  bool Begin(std::string_view bytes);
  uint64_t size() const { return size_; }  // numbers in all, as the head says

  // The next `count`; sums wrap. False: so many are not there, or they are damaged.
  template <class T>  // int64_t, or int32_t: the low half
  bool Read(T* out, size_t count);
  // What follows the numbers, none of which was read. Walks over the heads of their blocks.
  bool Behind(std::string_view& rest) const;

 private:
  bool NextMiniblock();

  const char* at_ = nullptr;
  const char* end_ = nullptr;
  uint64_t size_ = 0;
  uint64_t left_ = 0;          // numbers not read
  uint64_t behind_first_ = 0;  // of those, not begun as miniblocks
  bool has_first_ = false;
  uint64_t value_ = 0;
  uint64_t miniblock_values_ = 0;
  uint64_t miniblocks_ = 0;  // of a block
  uint64_t miniblock_ = 0;   // at hand, in its block
  const char* widths_ = nullptr;
  uint64_t least_ = 0;
  unsigned width_ = 0;
  uint64_t in_miniblock_ = 0;  // numbers left of it
  uint64_t bit_ = 0;           // from at_ on
};

}  // namespace plumbago::store
