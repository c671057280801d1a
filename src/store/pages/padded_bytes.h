// Bytes of a page, with so many readable ones behind their end that bits are read eight bytes at a
// time; and the loads that do so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace plumbago::store {

inline constexpr size_t kPadding = 16;

class PaddedBytes {
 public:
  // Room for `size` bytes, which are not kept from before; the padding is zero.
  void Resize(size_t size) {
    if (data_ == nullptr || size > capacity_) {
      data_ = std::make_unique_for_overwrite<char[]>(size + kPadding);
      capacity_ = size;
    }
    size_ = size;
    std::memset(data_.get() + size, 0, kPadding);
  }
  char* data() { return data_.get(); }
  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }
  std::string_view view() const { return {data_.get(), size_}; }

 private:
  std::unique_ptr<char[]> data_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

inline uint64_t Load64(const char* at) {
  uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// `width` (up to 64) bits from a position on. Reads up to 16 bytes there.
inline uint64_t BitsAt(const char* data, uint64_t position, unsigned width) {
  if (width == 0) return 0;
  const char* const at = data + position / 8;
  const unsigned shift = position % 8;
  uint64_t bits = Load64(at) >> shift;
  if (shift > 0 && shift + width > 64)
    bits |= static_cast<uint64_t>(static_cast<uint8_t>(at[8])) << (64 - shift);
  return width == 64 ? bits : bits & ((uint64_t{1} << width) - 1);
}

// LEB128 of up to 64 bits. False: it does not end before `end`, or is longer.
inline bool ReadVarint(const char*& at, const char* end, uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 64 && at != end; shift += 7) {
    const auto byte = static_cast<uint8_t>(*at++);
    value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) return true;
  }
  return false;
}

}  // namespace plumbago::store
