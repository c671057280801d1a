#include "statistics/quantile_sketch.h"

#include "statistics/nearest_rank.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace plumbago::statistics {

namespace {
constexpr uint32_t kMostPairs = 32;
}  // namespace

QuantileSketch::Block* QuantileSketch::Allocate(Form form, uint32_t capacity) {
  void* memory = std::calloc(1, sizeof(Block) + capacity * EntryBytes(form));
  CHECK(memory != nullptr);
  Block* block = new (memory) Block;
  block->capacity = capacity;
  block->form = form;
  return block;
}

QuantileSketch::QuantileSketch(const QuantileSketch& other)
    : count_(other.count_),
      min_(other.min_),
      max_(other.max_),
      sum_low_(other.sum_low_),
      sum_high_(other.sum_high_) {
  if (other.count_ <= kPlain) return;
  block_ = Allocate(other.block_->form, other.block_->capacity);
  std::memcpy(static_cast<void*>(block_), other.block_, BlockBytes(*other.block_));
}

QuantileSketch& QuantileSketch::operator=(const QuantileSketch& other) {
  if (&other == this) return *this;
  if (other.count_ > kPlain) {
    const size_t needed = BlockBytes(*other.block_);
    size_t bytes = block_ == nullptr ? 0 : BlockBytes(*block_);
    if (block_ == nullptr || bytes < needed) {
      std::free(block_);
      block_ = Allocate(other.block_->form, other.block_->capacity);
      bytes = needed;
    }
    const size_t entry = EntryBytes(other.block_->form);
    std::memcpy(static_cast<void*>(block_), other.block_,
                sizeof(Block) + other.block_->size * entry);
    block_->capacity = static_cast<uint32_t>((bytes - sizeof(Block)) / entry);
  }
  count_ = other.count_;
  min_ = other.min_;
  max_ = other.max_;
  sum_low_ = other.sum_low_;
  sum_high_ = other.sum_high_;
  return *this;
}

void QuantileSketch::Clear() {
  count_ = 0;
  min_ = INT64_MAX;
  max_ = 0;
  sum_low_ = sum_high_ = 0;
}

QuantileSketch::~QuantileSketch() { std::free(block_); }

void QuantileSketch::Swap(QuantileSketch& other) noexcept {
  std::swap(count_, other.count_);
  std::swap(min_, other.min_);
  std::swap(max_, other.max_);
  std::swap(sum_low_, other.sum_low_);
  std::swap(sum_high_, other.sum_high_);
  std::swap(block_, other.block_);
}

int64_t QuantileSketch::Middle() const {
  return static_cast<int64_t>(sum() - static_cast<UInt128>(min_) - static_cast<UInt128>(max_));
}

void QuantileSketch::LeavePlain() {
  std::free(block_);
  block_ = Allocate(Form::kPairs, 4);
  if (count_ >= 1) Count(min_, 1);
  if (count_ >= 2) Count(max_, 1);
  if (count_ == 3) Count(Middle(), 1);
}

void QuantileSketch::MakeWindow(uint32_t first, uint32_t last, Form form) {
  Block* old = block_;
  block_ = Allocate(form, last - first + 1);
  block_->zeros = old->zeros;
  block_->begin = static_cast<uint16_t>(first);
  block_->size = static_cast<uint16_t>(last - first + 1);
  std::swap(block_, old);
  ForEachBucket([&](uint32_t bucket, uint64_t count) {
    if (form == Form::kWindow) {
      reinterpret_cast<uint32_t*>(old + 1)[bucket - first] = static_cast<uint32_t>(count);
    } else {
      reinterpret_cast<uint64_t*>(old + 1)[bucket - first] = count;
    }
  });
  std::swap(block_, old);
  std::free(old);
}

void QuantileSketch::CountSlowly(uint32_t bucket, uint64_t times) {
  if (block_->form == Form::kPairs) {
    Pair* pairs = Pairs();
    uint32_t at = 0;
    while (at < block_->size && pairs[at].bucket < bucket) ++at;
    const bool found = at < block_->size && pairs[at].bucket == bucket;
    const uint64_t count = times + (found ? pairs[at].count : 0);
    if (count <= UINT16_MAX && (found || block_->size < kMostPairs)) {
      if (!found) {
        if (block_->size == block_->capacity) {
          Block* grown = Allocate(Form::kPairs, block_->capacity * 2);
          std::memcpy(static_cast<void*>(grown), block_,
                      sizeof(Block) + block_->capacity * sizeof(Pair));
          grown->capacity = block_->capacity * 2;
          std::free(std::exchange(block_, grown));
          pairs = Pairs();
        }
        std::memmove(pairs + at + 1, pairs + at, (block_->size - at) * sizeof(Pair));
        ++block_->size;
        pairs[at].bucket = static_cast<uint16_t>(bucket);
      }
      pairs[at].count = static_cast<uint16_t>(count);
      return;
    }
    uint32_t first = bucket, last = bucket;
    if (block_->size > 0) {
      first = std::min<uint32_t>(first, pairs[0].bucket);
      last = std::max<uint32_t>(last, pairs[block_->size - 1].bucket);
    }
    MakeWindow(first, last, Form::kWindow);
  }

  const uint32_t begin = block_->begin, end = begin + block_->size;
  if (bucket < begin || bucket >= end) {  // grow by an eighth more than is needed
    const uint32_t reach = bucket < begin ? end - bucket : bucket - begin;
    const uint32_t more = 8 + reach / 8;
    const uint32_t first = bucket < begin ? bucket - std::min(bucket, more) : begin;
    const uint32_t last = bucket < begin ? end - 1 : std::min(bucket + more, kBuckets - 1);
    MakeWindow(first, last, block_->form);
  }
  if (block_->form == Form::kWindow) {
    uint32_t& count = Counts()[bucket - block_->begin];
    if (times <= UINT32_MAX - count) {
      count += static_cast<uint32_t>(times);
      return;
    }
    MakeWindow(block_->begin, block_->begin + block_->size - 1u, Form::kWideWindow);
  }
  WideCounts()[bucket - block_->begin] += times;
}

