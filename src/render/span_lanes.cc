#include "render/span_lanes.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <queue>
#include <tuple>
#include <utility>

namespace plumbago::render {
namespace {

constexpr uint32_t kNone = 0xFFFFFFFFu;
template <class T>
using Least = std::priority_queue<T, std::vector<T>, std::greater<T>>;

struct Group {
  std::vector<std::vector<uint32_t>> lanes;  // open spans
  Least<std::pair<int64_t, uint32_t>> busy;  // until when, lane
  Least<uint32_t> free;
};

}  // namespace

std::vector<LanedSpan> PutOnLanes(std::span<const LaneSpan> spans, uint32_t groups) {
  const auto count = static_cast<uint32_t>(spans.size());
  // The nearest span above of the same group, found by steps over runs of one group.
  std::vector<uint32_t> host(count, kNone);
  std::vector<uint32_t> run_top(count);  // the highest span of the run of one group
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t parent = spans[i].parent;
    run_top[i] = parent != kNone && spans[parent].group == spans[i].group ? run_top[parent] : i;
    constexpr int kMostRuns = 64;  // a chain of many services that never comes back is not searched
    uint32_t at = parent;
    for (int runs = 0; at != kNone && runs < kMostRuns; ++runs) {
      if (spans[at].group == spans[i].group) {
        host[i] = at;
        break;
      }
      at = spans[run_top[at]].parent;
    }
  }

  std::vector<uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return std::tie(spans[a].start_ns, a) < std::tie(spans[b].start_ns, b);
  });

  std::vector<Group> all(groups);
  std::vector<uint32_t> lane_of(count, kNone);
  std::vector<LanedSpan> laned;
  laned.reserve(count);
  for (const uint32_t i : order) {
    const LaneSpan& span = spans[i];
    Group& group = all[span.group];
    const uint32_t above = host[i];
    if (above != kNone && lane_of[above] != kNone && span.end_ns <= spans[above].end_ns) {
      std::vector<uint32_t>& lane = group.lanes[lane_of[above]];
      while (!lane.empty() && lane.back() != above && spans[lane.back()].end_ns <= span.start_ns)
        lane.pop_back();
      if (!lane.empty() && lane.back() == above) {
        lane_of[i] = lane_of[above];
        laned.push_back({i, lane_of[i], static_cast<uint32_t>(lane.size())});
        lane.push_back(i);
        continue;
      }
    }
    while (!group.busy.empty() && group.busy.top().first <= span.start_ns) {
      group.free.push(group.busy.top().second);
      group.busy.pop();
    }
    uint32_t lane;
    if (group.free.empty()) {
      lane = static_cast<uint32_t>(group.lanes.size());
      group.lanes.emplace_back();
    } else {
      lane = group.free.top();
      group.free.pop();
    }
    group.lanes[lane].assign(1, i);
    group.busy.emplace(span.end_ns, lane);
    lane_of[i] = lane;
    laned.push_back({i, lane, 0});
  }
  return laned;
}

}  // namespace plumbago::render
