// Records found by key while they are counted: a hash table in front of sorted runs
// (keyed_runs.h). What an analysis keeps for each edge, service, path or minute.
//
//   KeyedTable<Edge> edges;
//   Edge& edge = edges[{Index(caller), Index(callee)}];   // new: Edge{} with this key
//   ++edge.calls;
//
// A record type is one of keyed_runs.h that is made without arguments. One that holds memory of its
// own says how much at most, about, as `static constexpr size_t kHeapBytes`.
//
// Merging is putting runs side by side: commutative and associative as far as R::Merge is. One
// writer at a time; const functions may run at once.
//
// Cost: 6 to 7 ns a look-up while the table is in the cache (keyed_table_benchmark.cc), the wait
// for memory beyond.
#pragma once

#include <tsl/robin_map.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "statistics/keyed_runs.h"

namespace plumbago::statistics {

template <class R>
class KeyedTable {
 public:
  using Record = R;
  using Runs = KeyedRuns<R>;
  using Key = std::remove_cvref_t<decltype(std::declval<const R&>().key())>;

  // The record of `key`; valid until the next call.
  R& operator[](const Key& key) {
    const auto [at, added] =
        numbers_.try_emplace(PackKey(key), static_cast<uint32_t>(records_.size()));
    if (added) {
      records_.emplace_back();
      records_.back().set_key(key);
    }
    return records_[at->second];
  }

  void Merge(KeyedTable&& from) {
    Freeze();
    from.Freeze();
    runs_.Take(std::move(from.runs_));
  }

  // What was counted becomes a sorted run.
  void Freeze() {
    if (records_.empty()) return;
    const size_t bytes = Counted();
    SortByKey(records_);
    runs_.Add(std::make_shared<MemoryRun<R>>(std::move(records_), bytes));
    records_ = {};
    numbers_ = {};
  }
  Runs& runs() { return runs_; }
  const Runs& runs() const { return runs_; }

  // Bytes in memory, about.
  size_t allocated() const { return Counted() + runs_.allocated(); }

  // visit(const R&), in the order of keys, each key once.
  template <class F>
  void ForEach(F&& visit) const {
    if (records_.empty()) return runs_.ForEach(visit);
    Runs all = runs_;
    std::vector<R> records = records_;
    SortByKey(records);
    all.Add(std::make_shared<MemoryRun<R>>(std::move(records), 0));
    all.ForEach(visit);
  }

 private:
  using Packed = decltype(PackKey(std::declval<Key>()));
  struct Hash {
    size_t operator()(Packed key) const {
      auto hash = static_cast<uint64_t>(key) * 0x9E3779B97F4A7C15ull;
      if constexpr (sizeof key > 8) {
        hash = (hash ^ (hash >> 32) ^ static_cast<uint64_t>(key >> 64)) * 0xD6E8FEB86659FD93ull;
      }
      return hash ^ (hash >> 32);
    }
  };

  static void SortByKey(std::vector<R>& records) {
    std::sort(records.begin(), records.end(),
              [](const R& a, const R& b) { return PackKey(a.key()) < PackKey(b.key()); });
  }
  size_t Counted() const {
    size_t bytes = sizeof(R);
    if constexpr (requires { R::kHeapBytes; }) bytes += R::kHeapBytes;
    return numbers_.bucket_count() * kSlotBytes + records_.capacity() * bytes;
  }

  // A slot of numbers_: key, number, and what robin hood hashing keeps beside them.
  static constexpr size_t kSlotBytes = 2 * sizeof(Packed) + 8;

  tsl::robin_map<Packed, uint32_t, Hash> numbers_;  // of records, by key
  std::vector<R> records_;
  Runs runs_;
};

}  // namespace plumbago::statistics
