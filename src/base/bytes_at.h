// Streams over a part of bytes that can be read at any position, and such bytes in memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/byte_stream.h"

namespace plumbago {

// From `begin` to `end` of bytes that outlive it, in order. Tells them how far it has come.
class RangeStream final : public ByteStream {
 public:
  RangeStream(BytesAt& bytes, uint64_t begin, uint64_t end)
      : bytes_(bytes), at_(begin), end_(end) {}
  Result<size_t> Read(char* out, size_t size) override {
    ASSIGN_OR_RETURN(
        const size_t n,
        bytes_.ReadAt(at_, out, static_cast<size_t>(std::min<uint64_t>(size, end_ - at_))));
    at_ += n;
    bytes_.SetPassed(at_);
    return n;
  }

 private:
  BytesAt& bytes_;
  uint64_t at_;
  uint64_t end_;
};

// Bytes in memory, which must outlive it, for tests and fuzzers.
class MemoryAt final : public BytesAt {
 public:
  explicit MemoryAt(std::string_view bytes) : bytes_(bytes) {}
  uint64_t size() const override { return bytes_.size(); }
  Result<size_t> ReadAt(uint64_t offset, char* out, size_t size) const override {
    if (offset >= bytes_.size()) return 0;
    const size_t n = std::min(size, bytes_.size() - static_cast<size_t>(offset));
    std::memcpy(out, bytes_.data() + offset, n);
    return n;
  }

 private:
  std::string_view bytes_;
};

}  // namespace plumbago
