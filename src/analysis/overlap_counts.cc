#include "analysis/overlap_counts.h"

#include <algorithm>

namespace plumbago::analysis {

OverlapCounts OverlapCounter::Count(std::span<TimeSpan> spans, int64_t tick) {
  const auto by_start = [](const TimeSpan& a, const TimeSpan& b) { return a.start < b.start; };
  if (!std::is_sorted(spans.begin(), spans.end(), by_start)) {
    std::sort(spans.begin(), spans.end(), by_start);
  }
  OverlapCounts counts;
  counts.pairs = static_cast<uint64_t>(spans.size()) * (spans.size() - (spans.empty() ? 0 : 1)) / 2;
  int64_t frontier = spans.empty() ? 0 : spans.front().start;
  for (const TimeSpan& span : spans) {
    counts.busy += static_cast<uint64_t>(span.end - span.start);
    if (span.end > frontier) {
      counts.covered += static_cast<uint64_t>(span.end - std::max(span.start, frontier));
      frontier = span.end;
    }
  }
  if (spans.size() > kAllPairs) {
    by_end_.assign(spans.begin(), spans.end());
    std::sort(by_end_.begin(), by_end_.end(),
              [](const TimeSpan& a, const TimeSpan& b) { return a.end < b.end; });
    counts.surely = PairsBeyond(spans, tick);
    counts.written = PairsBeyond(spans, 0);
    counts.possibly = PairsBeyond(spans, -tick - 1);
    return counts;
  }
  for (size_t b = 1; b < spans.size(); ++b) {
    for (size_t a = 0; a < b; ++a) {
      const int64_t reach = std::min(spans[a].end - spans[b].start, spans[b].end - spans[a].start);
      counts.surely += reach > tick;
      counts.written += reach > 0;
      counts.possibly += reach >= -tick;
    }
  }
  return counts;
}

// A pair (a before b) counts iff start_b < reach_a and start_a < reach_b, where reach = end -
// margin. Call an interval long if reach > start; one that is not is in no pair with another such,
// since start_a < reach_b <= start_b < reach_a <= start_a cannot be.
//   - b long: of the long ones before it those with reach_a <= start_b do not count. All long ones
//     with such a reach start before b, so their number is told by the list sorted by end.
//   - b not long: the same, and those that start at reach_b or later do not count either. They are
//     the last ones before b.
uint64_t OverlapCounter::PairsBeyond(std::span<const TimeSpan> spans, int64_t margin) {
  long_.clear();
  const size_t budget = kNeighbours * spans.size();
  size_t looked_at = 0;
  uint64_t pairs = 0;
  uint64_t closed = 0;  // long ones with reach <= start of the interval at hand
  size_t ended = 0;     // in by_end_
  for (const TimeSpan& b : spans) {
    for (; ended < by_end_.size() && by_end_[ended].end - margin <= b.start; ++ended)
      closed += by_end_[ended].end - margin > by_end_[ended].start;
    pairs += long_.size() - closed;
    const int64_t reach = b.end - margin;
    if (reach > b.start) {
      long_.push_back({b.start, reach});
      continue;
    }
    size_t a = long_.size();
    for (; a > 0 && long_[a - 1].start >= reach; --a) pairs -= long_[a - 1].end > b.start;
    looked_at += long_.size() - a;
    if (looked_at > budget) return PairsByTree(spans, margin);
  }
  return pairs;
}

// A pair (a before b) counts iff start_b < end_a - margin and start_a < end_b - margin. With reach
// = end - margin: an interval b with reach_b > start_b fulfils the second for every a before it, so
// it asks all of those for the first. One that is no longer than the margin asks only those that
// start before reach_b, which are a shorter prefix.
uint64_t OverlapCounter::PairsByTree(std::span<const TimeSpan> spans, int64_t margin) {
  const auto size = static_cast<uint32_t>(spans.size());
  reach_.clear();
  queries_.clear();
  for (uint32_t b = 0; b < size; ++b) {
    const int64_t reach = spans[b].end - margin;
    reach_.push_back(reach);
    uint32_t prefix = b;
    if (reach <= spans[b].start) {
      prefix = static_cast<uint32_t>(
          std::partition_point(spans.begin(), spans.begin() + b,
                               [reach](const TimeSpan& span) { return span.start < reach; }) -
          spans.begin());
    }
    queries_.push_back({prefix, spans[b].start});
  }
  std::sort(reach_.begin(), reach_.end());
  std::sort(queries_.begin(), queries_.end(),
            [](const Query& a, const Query& b) { return a.prefix < b.prefix; });

  // tree_ counts the intervals inserted so far by the rank of their reach.
  const auto rank = [this](int64_t value) {  // reaches that are at most `value`
    return static_cast<uint32_t>(std::upper_bound(reach_.begin(), reach_.end(), value) -
                                 reach_.begin());
  };
  tree_.assign(size + 1, 0);
  uint64_t pairs = 0;
  uint32_t inserted = 0;
  for (const Query& query : queries_) {
    for (; inserted < query.prefix; ++inserted) {
      for (uint32_t at = rank(spans[inserted].end - margin); at <= size; at += at & -at)
        ++tree_[at];
    }
    pairs += inserted;
    for (uint32_t at = rank(query.after); at > 0; at &= at - 1) pairs -= tree_[at];
  }
  return pairs;
}

}  // namespace plumbago::analysis
