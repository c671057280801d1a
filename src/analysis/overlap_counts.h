// How many pairs of a set of intervals overlap, when the clock that measured them has a tick.
//
// With g = min(end_a - start_b, end_b - start_a), how far each of two intervals reaches past the
// start of the other, a pair
//   surely overlaps        g > tick
//   overlaps as written    g > 0       (the intervals [start, end) share a moment, or one is a
//                                      moment within the other)
//   may overlap            g >= -tick
// and is undecided where it may but does not surely: intervals that touch, or lie within one tick
// (statistics.md T2).
//
// Cost: up to 12 intervals each pair is looked at (about 1 ns); beyond that n log n: the list
// sorted by start and the list sorted by end are walked together. Where very many intervals stand
// within one tick of each other, each asks a Fenwick tree of the ends instead. 100,000 intervals:
// 5 ms, by the tree 35 ms (observe_benchmark.cc). One object a thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace plumbago::analysis {

struct TimeSpan {
  int64_t start = 0;
  int64_t end = 0;  // not before start
};

struct OverlapCounts {
  uint64_t pairs = 0;
  uint64_t surely = 0;
  uint64_t written = 0;
  uint64_t possibly = 0;  // surely + undecided
  uint64_t busy = 0;      // sum of the lengths
  uint64_t covered = 0;   // length of the union

  void Add(const OverlapCounts& other) {
    pairs += other.pairs;
    surely += other.surely;
    written += other.written;
    possibly += other.possibly;
    busy += other.busy;
    covered += other.covered;
  }
};

class OverlapCounter {
 public:
  // Sorts `spans` by start.
  OverlapCounts Count(std::span<TimeSpan> spans, int64_t tick);

  static constexpr size_t kAllPairs = 12;
  // Within a tick of an interval that is no longer than a tick, on average: beyond, the tree.
  static constexpr size_t kNeighbours = 8;

 private:
  // Pairs with g > margin; `spans` sorted by start. The first needs by_end_.
  uint64_t PairsBeyond(std::span<const TimeSpan> spans, int64_t margin);
  uint64_t PairsByTree(std::span<const TimeSpan> spans, int64_t margin);

  struct Query {
    uint32_t prefix;  // how many intervals from the front
    int64_t after;    // that reach past this
  };
  std::vector<TimeSpan> by_end_;
  std::vector<TimeSpan> long_;  // those longer than the margin: start, and end - margin
  std::vector<int64_t> reach_;
  std::vector<Query> queries_;
  std::vector<uint32_t> tree_;
};

}  // namespace plumbago::analysis
