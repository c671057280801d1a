// How much happened when: counts in blocks of time, few enough to draw and to keep.
//
// A block is one minute x 2^k long and aligned to the time 0 of the data; k is the smallest with
// which what was counted falls into at most kMost blocks. Blocks only ever grow, so k is the same
// in whatever order things are counted and merged. At most 32 kB.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "analysis/floor_divide.h"
#include "statistics/state_bytes.h"

namespace plumbago::analysis {

class TimeCounts {
 public:
  static constexpr int64_t kBlockNs = 60'000'000'000;
  static constexpr size_t kMost = 2048;
  static constexpr uint8_t kLevels = 20;  // all that times in ns reach are 3e8 minutes
  static constexpr int64_t kMostMinutes = INT64_MAX / kBlockNs + 1;

  struct Block {
    int64_t index = 0;  // begins at index x length
    uint64_t count = 0;
    friend bool operator==(const Block&, const Block&) = default;
  };

  // Mostly near the last one added: a few comparisons.
  void Add(int64_t time_ns, uint64_t count) {
    AddBlock(FloorDivide(time_ns, kBlockNs) >> level_, count);
  }
  void Merge(const TimeCounts& other) {
    if (other.level_ > level_) Coarsen(other.level_);
    for (const Block& block : other.blocks_) {
      // Adding may have coarsened this one meanwhile.
      AddBlock(block.index >> (level_ - other.level_), block.count);
    }
  }
  // Level, number of blocks, and of each: its index less that of the one before, its count.
  void Save(std::string& out) const {
    statistics::AppendVarint(out, level_);
    statistics::AppendVarint(out, blocks_.size());
    int64_t before = 0;
    for (const Block& block : blocks_) {
      statistics::AppendSigned(out, block.index - before);
      statistics::AppendVarint(out, block.count);
      before = block.index;
    }
  }
  [[nodiscard]] bool Load(statistics::StateReader& in) {
    *this = {};
    const uint64_t level = in.Varint();
    const uint64_t count = in.Varint();
    if (level > kLevels || count > kMost) return false;
    level_ = static_cast<uint8_t>(level);
    int64_t before = 0;
    for (uint64_t i = 0; i < count; ++i) {
      const int64_t step = in.Signed();
      if (__builtin_add_overflow(before, step, &before) || (i > 0 && step <= 0)) return false;
      if (before > kMostMinutes >> level || before < -kMostMinutes - 1) return false;
      blocks_.push_back({before, in.Varint()});
    }
    // A coarser form than needed is not what Save writes.
    return in.ok() && (level_ == 0 || NeedsLevel());
  }

  int64_t block_ns() const { return kBlockNs << level_; }
  const std::vector<Block>& blocks() const { return blocks_; }  // by index

 private:
  void AddBlock(int64_t index, uint64_t count) {
    if (last_ >= blocks_.size() || blocks_[last_].index != index) {
      auto at = std::lower_bound(blocks_.begin(), blocks_.end(), index,
                                 [](const Block& block, int64_t i) { return block.index < i; });
      if (at == blocks_.end() || at->index != index) at = blocks_.insert(at, Block{index, 0});
      last_ = static_cast<size_t>(at - blocks_.begin());
    }
    blocks_[last_].count += count;
    while (blocks_.size() > kMost && level_ < kLevels) Coarsen(static_cast<uint8_t>(level_ + 1));
  }
  void Coarsen(uint8_t level) {
    const int shift = level - level_;
    level_ = level;
    size_t kept = 0;
    for (Block& block : blocks_) {
      block.index >>= shift;
      if (kept > 0 && blocks_[kept - 1].index == block.index) {
        blocks_[kept - 1].count += block.count;
      } else {
        blocks_[kept++] = block;
      }
    }
    blocks_.resize(kept);
    last_ = 0;
  }
  // More than kMost blocks of half the length may have been here.
  bool NeedsLevel() const { return blocks_.size() > kMost / 2; }

  uint8_t level_ = 0;
  size_t last_ = 0;  // the block added to last
  std::vector<Block> blocks_;
};

}  // namespace plumbago::analysis
