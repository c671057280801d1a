// A number of bytes that several parts of the program share out among themselves. Thread-safe.
#pragma once

#include <atomic>
#include <cstddef>

namespace plumbago {

class MemoryShare {
 public:
  explicit MemoryShare(size_t bytes) : bytes_(bytes), left_(bytes) {}
  MemoryShare(const MemoryShare&) = delete;
  MemoryShare& operator=(const MemoryShare&) = delete;

  // All of it, whoever has it.
  size_t bytes() const { return bytes_; }
  // False: so much is not left.
  bool Take(size_t bytes) {
    size_t left = left_.load(std::memory_order_relaxed);
    while (left >= bytes) {
      if (left_.compare_exchange_weak(left, left - bytes, std::memory_order_relaxed)) return true;
    }
    return false;
  }
  void Give(size_t bytes) { left_.fetch_add(bytes, std::memory_order_relaxed); }

 private:
  const size_t bytes_;
  std::atomic<size_t> left_;
};

}  // namespace plumbago
