// Quantiles of non-negative integers (nanoseconds, counts) within 1 % of the value, in any order of
// adding.
//
// DDSketch (Masson, Rim, Lee: "DDSketch: a fast and fully-mergeable quantile sketch", VLDB'19):
// values are counted in buckets whose borders grow geometrically, here 35 buckets an octave, ratio
// 2^(1/35) = 1.0200; a bucket answers with the value that is at most 0.991 % from any value in it.
// Zero has a bucket of its own, and integers up to 50 are exact. Counts are integers and no bucket
// is ever collapsed, so merging is commutative and associative to the bit.
//
// There is one sketch an edge and there may be millions of edges, most with a handful of values:
//   up to 3 values      48 bytes, nothing allocated: smallest, largest and sum are the values
//   few buckets         sorted pairs (bucket, count) of 4 bytes, up to 32
//   more                a window of 32-bit counts, first to last bucket; 64-bit if one overflows
// Milliseconds from 1 to 1000 fill at most 350 buckets: 1.4 kB. The form is a matter of storage: it
// never shows in answers or saved bytes.
//
// Cost: Add 2-5 ns in a window (quantile_sketch_benchmark.cc), Quantile a pass over the buckets (at
// most 2205). Threads: const functions may run at once. Unit: the caller's.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/int128.h"
#include "statistics/state_bytes.h"

namespace plumbago::statistics {

class QuantileSketch {
 public:
  static constexpr double kRelativeError = 0.01;
  static constexpr uint32_t kBucketsPerOctave = 35;
  static constexpr uint32_t kBuckets = 63 * kBucketsPerOctave;  // of values 1 .. 2^63 - 1

  QuantileSketch() = default;
  QuantileSketch(const QuantileSketch& other);
  QuantileSketch(QuantileSketch&& other) noexcept { Swap(other); }
  // Uses the memory again that is there, if it is enough.
  QuantileSketch& operator=(const QuantileSketch& other);
  QuantileSketch& operator=(QuantileSketch&& other) noexcept {
    Swap(other);
    return *this;
  }
  ~QuantileSketch();

  // Counts `value` (>= 0; a negative one is a bug of the caller's and counts as 0), `times` times.
  void Add(int64_t value, uint64_t times = 1) {
    DCHECK(value >= 0);
    if (value < 0) [[unlikely]]
      value = 0;
    if (times == 0) return;
    if (count_ + times > kPlain) {
      if (count_ <= kPlain) [[unlikely]]
        LeavePlain();
      Count(value, times);
    }
    AddTotals(value, times);
  }
  void Merge(const QuantileSketch& other);
  // No values; memory is kept for the next ones.
  void Clear();
  // Asks for the memory that Add will touch: for loops over many sketches.
  void Prefetch() const {
    if (block_ != nullptr) __builtin_prefetch(block_);
  }

  uint64_t count() const { return count_; }
  // Exact; 0 if there are no values.
  int64_t min() const { return count_ > 0 ? min_ : 0; }
  int64_t max() const { return max_; }
  UInt128 sum() const { return static_cast<UInt128>(sum_high_) << 64 | sum_low_; }
  std::optional<double> Mean() const;
  // The value with NearestRank(q, count) of the sorted values, within 1 %;
  // nothing if there are no values. q = 0 and q = 1 are exact.
  std::optional<double> Quantile(double q) const;
  // How many values are at most `value`; those in its bucket that differ from it by up to 2 % are
  // counted.
  uint64_t CountAtMost(int64_t value) const;

  struct Bucket {
    int64_t lower = 0;  // smallest and largest integer of the bucket
    int64_t upper = 0;
    uint64_t count = 0;
    double Value() const;  // what the bucket answers
  };
  // Non-empty buckets from the smallest up: for curves and fits.
  std::vector<Bucket> Buckets() const;

  // Bytes on the heap.
  size_t allocated() const;

  // state_bytes.h: count; if > 0: min, max - min; if 3: the middle - min; if > 3: sum (wide),
  // zeros, number of buckets, and of each: its number minus the last one's minus 1 (first: the
  // number), count.
  void Save(std::string& out) const;
  // Replaces the content. False: the bytes are no sketch, and the content is empty.
  [[nodiscard]] bool Load(StateReader& in);
  friend bool operator==(const QuantileSketch& a, const QuantileSketch& b) { return a.Same(b); }

  // The bucket of a value >= 1, and the bounds of a bucket. A bucket without an integer (below 50)
  // has lower > upper.
  static uint32_t BucketOf(int64_t value) {
    const int zeros = std::countl_zero(static_cast<uint64_t>(value));
    const uint64_t scaled = static_cast<uint64_t>(value) << zeros;  // top bit set
    const uint64_t entry = kTable.entries[(scaled >> 57) & 63];
    const auto octave = static_cast<uint32_t>(63 - zeros);
    return octave * kBucketsPerOctave + static_cast<uint32_t>(entry & 63) +
           static_cast<uint32_t>(scaled >= (entry & ~uint64_t{63}));
  }
  static int64_t BucketLower(uint32_t bucket);
  static int64_t BucketUpper(uint32_t bucket);

