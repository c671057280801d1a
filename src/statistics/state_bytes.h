// How a state becomes bytes: every number is a varint (LEB128: seven bits a byte, the low ones
// first, the top bit set while more follow); a signed one is zigzagged first (0, -1, 1, -2 ...
// become 0, 1, 2, 3 ...); a 128-bit one is two, the low half first. The same number has one form
// only, so equal states are equal bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/int128.h"
#include "base/varint.h"

namespace plumbago::statistics {

using plumbago::AppendVarint;

inline void AppendSigned(std::string& out, int64_t value) {
  AppendVarint(out, (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63));
}

inline void AppendWide(std::string& out, UInt128 value) {
  AppendVarint(out, static_cast<uint64_t>(value));
  AppendVarint(out, static_cast<uint64_t>(value >> 64));
}

// Reads what Append... wrote. The first damage (bytes that end early, an overlong varint) makes
// ok() false for good, and all that is read from then on is 0: check once at the end. `bytes` must
// outlive the reader.
class StateReader {
 public:
  explicit StateReader(std::string_view bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}

  uint64_t Varint() {
    uint64_t value = 0;
    for (unsigned shift = 0; at_ != end_ && shift < 64; shift += 7) {
      const auto byte = static_cast<uint8_t>(*at_++);
      if (shift == 63 && byte > 1) break;  // beyond 64 bits
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80)
        return byte == 0 && shift > 0 ? Damaged() : value;  // a zero at the end: overlong
    }
    return Damaged();
  }
  int64_t Signed() {
    const uint64_t value = Varint();
    return static_cast<int64_t>((value >> 1) ^ (~(value & 1) + 1));
  }
  UInt128 Wide() {
    const uint64_t low = Varint();
    return static_cast<UInt128>(Varint()) << 64 | low;
  }
  // `size` bytes as they are; empty on damage.
  std::string_view Bytes(uint64_t size) {
    if (size > remaining()) return Damaged(), std::string_view();
    const std::string_view bytes(at_, size);
    at_ += size;
    return bytes;
  }
  // Says that what was read makes no sense.
  uint64_t Damaged() {
    ok_ = false;
    at_ = end_;
    return 0;
  }
  bool ok() const { return ok_; }
  uint64_t remaining() const { return static_cast<uint64_t>(end_ - at_); }

 private:
  const char* at_;
  const char* end_;
  bool ok_ = true;
};

}  // namespace plumbago::statistics
