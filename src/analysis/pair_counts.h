// How often each pair of ids was seen: caller and callee, service and operation.
//
// Open addressing with linear probing, at most two thirds full; 16 bytes a slot. The order of slots
// follows the ids, which differ from run to run: sort what is printed. Merging adds, so it is
// commutative and associative.
//
// Cost: Add about 5 ns while the table is in the second-level cache. One writer at a time; const
// functions may run at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/strong_id.h"

namespace plumbago::analysis {

class PairCounts {
 public:
  template <class A, class B>
  void Add(A first, B second, uint64_t times = 1) {
    Add(static_cast<uint64_t>(Index(first)) << 32 | Index(second), times);
  }
  void Merge(PairCounts&& from) {
    if (from.size_ > size_) std::swap(*this, from);
    for (const Slot& slot : from.slots_) {
      if (slot.count > 0) Add(slot.pair, slot.count);
    }
  }

  // Distinct pairs.
  size_t size() const { return size_; }
  size_t allocated() const { return slots_.capacity() * sizeof(Slot); }

  // visit(first, second, count), in no order.
  template <class A, class B, class F>
  void ForEach(F&& visit) const {
    for (const Slot& slot : slots_) {
      if (slot.count == 0) continue;
      visit(Id<A>(static_cast<uint32_t>(slot.pair >> 32)), Id<B>(static_cast<uint32_t>(slot.pair)),
            slot.count);
    }
  }

 private:
  struct Slot {
    uint64_t pair = 0;
    uint64_t count = 0;  // 0: empty
  };

  static uint64_t Mix(uint64_t pair) {
    pair *= 0x9E3779B97F4A7C15ull;
    return (pair ^ (pair >> 32)) * 0xD6E8FEB86659FD93ull;
  }
  void Add(uint64_t pair, uint64_t times) {
    if (times == 0) return;
    if (size_ * 3 >= slots_.size() * 2) Grow();
    for (size_t at = Mix(pair) >> shift_;; at = (at + 1) & (slots_.size() - 1)) {
      Slot& slot = slots_[at];
      if (slot.count > 0 && slot.pair != pair) continue;
      size_ += slot.count == 0;
      slot.pair = pair;
      slot.count += times;
      return;
    }
  }
  void Grow() {
    std::vector<Slot> old = std::move(slots_);
    slots_.assign(old.empty() ? 64 : old.size() * 2, Slot{});
    shift_ = old.empty() ? 58 : shift_ - 1;
    size_ = 0;
    for (const Slot& slot : old) {
      if (slot.count > 0) Add(slot.pair, slot.count);
    }
  }

  std::vector<Slot> slots_;
  size_t size_ = 0;
  int shift_ = 64;  // 64 - log2 of the slots
};

}  // namespace plumbago::analysis
