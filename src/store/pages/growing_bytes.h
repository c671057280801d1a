// Bytes that grow at their end and are dropped at their begin; nothing is written that is not
// asked for. A cell behind the end can be read, whatever it holds.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>

namespace plumbago::store {

class GrowingBytes {
 public:
  static constexpr size_t kBehind = 16;

  // Makes room for `size` more, and gives where they go.
  char* Append(size_t size) {
    if (size_ + size > capacity_) {
      const size_t capacity = std::max(size_ + size, 2 * capacity_);
      auto data = std::make_unique_for_overwrite<char[]>(capacity + kBehind);
      if (size_ > 0) std::memcpy(data.get(), data_.get(), size_);
      data_ = std::move(data);
      capacity_ = capacity;
    }
    size_ += size;
    return data_.get() + size_ - size;
  }
  // Room for `size`; what was there is not kept.
  char* Reset(size_t size) {
    size_ = 0;
    return Append(size);
  }
  void DropFirst(size_t size) {
    if (size < size_) std::memmove(data_.get(), data_.get() + size, size_ - size);
    size_ -= size;
  }
  void Clear() { size_ = 0; }
  char* data() { return data_.get(); }
  const char* data() const { return data_.get(); }
  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }

 private:
  std::unique_ptr<char[]> data_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace plumbago::store
