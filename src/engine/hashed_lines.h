// Sums by key, at most so many keys: those whose hash is lowest are kept, the others are added to
// the line that stands for them. What is kept depends on the set of keys only, not on their order
// or on how they are spread over threads.
//
// Key: `bool other`, equality, `uint64_t Hash(names)` of its texts, `Key Other()`.
// Value: `Merge(const Value&)`. One object a thread; merged afterwards.
#pragma once

#include <tsl/robin_map.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "model/names.h"

namespace plumbago::engine {

template <class Key, class Value, class KeyHash>
class HashedLines {
 public:
  HashedLines(const model::Names& names, size_t most) : names_(names), most_(most) {}

  Value& operator[](const Key& key) {
    const auto at = lines_.find(key);
    if (at != lines_.end()) return at.value();
    if (!key.other && key.Hash(names_) >= below_) return lines_[key.Other()];
    return lines_[key];
  }
  // Back to the bound, once it is passed by a quarter. Between traces.
  void Trim() {
    if (lines_.size() > most_ + most_ / 4) TrimExactly();
  }
  void TrimExactly() {
    std::vector<uint64_t> hashes;
    for (const auto& [key, value] : lines_) {
      if (!key.other) hashes.push_back(key.Hash(names_));
    }
    if (hashes.size() <= most_) return;
    const auto first_out = hashes.begin() + static_cast<std::ptrdiff_t>(most_);
    std::nth_element(hashes.begin(), first_out, hashes.end());
    below_ = *first_out;
    Refill(std::exchange(lines_, {}));
  }
  void Merge(const HashedLines& other) {
    if (other.below_ < below_) {
      below_ = other.below_;
      Refill(std::exchange(lines_, {}));
    }
    Refill(other.lines_);
    TrimExactly();
  }
  const auto& lines() const { return lines_; }

 private:
  using Lines = tsl::robin_map<Key, Value, KeyHash>;
  void Refill(const Lines& from) {
    for (const auto& [key, value] : from) (*this)[key].Merge(value);
  }

  const model::Names& names_;
  const size_t most_;
  uint64_t below_ = UINT64_MAX;  // hashes from here on are beyond the bound
  Lines lines_;
};

}  // namespace plumbago::engine