 private:
  // The octave [1, 2) in 64 equal slices. A slice is narrower than a bucket, so at most one border
  // lies in it: the entry holds that border (scaled to 2^63, low 6 bits zero) and in the low bits
  // the bucket before it.
  struct Table {
    uint64_t borders[kBucketsPerOctave] = {};  // lower border of each bucket
    uint64_t entries[64] = {};
    constexpr Table() {
      constexpr double kRatio = 1.0200016105907718;  // 2^(1/35)
      double border = 1;
      for (uint32_t b = 0; b < kBucketsPerOctave; ++b, border *= kRatio) {
        // Rounded to 32 bits: the errors of the products (1e-14) never show.
        // NOLINTNEXTLINE(bugprone-incorrect-roundings): std::llround is no constant expression
        borders[b] = static_cast<uint64_t>(border * 2147483648.0 + 0.5) << 32;
      }
      for (uint64_t s = 0; s < 64; ++s) {
        const uint64_t start = (uint64_t{1} << 63) + (s << 57);
        uint64_t before = 0;
        while (before + 1 < kBucketsPerOctave && borders[before + 1] <= start) ++before;
        const uint64_t inside = s < 63 ? start + (uint64_t{1} << 57) : 0;
        if (before + 1 < kBucketsPerOctave && borders[before + 1] < inside) {
          entries[s] = borders[before + 1] | before;
        } else if (s > 0) {
          entries[s] = start | (before - 1);  // no border: always past this one
        } else {
          entries[s] = inside | before;  // no border: never past this one
        }
      }
    }
  };
  static const Table kTable;

  static constexpr uint64_t kPlain = 3;  // so many values need no buckets
  enum class Form : uint8_t { kPairs, kWindow, kWideWindow };
  // Head of what is allocated; the pairs or counts follow it.
  struct Block {
    uint64_t zeros = 0;
    uint32_t capacity = 0;  // pairs, or counts in the window
    uint16_t begin = 0;     // first bucket of the window
    uint16_t size = 0;      // pairs in use, or counts in the window
    Form form = Form::kPairs;
  };
  struct Pair {
    uint16_t bucket;
    uint16_t count;
  };

  void Swap(QuantileSketch& other) noexcept;
  bool Same(const QuantileSketch& other) const;
  void AddTotals(int64_t value, uint64_t times) {
    if (value < min_) min_ = value;
    if (value > max_) max_ = value;
    count_ += times;
    AddSum(static_cast<UInt128>(static_cast<uint64_t>(value)) * times);
  }
  void AddSum(UInt128 more) {
    const UInt128 all = sum() + more;
    sum_low_ = static_cast<uint64_t>(all);
    sum_high_ = static_cast<uint64_t>(all >> 64);
  }
  // Into the buckets, without the totals.
  void Count(int64_t value, uint64_t times) {
    if (value == 0) {
      // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): called once there is a block
      block_->zeros += times;
      return;
    }
    const uint32_t bucket = BucketOf(value);
    if (block_->form == Form::kWindow) {
      const uint32_t slot = bucket - block_->begin;
      if (slot < block_->size) {
        uint32_t& count = Counts()[slot];
        if (times <= UINT32_MAX - count) [[likely]] {
          count += static_cast<uint32_t>(times);
          return;
        }
      }
    }
    CountSlowly(bucket, times);
  }
  void CountSlowly(uint32_t bucket, uint64_t times);
  void LeavePlain();
  int64_t Middle() const;  // of three plain values
  void MakeWindow(uint32_t first, uint32_t last, Form form);
  template <class F>
  void ForEachBucket(F&& visit) const;  // (bucket, count), in order; not zero

  static Block* Allocate(Form form, uint32_t capacity);
  static size_t BlockBytes(const Block& block) {
    return sizeof(Block) + block.capacity * EntryBytes(block.form);
  }
  static size_t EntryBytes(Form form) { return form == Form::kWideWindow ? 8 : 4; }
  Pair* Pairs() const { return reinterpret_cast<Pair*>(block_ + 1); }
  uint32_t* Counts() const { return reinterpret_cast<uint32_t*>(block_ + 1); }
  uint64_t* WideCounts() const { return reinterpret_cast<uint64_t*>(block_ + 1); }

  uint64_t count_ = 0;
  int64_t min_ = INT64_MAX;
  int64_t max_ = 0;
  uint64_t sum_low_ = 0;
  uint64_t sum_high_ = 0;
  Block* block_ = nullptr;  // of use when there are more than kPlain values
};

inline constexpr QuantileSketch::Table QuantileSketch::kTable{};

}  // namespace plumbago::statistics
