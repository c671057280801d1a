#include "generate/sibling_overlaps.h"

#include <algorithm>
#include <limits>

#include "generate/row_arena.h"

namespace plumbago::generate {

int32_t SiblingOverlaps::Count(size_t mark, Plan plan, Counts& counts) {
  const size_t count = siblings_.size() - mark;
  if (count == 0) return 0;
  if (count == 1)
    return Milliseconds(siblings_[mark].end_us) - Milliseconds(siblings_[mark].start_us);
  const auto first = siblings_.begin() + static_cast<ptrdiff_t>(mark);
  if (plan == Plan::kLanes || plan == Plan::kScatter) {
    std::sort(first, siblings_.end(),
              [](const Sibling& a, const Sibling& b) { return a.start_us < b.start_us; });
  }
  active_.clear();
  rpc_ends_.clear();
  uint64_t rpcs = 0;
  uint64_t overlapping = 0, undecided = 0;
  int64_t covered_ms = std::numeric_limits<int32_t>::min();
  const uint64_t union_before = counts.siblings_union_ms;
  for (auto it = first; it != siblings_.end(); ++it) {
    const int32_t start_ms = Milliseconds(it->start_us), end_ms = Milliseconds(it->end_us);
    size_t kept = 0;
    for (const Active& other : active_) {
      if (other.end_ms < start_ms - 1) continue;
      active_[kept++] = other;
      // How far each reaches past the start of the other: a moment within a long call is no doubt.
      const int32_t reach = std::min(other.end_ms - start_ms, end_ms - other.start_ms);
      overlapping += reach > 1;
      undecided += reach <= 1;
      counts.pairs_overlapping_exact += std::min(other.end_us, it->end_us) > it->start_us;
    }
    active_.resize(kept);
    active_.push_back({it->end_us, start_ms, end_ms});
    if (it->rpc && end_ms > start_ms) {
      counts.rpc_pairs += rpcs++;
      std::erase_if(rpc_ends_, [start_ms](int32_t end) { return end <= start_ms; });
      counts.rpc_pairs_overlapping += rpc_ends_.size();
      rpc_ends_.push_back(end_ms);
    }
    counts.siblings_ms += static_cast<uint64_t>(end_ms - start_ms);
    if (end_ms > covered_ms) {
      counts.siblings_union_ms +=
          static_cast<uint64_t>(end_ms - std::max<int64_t>(start_ms, covered_ms));
      covered_ms = end_ms;
    }
  }
  ++counts.callers_with_siblings;
  counts.callers_overlapping += overlapping > 0;
  counts.callers_not_sequential += overlapping + undecided > 0;
  counts.sibling_pairs += uint64_t{count} * (count - 1) / 2;
  counts.pairs_overlapping += overlapping;
  counts.pairs_undecided += undecided;
  return static_cast<int32_t>(counts.siblings_union_ms - union_before);
}

}  // namespace plumbago::generate
