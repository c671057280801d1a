// Values that stay where they are until Clear. Memory is kept, so that there is no allocation once
// it has grown: what a reader points spans to. One thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace plumbago::formats::json {

template <class T>
class Pool {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  // Room for `count`; Keep says how many of them are used.
  T* Room(size_t count) {
    if (static_cast<size_t>(end_ - at_) < count) [[unlikely]]
      Grow(count);
    return at_;
  }
  std::span<const T> Keep(size_t count) {
    const std::span<const T> kept(at_, count);
    at_ += count;
    return kept;
  }
  std::span<const T> Copy(std::span<const T> values) {
    if (values.empty()) return {};
    std::memcpy(static_cast<void*>(Room(values.size())), values.data(), values.size_bytes());
    return Keep(values.size());
  }
  void Clear() {
    if (chunks_.size() > 1) {  // the last is the largest
      chunks_.front() = std::move(chunks_.back());
      chunks_.resize(1);
    }
    if (!chunks_.empty() && chunks_[0].size * sizeof(T) > kKeptBytes) chunks_.clear();
    at_ = chunks_.empty() ? nullptr : chunks_[0].values.get();
    end_ = chunks_.empty() ? nullptr : at_ + chunks_[0].size;
  }

 private:
  static constexpr size_t kKeptBytes = 8u << 20;
  struct Chunk {
    std::unique_ptr<T[]> values;
    size_t size = 0;
  };
  void Grow(size_t count) {
    const size_t size = std::max(
        count, chunks_.empty() ? (size_t{16} << 10) / sizeof(T) + 1 : 2 * chunks_.back().size);
    chunks_.push_back({std::make_unique_for_overwrite<T[]>(size), size});
    at_ = chunks_.back().values.get();
    end_ = at_ + size;
  }

  std::vector<Chunk> chunks_;
  T* at_ = nullptr;
  T* end_ = nullptr;
};

// Texts without their escapes, decoded base64.
class TextArena : public Pool<char> {
 public:
  std::string_view KeepText(size_t bytes) {
    const std::span<const char> kept = Keep(bytes);
    return {kept.data(), kept.size()};
  }
  std::string_view CopyText(std::string_view text) {
    const std::span<const char> kept = Copy({text.data(), text.size()});
    return {kept.data(), kept.size()};
  }
};

}  // namespace plumbago::formats::json
