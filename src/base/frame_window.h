// A look at a few bytes here and there in a file, forwards, with few reads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/byte_stream.h"

namespace plumbago {

class FrameWindow {
 public:
  explicit FrameWindow(const BytesAt& bytes) : bytes_(bytes) {}
  uint64_t file_bytes() const { return bytes_.size(); }
  // `size` bytes at `offset`, at most kBytes; fewer at the end of the file or where it cannot be
  // read. Valid until the next call.
  std::string_view At(uint64_t offset, size_t size) {
    if (offset < begin_ || offset + size > begin_ + held_) {
      if (buffer_.empty()) buffer_.resize(kBytes);
      const Result<size_t> n = bytes_.ReadAt(offset, buffer_.data(), kBytes);
      begin_ = offset;
      held_ = n ? *n : 0;
    }
    const auto skip = static_cast<size_t>(offset - begin_);
    return std::string_view(buffer_).substr(skip, std::min(size, held_ - skip));
  }

  static constexpr size_t kBytes = 72 << 10;

 private:
  const BytesAt& bytes_;
  std::string buffer_;
  uint64_t begin_ = 0;
  size_t held_ = 0;
};

// The number in the first `size` bytes, least byte first.
inline uint64_t LittleEndian(std::string_view bytes, size_t size) {
  uint64_t value = 0;
  for (size_t i = 0; i < size; ++i) {
    value |= uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  }
  return value;
}

}  // namespace plumbago
