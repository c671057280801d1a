// Sums by how long a request took, in cells that are exact: so they can be cut into bands of
// quantiles afterwards, when the quantiles are known.
//
// A cell is two buckets of QuantileSketch: 4 % wide. What is kept is the list of those that are not
// empty, in order; 24 bytes each. Merging adds: commutative and associative to the bit.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "statistics/quantile_sketch.h"
#include "statistics/state_bytes.h"

namespace plumbago::analysis {

class LatencyCells {
 public:
  static constexpr uint32_t kCells = statistics::QuantileSketch::kBuckets / 2 + 2;
  struct Cell {
    uint32_t cell = 0;
    uint64_t requests = 0;
    uint64_t ns = 0;
  };

  static uint32_t CellOf(int64_t latency_ns) {
    return latency_ns <= 0 ? 0 : 1 + statistics::QuantileSketch::BucketOf(latency_ns) / 2;
  }

  void Add(uint32_t cell, uint64_t requests, uint64_t ns) {
    auto at = cells_.end();
    if (cells_.empty() || cells_.back().cell >= cell) {
      at = std::lower_bound(cells_.begin(), cells_.end(), cell,
                            [](const Cell& one, uint32_t number) { return one.cell < number; });
    }
    if (at == cells_.end() || at->cell != cell) at = cells_.insert(at, {cell, 0, 0});
    at->requests += requests;
    at->ns += ns;
  }
  void Merge(const LatencyCells& other) {
    if (cells_.empty()) {
      cells_ = other.cells_;
      return;
    }
    for (const Cell& one : other.cells_) Add(one.cell, one.requests, one.ns);
  }
  // Asks for what Add will look at first.
  void Prefetch() const {
    __builtin_prefetch(cells_.data() + cells_.size() / 2);
    __builtin_prefetch(cells_.data() + cells_.size());
  }
  const std::vector<Cell>& cells() const { return cells_; }
  uint64_t requests() const {
    uint64_t sum = 0;
    for (const Cell& one : cells_) sum += one.requests;
    return sum;
  }
  uint64_t ns() const {
    uint64_t sum = 0;
    for (const Cell& one : cells_) sum += one.ns;
    return sum;
  }

  // How many; of each: its number less the last one's less 1, requests, ns.
  void Save(std::string& out) const {
    statistics::AppendVarint(out, cells_.size());
    uint32_t next = 0;
    for (const Cell& one : cells_) {
      statistics::AppendVarint(out, one.cell - next);
      statistics::AppendVarint(out, one.requests);
      statistics::AppendVarint(out, one.ns);
      next = one.cell + 1;
    }
  }
  [[nodiscard]] bool Load(statistics::StateReader& in) {
    cells_.clear();
    const uint64_t count = in.Varint();
    if (count > kCells) return false;
    uint64_t next = 0;
    for (uint64_t i = 0; i < count && in.ok(); ++i) {
      const uint64_t cell = next + std::min<uint64_t>(in.Varint(), kCells);
      const uint64_t requests = in.Varint();
      const uint64_t ns = in.Varint();
      if (cell >= kCells || requests == 0) return false;
      cells_.push_back({static_cast<uint32_t>(cell), requests, ns});
      next = cell + 1;
    }
    return in.ok();
  }

 private:
  std::vector<Cell> cells_;
};

}  // namespace plumbago::analysis