template <class F>
void QuantileSketch::ForEachBucket(F&& visit) const {
  if (block_ == nullptr) return;
  for (uint32_t i = 0; i < block_->size; ++i) {
    switch (block_->form) {
      case Form::kPairs:
        visit(Pairs()[i].bucket, Pairs()[i].count);
        break;
      case Form::kWindow:
        if (Counts()[i] > 0) visit(block_->begin + i, Counts()[i]);
        break;
      case Form::kWideWindow:
        if (WideCounts()[i] > 0) visit(block_->begin + i, WideCounts()[i]);
        break;
    }
  }
}

void QuantileSketch::Merge(const QuantileSketch& other) {
  if (other.count_ <= kPlain) {
    // Copied first: `other` may be this very sketch.
    const uint64_t count = other.count_;
    const int64_t low = other.min_, high = other.max_, middle = count == 3 ? other.Middle() : 0;
    if (count >= 1) Add(low);
    if (count >= 2) Add(high);
    if (count == 3) Add(middle);
    return;
  }
  if (count_ == 0) {
    *this = other;
    return;
  }
  if (count_ <= kPlain) {
    QuantileSketch all(other);
    all.Merge(*this);
    Swap(all);
    return;
  }
  if (&other == this) return Merge(QuantileSketch(other));
  // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): more than kPlain values have a block
  block_->zeros += other.block_->zeros;
  if (other.block_->form != Form::kPairs && block_->form != Form::kPairs) {
    const uint32_t first = std::min(block_->begin, other.block_->begin);
    const uint32_t last =
        std::max<uint32_t>(block_->begin + block_->size, other.block_->begin + other.block_->size) -
        1;
    if (first < block_->begin || last >= block_->begin + block_->size) {
      MakeWindow(first, last, block_->form);
    }
  }
  other.ForEachBucket([this](uint32_t bucket, uint64_t count) { CountSlowly(bucket, count); });
  count_ += other.count_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  AddSum(other.sum());
}

int64_t QuantileSketch::BucketLower(uint32_t bucket) {
  const uint32_t octave = bucket / kBucketsPerOctave;
  if (octave >= 63) return INT64_MAX;
  const uint64_t border = kTable.borders[bucket % kBucketsPerOctave];
  const uint32_t shift = 63 - octave;
  return static_cast<int64_t>((border >> shift) + ((border & ((uint64_t{1} << shift) - 1)) != 0));
}

int64_t QuantileSketch::BucketUpper(uint32_t bucket) {
  return bucket + 1 < kBuckets ? BucketLower(bucket + 1) - 1 : INT64_MAX;
}

double QuantileSketch::Bucket::Value() const {
  const auto low = static_cast<double>(lower), high = static_cast<double>(upper);
  // As far from `lower` as from `upper`, relative to each: (upper - lower) / (upper + lower).
  return lower == upper ? low : low * (high / (low + high)) * 2;
}

std::vector<QuantileSketch::Bucket> QuantileSketch::Buckets() const {
  std::vector<Bucket> buckets;
  if (count_ == 0) return buckets;
  if (count_ <= kPlain) {
    const int64_t values[] = {min_, count_ == 3 ? Middle() : max_, max_};
    for (uint64_t i = 0; i < count_; ++i) {
      if (i == 0 || values[i] != values[i - 1]) buckets.push_back({values[i], values[i], 0});
      ++buckets.back().count;
    }
    return buckets;
  }
  if (block_->zeros > 0) buckets.push_back({0, 0, block_->zeros});
  ForEachBucket([&](uint32_t bucket, uint64_t count) {
    // Nothing is outside of [min, max], which are exact.
    buckets.push_back(
        {std::max(BucketLower(bucket), min_), std::min(BucketUpper(bucket), max_), count});
  });
  return buckets;
}

std::optional<double> QuantileSketch::Mean() const {
  if (count_ == 0) return std::nullopt;
  return static_cast<double>(sum()) / static_cast<double>(count_);
}

