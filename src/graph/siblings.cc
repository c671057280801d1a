#include "graph/siblings.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace plumbago::graph {

void Siblings::Gather(const SpanWindows& windows, uint32_t parent) {
  parent_ = windows.window(parent);
  last_end_ns_ = parent_.start_ns;
  all_.clear();
  windows.ForEachWaited(parent, [this, &windows](uint32_t child) {
    const SpanWindow& window = windows.window(child);
    all_.push_back({window.start_ns, window.end_ns, child, false, parent_.start_ns});
  });
  if (all_.empty()) return;
  const auto before = [](const Sibling& a, const Sibling& b) {
    return std::tie(a.start_ns, a.end_ns, a.span) < std::tie(b.start_ns, b.end_ns, b.span);
  };
  if (!std::is_sorted(all_.begin(), all_.end(), before))
    std::sort(all_.begin(), all_.end(), before);
  by_end_.resize(all_.size());
  std::iota(by_end_.begin(), by_end_.end(), 0);
  const auto ends_before = [this](uint32_t a, uint32_t b) {
    return std::tie(all_[a].end_ns, a) < std::tie(all_[b].end_ns, b);
  };
  if (!std::is_sorted(by_end_.begin(), by_end_.end(), ends_before))
    std::sort(by_end_.begin(), by_end_.end(), ends_before);
  last_end_ns_ = all_[by_end_.back()].end_ns;
  size_t k = 0;
  for (uint32_t i = 0; i < all_.size(); ++i) {
    // Those without length at one moment wait for each other in their order: `by_end_[k] < i`.
    while (k < all_.size() && by_end_[k] < i && all_[by_end_[k]].end_ns <= all_[i].start_ns) ++k;
    if (k == 0) continue;
    all_[i].waits = true;
    all_[i].before_ns = all_[by_end_[k - 1]].end_ns;
  }
}

int64_t Siblings::Replay(uint32_t left, std::span<const int64_t> durations,
                         std::span<int64_t> offsets) {
  new_end_.resize(all_.size());
  int64_t last = 0;
  size_t k = 0;
  for (uint32_t i = 0; i < all_.size(); ++i) {
    const Sibling& child = all_[i];
    for (; k < all_.size() && by_end_[k] < i && all_[by_end_[k]].end_ns <= child.start_ns; ++k)
      last = std::max(last, new_end_[by_end_[k]]);
    offsets[child.span] = last + LeftOf(child.start_ns - child.before_ns, left);
    new_end_[i] = offsets[child.span] + durations[child.span];
  }
  for (; k < all_.size(); ++k) last = std::max(last, new_end_[by_end_[k]]);
  return last + LeftOf(parent_.end_ns - last_end_ns_, left);
}

}  // namespace plumbago::graph
