#include "generate/block_rows.h"

#include <algorithm>
#include <limits>

namespace plumbago::generate {

void BlockRows::BeginBlock(TraceBlock& block, uint64_t index, int64_t own_end_us,
                           int64_t slice_us) {
  block_ = &block;
  own_end_us_ = own_end_us;
  slice_us_ = slice_us;
  block.index = index;
  block.own.Clear();
  block.later.clear();
  block.traces.clear();
  block.features.clear();
  block.rows = block.cover_rows = 0;
  block.counts = Counts();
  block.edge_calls.clear();
  block.hits.clear();
  block.planted.clear();
  block.first_ms = std::numeric_limits<int64_t>::max();
  block.last_ms = std::numeric_limits<int64_t>::min();
}

void BlockRows::SetMark() {
  const auto mark = [](const RowArena& arena) {
    return Mark::Arena{arena.rows.size(), arena.traces.size(), arena.paths.size()};
  };
  mark_.own = mark(block_->own);
  mark_.later.clear();
  for (const RowArena& arena : block_->later) mark_.later.push_back(mark(arena));
  mark_.edge_calls = block_->edge_calls.size();
  mark_.hits = block_->hits.size();
  mark_.planted = block_->planted.size();
  mark_.first_ms = block_->first_ms;
  mark_.last_ms = block_->last_ms;
  mark_.counts = block_->counts;
}

void BlockRows::GoBack() {
  const auto cut = [](RowArena& arena, const Mark::Arena& mark) {
    arena.rows.resize(mark.rows);
    arena.traces.resize(mark.traces);
    arena.paths.resize(mark.paths);
  };
  cut(block_->own, mark_.own);
  mark_.later.resize(block_->later.size());
  for (size_t i = 0; i < block_->later.size(); ++i) cut(block_->later[i], mark_.later[i]);
  block_->edge_calls.resize(mark_.edge_calls);
  block_->hits.resize(mark_.hits);
  block_->planted.resize(mark_.planted);
  block_->first_ms = mark_.first_ms;
  block_->last_ms = mark_.last_ms;
  block_->counts = mark_.counts;
}

BlockRows::RowRef BlockRows::Put(RowRecord row, int64_t start_us, std::string_view path) {
  RowRef ref;
  if (start_us >= own_end_us_) {
    ref.arena = static_cast<uint32_t>((start_us - own_end_us_) / slice_us_) + 1;
    if (block_->later.size() < ref.arena) block_->later.resize(ref.arena);
  }
  RowArena& arena = ArenaOf(ref);
  if (arena.traces.empty() || arena.traces.back().index != trace_.index) {
    arena.traces.push_back(trace_);
  }
  row.start_ms = Milliseconds(start_us);
  row.trace = static_cast<uint32_t>(arena.traces.size() - 1);
  row.path_size = static_cast<uint8_t>(path.size());
  row.path_offset = static_cast<uint32_t>(arena.paths.size());
  arena.paths.append(path);
  ref.row = static_cast<uint32_t>(arena.rows.size());
  arena.rows.push_back(row);
  return ref;
}

uint32_t BlockRows::Finish(const RowRef& ref, int64_t end_us, bool lost, const DamageShares* damage,
                           Random& random) {
  RowRecord& row = ArenaOf(ref).rows[ref.row];
  row.duration_ms = Milliseconds(end_us) - row.start_ms;
  if (lost) {
    row.flags |= kRowLost;
    return 0;
  }
  Counts& counts = block_->counts;
  uint32_t written = 1;
  block_->first_ms = std::min<int64_t>(block_->first_ms, row.start_ms);
  block_->last_ms = std::max<int64_t>(block_->last_ms, row.start_ms);
  if (damage != nullptr) {
    if (random.Chance(damage->malformed)) {
      row.flags |= kRowMalformed;
      ++counts.malformed_rows;
      return 1;
    }
    if (random.Chance(damage->duplicates)) {
      row.flags |= kRowTwice;
      ++counts.duplicate_rows;
      written = 2;
    }
  }
  counts.rows_by_side[static_cast<size_t>(row.side)] += written;
  if (row.duration_ms == 0) counts.zero_rows_by_side[static_cast<size_t>(row.side)] += written;
  return written;
}

}  // namespace plumbago::generate
