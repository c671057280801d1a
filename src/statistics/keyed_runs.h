// Records by key, in sorted runs: what grows with the data (edges, operations, closed traces) when
// it is merged, spilled, saved and read again.
//
// While traces are observed, an analysis counts in a hash table of its own. Then the table is
// frozen to a run: its records, sorted by key. A run lies in memory, in the spill file or in a
// saved state; all three are read the same way. Merging two states puts their runs side by side,
// which costs nothing; reading them all merges record by record, with one block of each run in
// memory. So the size of a state is bounded by the disk, and the answer is the same wherever runs
// lie.
//
// A record type R has
//   static constexpr std::array<KeyPart, N> kKey   what the parts of its key are, N from 1 to 4
//   std::array<uint32_t, N> key() const; void set_key(const std::array<uint32_t, N>&)
//   void Merge(const R&)                           of the same key; commutative and associative
//   void Save(std::string&) const                  without the key (state_bytes.h)
//   bool Load(StateReader&)
//
// Stored form, in blocks of about 64 KiB: for each record the parts of its key (as the difference
// to the record before it in the block, from the first part that differs on as they are), then its
// Save. Cost: about 20 ns a record and what Merge or Load costs.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/block_store.h"
#include "base/int128.h"
#include "statistics/id_maps.h"
#include "statistics/state_bytes.h"

namespace plumbago::statistics {

// A key as one number, the first part the most significant: compared in one or two instructions.
template <size_t N>
auto PackKey(const std::array<uint32_t, N>& key) {
  static_assert(N >= 1 && N <= 4);
  std::conditional_t<(N <= 2), uint64_t, UInt128> packed = key[0];
  for (size_t i = 1; i < N; ++i) packed = packed << 32 | key[i];
  return packed;
}

// Records in ascending order of keys, each key once.
template <class R>
class Source {
 public:
  virtual ~Source() = default;
  // nullptr at the end. Valid until the next call.
  virtual const R* Next() = 0;
};

template <class R>
class Run {
 public:
  virtual ~Run() = default;
  virtual std::unique_ptr<Source<R>> Open() const = 0;
  virtual size_t allocated() const = 0;  // bytes in memory
  // Where its records are, in order; nothing where they cannot be changed in place.
  virtual std::vector<R*> Records() { return {}; }
};

// Several runs of records in memory as one. Records of one key were merged into one of them.
template <class R>
class JoinedRun final : public Run<R> {
 public:
  JoinedRun(std::vector<std::shared_ptr<Run<R>>> parts, std::vector<R*> order)
      : parts_(std::move(parts)), order_(std::move(order)) {}
  std::unique_ptr<Source<R>> Open() const override { return std::make_unique<Reader>(order_); }
  size_t allocated() const override {
    size_t bytes = order_.size() * sizeof(void*);
    for (const auto& part : parts_) bytes += part->allocated();
    return bytes;
  }
  std::vector<R*> Records() override { return order_; }

  // Both in order; those of `b` whose key `a` has are merged into it.
  static std::vector<R*> Join(const std::vector<R*>& a, const std::vector<R*>& b) {
    constexpr size_t kAhead = 8;
    std::vector<R*> all;
    all.reserve(a.size() + b.size());
    for (size_t i = 0, j = 0; i < a.size() || j < b.size();) {
      if (i + kAhead < a.size()) __builtin_prefetch(a[i + kAhead]);
      if (j + kAhead < b.size()) __builtin_prefetch(b[j + kAhead]);
      if (j == b.size()) {
        all.push_back(a[i++]);
      } else if (i == a.size()) {
        all.push_back(b[j++]);
      } else if (const auto x = PackKey(a[i]->key()), y = PackKey(b[j]->key()); x == y) {
        a[i]->Merge(*b[j++]);
        all.push_back(a[i++]);
      } else {
        all.push_back(x < y ? a[i++] : b[j++]);
      }
    }
    return all;
  }

 private:
  class Reader final : public Source<R> {
   public:
    explicit Reader(const std::vector<R*>& order) : order_(order) {}
    const R* Next() override {
      constexpr size_t kAhead = 8;
      if (at_ == order_.size()) return nullptr;
      if (at_ + kAhead < order_.size()) __builtin_prefetch(order_[at_ + kAhead]);
      return order_[at_++];
    }

   private:
    const std::vector<R*>& order_;
    size_t at_ = 0;
  };
  std::vector<std::shared_ptr<Run<R>>> parts_;
  std::vector<R*> order_;
};

template <class R>
class MemoryRun final : public Run<R> {
 public:
  // `records`: sorted, each key once.
  MemoryRun(std::vector<R> records, size_t allocated)
      : records_(std::move(records)), allocated_(allocated) {}
  std::unique_ptr<Source<R>> Open() const override { return std::make_unique<Reader>(records_); }
  size_t allocated() const override { return allocated_; }

