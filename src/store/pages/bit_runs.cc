#include "store/pages/bit_runs.h"

#include <algorithm>

#include "store/pages/padded_bytes.h"

namespace plumbago::store {

BitRuns::BitRuns(std::string_view bytes, unsigned width)
    : at_(bytes.data()), end_(bytes.data() + bytes.size()), width_(width) {
  if (width == 0) repeats_ = UINT64_MAX;
}

bool BitRuns::NextRun() {
  // A stretch is whole groups of eight, so whole bytes.
  at_ += std::min<uint64_t>(bit_ / 8, static_cast<uint64_t>(end_ - at_));
  bit_ = 0;
  uint64_t head = 0;
  if (!ReadVarint(at_, end_, head)) return false;
  const uint64_t count = head >> 1;
  const auto left = static_cast<uint64_t>(end_ - at_);
  if ((head & 1) != 0) {
    if (count > UINT32_MAX) return false;
    // What is cut off may be padding: only what is read must be there.
    packed_ = std::min(count * 8, left * 8 / width_);
    return packed_ > 0 || count == 0;
  }
  const unsigned bytes = (width_ + 7) / 8;
  if (bytes > left) return false;
  value_ = static_cast<uint32_t>(BitsAt(at_, 0, bytes * 8));
  if (width_ < 32 && value_ >> width_ != 0) return false;
  at_ += bytes;
  repeats_ = count;
  return true;
}

template <class T>
void BitRuns::Unpack(T* out, size_t size) {
  size_t done = 0;
  if (width_ <= 8) {
    const auto mask = static_cast<uint8_t>((1u << width_) - 1);
    while (done < size && bit_ % 8 != 0) {
      out[done++] = static_cast<T>(BitsAt(at_, bit_, width_));
      bit_ += width_;
    }
    // `width_` bytes hold eight.
    for (; size - done >= 8; done += 8, bit_ += uint64_t{8} * width_) {
      uint64_t word = Load64(at_ + bit_ / 8);
      for (size_t i = 0; i < 8; ++i) {
        out[done + i] = static_cast<T>(static_cast<uint8_t>(word) & mask);
        word >>= width_;
      }
    }
  }
  const uint64_t mask = (uint64_t{1} << width_) - 1;
  for (; done < size; ++done) {
    out[done] = static_cast<T>(Load64(at_ + bit_ / 8) >> (bit_ % 8) & mask);
    bit_ += width_;
  }
}

template <class T>
bool BitRuns::ReadAs(T* out, size_t size) {
  while (size > 0) {
    if (repeats_ > 0) {
      const auto n = static_cast<size_t>(std::min<uint64_t>(repeats_, size));
      std::fill_n(out, n, static_cast<T>(value_));
      repeats_ -= n;
      out += n;
      size -= n;
    } else if (packed_ > 0) {
      const auto n = static_cast<size_t>(std::min<uint64_t>(packed_, size));
      Unpack(out, n);
      packed_ -= n;
      out += n;
      size -= n;
    } else if (!NextRun()) {
      return false;
    }
  }
  return true;
}

template bool BitRuns::ReadAs(uint8_t*, size_t);
template bool BitRuns::ReadAs(uint32_t*, size_t);

}  // namespace plumbago::store
