// How often each pair of ids was seen: caller and callee, service and operation.
//
// Counted by open addressing with linear probing, at most two thirds full; 16 bytes a slot. Frozen,
// spilled, merged and saved as sorted runs (statistics/keyed_runs.h). Merging adds, so it is
// commutative and associative.
//
// Cost: Add about 5 ns while the table is in the second-level cache. One writer at a time; const
// functions may run at once.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/strong_id.h"
#include "graph/key_parts.h"
#include "statistics/keyed_runs.h"

namespace plumbago::analysis {

template <class First, class Second>
class PairCounts {
 public:
  struct Record {
    uint32_t first = 0;
    uint32_t second = 0;
    uint64_t count = 0;

    static constexpr std::array kKey{graph::kKeyPart<First>, graph::kKeyPart<Second>};
    std::array<uint32_t, 2> key() const { return {first, second}; }
    void set_key(const std::array<uint32_t, 2>& key) {
      first = key[0];
      second = key[1];
    }
    void Merge(const Record& other) { count += other.count; }
    void Save(std::string& out) const { statistics::AppendVarint(out, count); }
    bool Load(statistics::StateReader& in) {
      count = in.Varint();
      return in.ok() && count > 0;
    }
  };
  using Runs = statistics::KeyedRuns<Record>;

  void Add(First first, Second second, uint64_t times = 1) {
    Add(static_cast<uint64_t>(Index(first)) << 32 | Index(second), times);
  }
  // Asks for the memory that Add will touch: a large table does not fit into the cache, and many
  // pairs can be waited for together.
  void Prefetch(First first, Second second) const {
    if (slots_.empty()) return;
    const uint64_t pair = static_cast<uint64_t>(Index(first)) << 32 | Index(second);
    __builtin_prefetch(&slots_[Mix(pair) >> shift_]);
  }
  void Merge(PairCounts&& from) {
    Freeze();
    from.Freeze();
    runs_.Take(std::move(from.runs_));
  }

  // What was counted becomes a sorted run.
  void Freeze() {
    if (size_ == 0) return;
    std::vector<Record> records = Sorted();
    const size_t bytes = records.capacity() * sizeof(Record);
    runs_.Add(std::make_shared<statistics::MemoryRun<Record>>(std::move(records), bytes));
    std::vector<Slot>().swap(slots_);
    size_ = 0;
    shift_ = 64;
  }
  Runs& runs() { return runs_; }
  const Runs& runs() const { return runs_; }

  // Bytes in memory.
  size_t allocated() const { return slots_.capacity() * sizeof(Slot) + runs_.allocated(); }

  // visit(first, second, count), in the order of ids, each pair once.
  template <class F>
  void ForEach(F&& visit) const {
    const auto tell = [&visit](const Record& r) {
      visit(Id<First>(r.first), Id<Second>(r.second), r.count);
    };
    if (size_ == 0) return runs_.ForEach(tell);
    Runs all = runs_;
    all.Add(std::make_shared<statistics::MemoryRun<Record>>(Sorted(), 0));
    all.ForEach(tell);
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
  std::vector<Record> Sorted() const {
    std::vector<Record> records;
    records.reserve(size_);
    for (const Slot& slot : slots_) {
      if (slot.count == 0) continue;
      records.push_back(
          {static_cast<uint32_t>(slot.pair >> 32), static_cast<uint32_t>(slot.pair), slot.count});
    }
    std::sort(records.begin(), records.end(), [](const Record& a, const Record& b) {
      return statistics::PackKey(a.key()) < statistics::PackKey(b.key());
    });
    return records;
  }

  std::vector<Slot> slots_;
  size_t size_ = 0;
  int shift_ = 64;  // 64 - log2 of the slots
  Runs runs_;
};

}  // namespace plumbago::analysis
