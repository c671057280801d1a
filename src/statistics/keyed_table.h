// Records found by key while they are counted: a hash table in front of sorted runs
// (keyed_runs.h). What an analysis keeps for each edge, service, path or minute.
//
//   KeyedTable<Edge> edges;
//   Edge& edge = edges[{Index(caller), Index(callee)}];   // new: Edge{} with this key
//   ++edge.calls;
//   edges.ForEachOf(calls.size(), [&](size_t i) { return KeyOf(calls[i]); },
//                   [&](size_t i, Edge& edge) { edge.Count(calls[i]); });
//
// A table of a large system does not fit into a core's cache, and waiting for memory is most of
// what a look-up costs: the slot, then the record, then what the record holds elsewhere. ForEachOf
// asks for those of many keys before it waits for the first.
//
// A record type is one of keyed_runs.h that is made without arguments. One that holds memory of its
// own says how much at most, about, as `static constexpr size_t kHeapBytes`, and, where it is
// touched each time, has `void Prefetch() const` for it.
//
// Merging is putting runs side by side: commutative and associative as far as R::Merge is. One
// writer at a time; const functions may run at once.
//
// Cost (keyed_table_benchmark.cc): 7 to 8 ns a look-up while the table is in the cache, by ForEachOf
// 9; with millions of records 60 ns one by one, 29 by ForEachOf. 12 to 24 bytes a record beside it.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "statistics/keyed_runs.h"
#include "statistics/record_chunks.h"

namespace plumbago::statistics {

template <class R>
class KeyedTable {
 public:
  using Record = R;
  using Runs = KeyedRuns<R>;
  using Key = std::remove_cvref_t<decltype(std::declval<const R&>().key())>;

  // The record of `key`; valid until the table is frozen or merged.
  R& operator[](const Key& key) { return FindOrAdd(key, HashOf(PackKey(key))); }