std::optional<double> QuantileSketch::Quantile(double q) const {
  if (count_ == 0) return std::nullopt;
  const uint64_t rank = NearestRank(q, count_);
  if (rank == 0) return static_cast<double>(min_);
  if (rank >= count_ - 1) return static_cast<double>(max_);
  if (count_ <= kPlain) return static_cast<double>(Middle());
  if (rank < block_->zeros) return 0.0;
  uint64_t before = block_->zeros;
  std::optional<double> value;
  ForEachBucket([&](uint32_t bucket, uint64_t count) {
    if (value) return;
    before += count;
    if (rank < before) {
      value =
          Bucket{std::max(BucketLower(bucket), min_), std::min(BucketUpper(bucket), max_), count}
              .Value();
    }
  });
  return value;
}

uint64_t QuantileSketch::CountAtMost(int64_t value) const {
  if (count_ == 0 || value < min_) return 0;
  if (value >= max_) return count_;
  if (count_ <= kPlain) return 1 + (count_ == 3 && Middle() <= value);
  uint64_t at_most = block_->zeros;
  if (value == 0) return at_most;
  const uint32_t last = BucketOf(value);
  ForEachBucket([&](uint32_t bucket, uint64_t count) { at_most += bucket <= last ? count : 0; });
  return at_most;
}

size_t QuantileSketch::allocated() const { return block_ == nullptr ? 0 : BlockBytes(*block_); }

bool QuantileSketch::Same(const QuantileSketch& other) const {
  std::string mine, its;
  Save(mine);
  other.Save(its);
  return mine == its;
}

void QuantileSketch::Save(std::string& out) const {
  AppendVarint(out, count_);
  if (count_ == 0) return;
  AppendVarint(out, static_cast<uint64_t>(min_));
  AppendVarint(out, static_cast<uint64_t>(max_ - min_));
  if (count_ == 3) AppendVarint(out, static_cast<uint64_t>(Middle() - min_));
  if (count_ <= kPlain) return;
  AppendWide(out, sum());
  AppendVarint(out, block_->zeros);
  uint64_t buckets = 0;
  ForEachBucket([&](uint32_t, uint64_t) { ++buckets; });
  AppendVarint(out, buckets);
  uint32_t next = 0;
  ForEachBucket([&](uint32_t bucket, uint64_t count) {
    AppendVarint(out, bucket - next);
    AppendVarint(out, count);
    next = bucket + 1;
  });
}

bool QuantileSketch::Load(StateReader& in) {
  *this = QuantileSketch();
  const uint64_t count = in.Varint();
  if (count == 0) return in.ok();
  const uint64_t min = in.Varint(), range = in.Varint();
  if (min > INT64_MAX || range > INT64_MAX - min) in.Damaged();
  if (count == 1 && range != 0) in.Damaged();
  if (count <= kPlain) {
    const uint64_t middle = count == 3 ? in.Varint() : 0;
    if (middle > range) in.Damaged();
    if (!in.ok()) return false;
    Add(static_cast<int64_t>(min));
    if (count >= 2) Add(static_cast<int64_t>(min + range));
    if (count == 3) Add(static_cast<int64_t>(min + middle));
    return true;
  }
  QuantileSketch loaded;
  loaded.block_ = Allocate(Form::kPairs, 4);
  const UInt128 sum = in.Wide();
  loaded.block_->zeros = in.Varint();
  UInt128 counted = loaded.block_->zeros;
  uint64_t next = 0;
  int64_t lowest = loaded.block_->zeros > 0 ? 0 : INT64_MAX, highest = 0;
  for (uint64_t buckets = in.Varint(); buckets > 0 && in.ok(); --buckets) {
    const uint64_t skip = in.Varint(), times = in.Varint();
    if (skip >= kBuckets || next + skip >= kBuckets || times == 0) in.Damaged();
    if (!in.ok()) return false;
    const auto bucket = static_cast<uint32_t>(next + skip);
    if (BucketLower(bucket) > BucketUpper(bucket)) in.Damaged();  // holds no integer
    loaded.CountSlowly(bucket, times);
    lowest = std::min(lowest, BucketLower(bucket));
    highest = BucketUpper(bucket);
    counted += times;
    next = bucket + 1;
  }
  const auto low = static_cast<int64_t>(min), high = static_cast<int64_t>(min + range);
  // The smallest and the largest value lie in the first and the last bucket.
  const auto same = [](int64_t value, int64_t bound) {
    return value == 0 || bound == 0 ? value == bound : BucketOf(value) == BucketOf(bound);
  };
  if (!in.ok() || counted != count || !same(low, lowest) || !same(high, highest)) {
    return in.Damaged(), false;
  }
  loaded.count_ = count;
  loaded.min_ = low;
  loaded.max_ = high;
  loaded.sum_low_ = static_cast<uint64_t>(sum);
  loaded.sum_high_ = static_cast<uint64_t>(sum >> 64);
  Swap(loaded);
  return true;
}

}  // namespace plumbago::statistics
