#include "graph/slack.h"

#include <algorithm>
#include <functional>
#include <limits>

namespace plumbago::graph {
namespace {

constexpr int64_t kUnbounded = std::numeric_limits<int64_t>::max();

}  // namespace

// From the last to the first: a child may end as late as what waited for it allows.
void Slack::SlackOfChildren(uint32_t parent) {
  const std::span<const Sibling> all = siblings_.all();
  const int64_t limit = siblings_.last_end_ns() + slack_[parent];
  latest_.resize(all.size() + 1);
  latest_[all.size()] = limit;
  for (size_t i = all.size(); i-- > 0;) {
    const Sibling& child = all[i];
    size_t next = i + 1;
    if (next < all.size() && all[next].start_ns < child.end_ns) {
      next = static_cast<size_t>(
          std::lower_bound(all.begin() + static_cast<std::ptrdiff_t>(next), all.end(), child.end_ns,
                           [](const Sibling& s, int64_t end) { return s.start_ns < end; }) -
          all.begin());
    }
    const int64_t slack = latest_[next] - child.end_ns;
    slack_[child.span] = slack;
    latest_[i] = latest_[i + 1];
    if (child.waits) latest_[i] = std::min(latest_[i], child.before_ns + slack);
  }
}

// The least slack of the siblings that run beside each child on the path.
void Slack::BoundOfChildren(const CriticalPath& path, uint32_t parent) {
  const std::span<const Sibling> all = siblings_.all();
  beside_.clear();
  size_t pushed = 0;
  for (const Sibling& on_path : all) {
    if (!path.visited(on_path.span)) continue;
    for (; pushed < all.size() && all[pushed].start_ns < on_path.end_ns; ++pushed) {
      const Sibling& other = all[pushed];
      if (path.visited(other.span)) continue;
      beside_.emplace_back(slack_[other.span], other.end_ns);
      std::push_heap(beside_.begin(), beside_.end(), std::greater<>());
    }
    while (!beside_.empty() && beside_.front().second <= on_path.start_ns) {
      std::pop_heap(beside_.begin(), beside_.end(), std::greater<>());
      beside_.pop_back();
    }
    bound_[on_path.span] =
        beside_.empty() ? bound_[parent] : std::min(bound_[parent], beside_.front().first);
  }
}

void Slack::Find(const SpanWindows& windows, const CriticalPath& path, bool all) {
  const std::span<const TraceSpan> spans = windows.spans();
  const auto size = static_cast<uint32_t>(spans.size());
  slack_.assign(size, 0);
  drag_.assign(size, 0);
  bound_.assign(size, kUnbounded);
  durations_.resize(size);
  offsets_.resize(size);
  for (uint32_t i = 0; i < size; ++i) {
    if (windows.timed(i)) durations_[i] = windows.window(i).length();
  }
  for (uint32_t next = 0; next < size;) {
    const uint32_t i = next++;
    const bool on_path = path.visited(i);
    if (!all && (!on_path || windows.place(i) == SpanPlace::kAsynchronous)) {
      next = spans[i].subtree_end;
      continue;
    }
    if (!windows.timed(i)) continue;
    if (spans[i].subtree_end == i + 1) {
      if (on_path) drag_[i] = std::min(durations_[i], bound_[i]);
      continue;
    }
    siblings_.Gather(windows, i);
    SlackOfChildren(i);
    if (!on_path) continue;
    BoundOfChildren(path, i);
    const int64_t shorter = durations_[i] - siblings_.Replay(0, durations_, offsets_);
    drag_[i] = std::min(shorter, bound_[i]);
  }
}

}  // namespace plumbago::graph