  // Asks for the slot of `key`, for whoever has something else to do before it is looked up.
  void Prefetch(const Key& key) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[HashOf(PackKey(key)) & (slots_.size() - 1)]);
  }

  // count(i, record of key_of(i)) for each i below `number`, in this order.
  template <class KeyOf, class Count>
  void ForEachOf(size_t number, KeyOf&& key_of, Count&& count) {
    std::array<uint64_t, kBatch> hashes;
    std::array<R*, kBatch> records;
    if (slots_.empty()) slots_.resize(kFirstSlots);
    for (size_t begin = 0; begin < number; begin += kBatch) {
      const size_t size = std::min(kBatch, number - begin);
      for (size_t i = 0; i < size; ++i) {
        hashes[i] = HashOf(PackKey(Key(key_of(begin + i))));
        __builtin_prefetch(&slots_[hashes[i] & (slots_.size() - 1)]);
      }
      // Goes by the first slot; whether it has the right record is found below.
      for (size_t i = 0; i < size; ++i) {
        const Slot& slot = slots_[hashes[i] & (slots_.size() - 1)];
        records[i] = nullptr;
        if (slot.record == 0 || slot.tag != TagOf(hashes[i])) continue;
        records[i] = &records_[slot.record - 1];
        const char* const bytes = reinterpret_cast<const char*>(records[i]);
        for (size_t line = 0; line < std::min<size_t>(sizeof(R), 256); line += 64) {
          __builtin_prefetch(bytes + line);
        }
      }
      if constexpr (requires(const R& r) { r.Prefetch(); }) {
        for (size_t i = 0; i < size; ++i) {
          if (records[i] != nullptr) records[i]->Prefetch();
        }
      }
      for (size_t i = 0; i < size; ++i) {
        const Key key(key_of(begin + i));
        R* record = records[i];
        if (record == nullptr || record->key() != key) record = &FindOrAdd(key, hashes[i]);
        count(begin + i, *record);
      }
    }
  }

  void Merge(KeyedTable&& from) {
    Freeze();
    from.Freeze();
    runs_.Take(std::move(from.runs_));
  }

  // What was counted becomes a sorted run. `more`: bytes that records hold beside kHeapBytes.
  void Freeze(size_t more = 0) {
    if (records_.size() == 0) return;
    slots_ = {};
    std::vector<uint32_t> order = Order();
    const size_t bytes = Counted() + order.size() * sizeof order[0] + more;
    runs_.Add(std::make_shared<Frozen>(std::move(records_), std::move(order), bytes));
    records_ = {};
  }
  // Before a table that is frozen is read more than once (KeyedRuns::Join).
  void Join() { runs_.Join(); }
  Runs& runs() { return runs_; }
  const Runs& runs() const { return runs_; }

  // Bytes in memory, about.
  size_t allocated() const { return Counted() + runs_.allocated(); }

  // Distinct keys since the last Freeze.
  uint32_t counted() const { return records_.size(); }

  // visit(const R&), in the order of keys, each key once.
  template <class F>
  void ForEach(F&& visit) const {
    if (records_.size() == 0) return runs_.ForEach(visit);
    KeyedTable frozen(*this);
    frozen.Freeze();
    frozen.runs_.ForEach(visit);
  }

 private:
  using Packed = decltype(PackKey(std::declval<Key>()));
  struct Slot {
    uint32_t tag = 0;     // high half of the key's hash
    uint32_t record = 0;  // its number + 1; 0: free
  };
  static constexpr size_t kBatch = 32;
  static constexpr size_t kFirstSlots = 64;

  // The counted records, read in the order of keys from where they lie.
  class Frozen final : public Run<R> {
   public:
    Frozen(RecordChunks<R> records, std::vector<uint32_t> order, size_t allocated)
        : records_(std::move(records)), order_(std::move(order)), allocated_(allocated) {}
    std::unique_ptr<Source<R>> Open() const override { return std::make_unique<Reader>(*this); }
    size_t allocated() const override { return allocated_; }
    std::vector<R*> Records() override {
      std::vector<R*> records;
      records.reserve(order_.size());
      for (const uint32_t number : order_) records.push_back(&records_[number]);
      return records;
    }

   private:
    class Reader final : public Source<R> {
     public:
      explicit Reader(const Frozen& run) : run_(run) {}
      const R* Next() override {
        constexpr size_t kAhead = 8;
        const std::vector<uint32_t>& order = run_.order_;
        if (at_ == order.size()) return nullptr;
        if (at_ + kAhead < order.size()) __builtin_prefetch(&run_.records_[order[at_ + kAhead]]);
        return &run_.records_[order[at_++]];
      }

     private:
      const Frozen& run_;
      size_t at_ = 0;
    };
    RecordChunks<R> records_;
    std::vector<uint32_t> order_;
    size_t allocated_;
  };

  static uint64_t HashOf(Packed key) {
    auto hash = static_cast<uint64_t>(key) * 0x9E3779B97F4A7C15ull;
    hash ^= hash >> 32;
    if constexpr (sizeof key > 8) hash += static_cast<uint64_t>(key >> 64);
    hash *= 0xD6E8FEB86659FD93ull;
    return hash ^ (hash >> 32);
  }
  static uint32_t TagOf(uint64_t hash) { return static_cast<uint32_t>(hash >> 32); }

  R& FindOrAdd(const Key& key, uint64_t hash) {
    if (slots_.empty()) slots_.resize(kFirstSlots);
    const uint32_t tag = TagOf(hash);
    for (size_t at = hash & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
      Slot& slot = slots_[at];
      if (slot.record == 0) {
        R& record = records_.Add();
        record.set_key(key);
        slot = {tag, records_.size()};
        if (records_.size() * size_t{3} > slots_.size() * 2) [[unlikely]]
          Grow();
        return record;
      }
      if (slot.tag == tag && records_[slot.record - 1].key() == key) {
        return records_[slot.record - 1];
      }
    }
  }

  void Grow() {
    std::vector<Slot> slots(slots_.size() * 2);
    for (uint32_t number = 0; number < records_.size(); ++number) {
      const uint64_t hash = HashOf(PackKey(records_[number].key()));
      size_t at = hash & (slots.size() - 1);
      while (slots[at].record != 0) at = (at + 1) & (slots.size() - 1);
      slots[at] = {TagOf(hash), number + 1};
    }
    slots_ = std::move(slots);
  }

  std::vector<uint32_t> Order() const {
    std::vector<std::pair<Packed, uint32_t>> keys;
    keys.reserve(records_.size());
    for (uint32_t i = 0; i < records_.size(); ++i) keys.emplace_back(PackKey(records_[i].key()), i);
    std::sort(keys.begin(), keys.end());
    std::vector<uint32_t> order;
    order.reserve(keys.size());
    for (const auto& [key, number] : keys) order.push_back(number);
    return order;
  }

  size_t Counted() const {
    size_t bytes = sizeof(R);
    if constexpr (requires { R::kHeapBytes; }) bytes += R::kHeapBytes;
    return slots_.capacity() * sizeof(Slot) + records_.size() * bytes;
  }

  std::vector<Slot> slots_;
  RecordChunks<R> records_;
  Runs runs_;
};

}  // namespace plumbago::statistics