 private:
  class Reader final : public Source<R> {
   public:
    explicit Reader(const std::vector<R>& records) : records_(records) {}
    const R* Next() override { return at_ < records_.size() ? &records_[at_++] : nullptr; }

   private:
    const std::vector<R>& records_;
    size_t at_ = 0;
  };
  std::vector<R> records_;
  size_t allocated_;
};

inline constexpr size_t kRunBlock = 64u << 10;
inline constexpr size_t kMostRuns = 64;

// Makes the stored form.
template <class R>
class RunEncoder {
 public:
  void Add(const R& record) {
    const auto key = record.key();
    bool same = !block_.empty();
    for (size_t i = 0; i < key.size(); ++i) {
      AppendVarint(block_, same ? key[i] - last_[i] : key[i]);
      same = same && key[i] == last_[i];
    }
    record.Save(block_);
    last_ = key;
  }
  bool full() const { return block_.size() >= kRunBlock; }
  // The block so far; the next one begins.
  const std::string& block() const { return block_; }
  void Clear() { block_.clear(); }

 private:
  std::string block_;
  decltype(std::declval<const R&>().key()) last_{};
};

template <class R>
class StoredRun final : public Run<R> {
 public:
  // `maps`: what the ids are called here; nullptr: as they are.
  explicit StoredRun(std::shared_ptr<const BlockStore> store,
                     std::shared_ptr<const IdMaps> maps = nullptr)
      : store_(std::move(store)), maps_(std::move(maps)) {}
  std::unique_ptr<Source<R>> Open() const override { return std::make_unique<Reader>(*this); }
  size_t allocated() const override { return 0; }

 private:
  using Key = decltype(std::declval<const R&>().key());
  class Reader final : public Source<R> {
   public:
    explicit Reader(const StoredRun& run) : run_(run), cursor_(run.store_->Open()) {}
    const R* Next() override {
      if (in_.remaining() == 0) {
        if (!cursor_->Next(block_)) return nullptr;
        in_ = StateReader(block_);
        first_ = true;
      }
      Key key{};
      bool same = !first_;
      for (size_t i = 0; i < key.size(); ++i) {
        const uint64_t part = in_.Varint();
        const uint64_t value = same ? part + last_[i] : part;
        if (value > UINT32_MAX) in_.Damaged();
        key[i] = static_cast<uint32_t>(value);
        same = same && part == 0;
      }
      // Keys that do not ascend would be given out twice.
      if (same || !record_.Load(in_) || !in_.ok() || (!none_ && !(PackKey(last_) < PackKey(key))))
        return Stop();
      last_ = key;
      first_ = none_ = false;
      if (run_.maps_) {
        for (size_t i = 0; i < key.size(); ++i) {
          if (!run_.maps_->Map(R::kKey[i], key[i])) return Stop();
        }
      }
      record_.set_key(key);
      return &record_;
    }

   private:
    const R* Stop() {
      run_.store_->Damaged("its records make no sense");
      in_ = StateReader(std::string_view{});
      return nullptr;
    }
    const StoredRun& run_;
    std::unique_ptr<BlockCursor> cursor_;
    std::string block_;
    StateReader in_{std::string_view{}};
    Key last_{};
    bool first_ = true;  // of the block
    bool none_ = true;   // no record so far
    R record_{};
  };
  std::shared_ptr<const BlockStore> store_;
  std::shared_ptr<const IdMaps> maps_;
};

// Several sources as one; records of one key are merged.
template <class R>
class MergedSource final : public Source<R> {
 public:
  explicit MergedSource(std::vector<std::unique_ptr<Source<R>>> sources)
      : sources_(std::move(sources)) {
    for (uint32_t i = 0; i < sources_.size(); ++i) Pull(i);
  }
  const R* Next() override {
    if (given_ != kNone) {
      Pull(given_);
      given_ = kNone;
    }
    if (heap_.empty()) return nullptr;
    const Head head = Pop();
    if (heap_.empty() || heap_.front().key != head.key) {
      given_ = head.source;  // no other has it: no copy
      return head.record;
    }
    merged_ = *head.record;
    Pull(head.source);
    while (!heap_.empty() && heap_.front().key == head.key) {
      const Head other = Pop();
      merged_.Merge(*other.record);
      Pull(other.source);
    }
    return &merged_;
  }

