#include "store/pages/delta_numbers.h"

#include <algorithm>

#include "store/pages/padded_bytes.h"

namespace plumbago::store {
namespace {

// Writers use 128 and 4; more than these is no file that anyone wrote.
constexpr uint64_t kMostBlock = 1u << 16;
constexpr uint64_t kMostMiniblocks = 512;

uint64_t FromZigzag(uint64_t value) { return value >> 1 ^ (~(value & 1) + 1); }

}  // namespace

bool DeltaNumbers::Begin(std::string_view bytes) {
  *this = {};
  at_ = bytes.data();
  end_ = at_ + bytes.size();
  uint64_t block = 0, first = 0;
  if (!ReadVarint(at_, end_, block) || !ReadVarint(at_, end_, miniblocks_) ||
      !ReadVarint(at_, end_, size_) || !ReadVarint(at_, end_, first)) {
    return false;
  }
  if (block == 0 || block > kMostBlock || miniblocks_ == 0 || miniblocks_ > kMostMiniblocks ||
      block % miniblocks_ != 0 || size_ > INT32_MAX) {
    return false;
  }
  miniblock_values_ = block / miniblocks_;
  if (miniblock_values_ % 8 != 0) return false;  // whole bytes
  value_ = FromZigzag(first);
  left_ = size_;
  has_first_ = size_ > 0;
  behind_first_ = size_ > 0 ? size_ - 1 : 0;
  miniblock_ = miniblocks_;  // the first block follows
  return true;
}

bool DeltaNumbers::NextMiniblock() {
  at_ += bit_ / 8;
  bit_ = 0;
  if (miniblock_ == miniblocks_) {
    uint64_t least = 0;
    if (!ReadVarint(at_, end_, least) || miniblocks_ > static_cast<uint64_t>(end_ - at_))
      return false;
    least_ = FromZigzag(least);
    widths_ = at_;
    at_ += miniblocks_;
    miniblock_ = 0;
  }
  width_ = static_cast<uint8_t>(widths_[miniblock_++]);
  if (width_ > 64) return false;
  in_miniblock_ = std::min(miniblock_values_, behind_first_);
  behind_first_ -= in_miniblock_;
  // The last may be cut off behind its last number.
  return (in_miniblock_ * width_ + 7) / 8 <= static_cast<uint64_t>(end_ - at_);
}

template <class T>
bool DeltaNumbers::Read(T* out, size_t count) {
  if (count > left_) return false;
  left_ -= count;
  if (count > 0 && has_first_) {
    *out++ = static_cast<T>(value_);
    has_first_ = false;
    --count;
  }
  while (count > 0) {
    if (in_miniblock_ == 0 && !NextMiniblock()) return false;
    const auto n = static_cast<size_t>(std::min<uint64_t>(count, in_miniblock_));
    for (size_t i = 0; i < n; ++i) {
      value_ += least_ + BitsAt(at_, bit_, width_);
      bit_ += width_;
      out[i] = static_cast<T>(value_);
    }
    in_miniblock_ -= n;
    // The bits of a last one that is not full are there all the same.
    if (in_miniblock_ == 0) {
      bit_ = std::min(miniblock_values_ * width_, static_cast<uint64_t>(end_ - at_) * 8);
    }
    out += n;
    count -= n;
  }
  return true;
}

bool DeltaNumbers::Behind(std::string_view& rest) const {
  DeltaNumbers walk = *this;
  while (walk.behind_first_ > 0) {
    if (!walk.NextMiniblock()) return false;
    walk.bit_ = std::min(walk.miniblock_values_ * walk.width_,
                         static_cast<uint64_t>(walk.end_ - walk.at_) * 8);
  }
  walk.at_ += walk.bit_ / 8;
  rest = {walk.at_, static_cast<size_t>(walk.end_ - walk.at_)};
  return true;
}

template bool DeltaNumbers::Read(int32_t*, size_t);
template bool DeltaNumbers::Read(int64_t*, size_t);
template bool DeltaNumbers::Read(uint32_t*, size_t);

}  // namespace plumbago::store