 private:
  using Key = decltype(PackKey(std::declval<const R&>().key()));
  static constexpr uint32_t kNone = ~0u;
  struct Head {
    Key key;
    uint32_t source;
    const R* record;
    // The order of a min-heap; among equals the source decides, so that merging has one order.
    friend bool operator<(const Head& a, const Head& b) {
      return a.key != b.key ? b.key < a.key : b.source < a.source;
    }
  };
  void Pull(uint32_t source) {
    const R* record = sources_[source]->Next();
    if (record == nullptr) return;
    heap_.push_back({PackKey(record->key()), source, record});
    std::push_heap(heap_.begin(), heap_.end());
  }
  Head Pop() {
    std::pop_heap(heap_.begin(), heap_.end());
    const Head head = heap_.back();
    heap_.pop_back();
    return head;
  }

  std::vector<std::unique_ptr<Source<R>>> sources_;
  std::vector<Head> heap_;
  uint32_t given_ = kNone;
  R merged_{};
};

// The runs of one table. Copies share them.
template <class R>
class KeyedRuns {
 public:
  bool empty() const { return runs_.empty(); }
  size_t count() const { return runs_.size(); }
  void Add(std::shared_ptr<Run<R>> run) { runs_.push_back(std::move(run)); }
  void AddStored(std::shared_ptr<const BlockStore> store, std::shared_ptr<const IdMaps> maps) {
    Add(std::make_shared<StoredRun<R>>(std::move(store), std::move(maps)));
  }
  void Take(KeyedRuns&& other) {
    runs_.insert(runs_.end(), std::make_move_iterator(other.runs_.begin()),
                 std::make_move_iterator(other.runs_.end()));
    other.runs_.clear();
  }
  // Runs in memory that nobody shares become one, for whoever reads them more than once: merging
  // them at each reading copies records and what they hold.
  void Join() {
    std::vector<std::vector<R*>> lists;
    for (const auto& run : runs_) {
      if (runs_.size() < 2 || run.use_count() != 1) return;
      lists.push_back(run->Records());
      if (lists.back().empty()) return;
    }
    if (lists.empty()) return;
    while (lists.size() > 1) {
      const size_t half = (lists.size() + 1) / 2;
      for (size_t i = half; i < lists.size(); ++i) {
        lists[i - half] = JoinedRun<R>::Join(lists[i - half], lists[i]);
      }
      lists.resize(half);
    }
    auto joined = std::make_shared<JoinedRun<R>>(std::move(runs_), std::move(lists[0]));
    runs_.clear();
    Add(std::move(joined));
  }
  std::unique_ptr<Source<R>> Open() const {
    if (runs_.size() == 1) return runs_.front()->Open();
    std::vector<std::unique_ptr<Source<R>>> sources;
    sources.reserve(runs_.size());
    for (const auto& run : runs_) sources.push_back(run->Open());
    return std::make_unique<MergedSource<R>>(std::move(sources));
  }
  // visit(const R&) for each record, merged, in the order of keys.
  template <class F>
  void ForEach(F&& visit) const {
    const auto source = Open();
    while (const R* record = source->Next()) visit(*record);
  }
  size_t allocated() const {
    size_t bytes = 0;
    for (const auto& run : runs_) bytes += run->allocated();
    return bytes;
  }
  // Runs in memory become one on disk; so do all, once there are so many that reading them side by
  // side would take more memory than it saves.
  Result<void> Spill(const std::shared_ptr<SpillFile>& file) {
    KeyedRuns in_memory;
    std::vector<std::shared_ptr<Run<R>>> stored;
    for (auto& run : runs_) (run->allocated() > 0 ? in_memory.runs_ : stored).push_back(run);
    if (in_memory.empty() && stored.size() < kMostRuns) return {};
    if (stored.size() >= kMostRuns) std::swap(in_memory.runs_, runs_), stored.clear();
    auto blocks = std::make_shared<SpilledBlocks>(file);
    RETURN_IF_ERROR(in_memory.Write([&](const std::string& block) { return blocks->Add(block); }));
    stored.push_back(std::make_shared<StoredRun<R>>(std::move(blocks)));
    runs_ = std::move(stored);
    return {};
  }
  // The stored form of all: put(const std::string& block) -> Result<void> for each block.
  template <class Put>
  Result<void> Write(Put&& put) const {
    RunEncoder<R> encoder;
    const auto source = Open();
    while (const R* record = source->Next()) {
      encoder.Add(*record);
      if (!encoder.full()) continue;
      RETURN_IF_ERROR(put(encoder.block()));
      encoder.Clear();
    }
    if (encoder.block().empty()) return {};
    return put(encoder.block());
  }

 private:
  std::vector<std::shared_ptr<Run<R>>> runs_;
};

}  // namespace plumbago::statistics
