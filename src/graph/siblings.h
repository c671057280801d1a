// The children that one span waits for, and which of them waited for which: what slack and replay
// have in common.
//
// Happens-before, as far as one trace tells: a child that began when a sibling had ended may have
// waited for it, and is taken to have waited for all such siblings. Between the last of those ends
// and its own beginning the span itself was at work. The same between the last end of all children
// and the span's own end. So a span's time is a network of gaps and children, in which what begins
// later depends on what ended before, and nothing else (CRISP's ComputeAllSeriesTimeSaved).
//
// Cost: linear after two sorts, that most families do not need.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/span_windows.h"

namespace plumbago::graph {

// How much of a span's own time is left, in ten-thousandths.
inline constexpr uint32_t kAll = 10'000;

// Rounded down: never longer, all of it stays all of it, nothing of it is nothing.
inline int64_t LeftOf(int64_t ns, uint32_t left) {
  return ns / kAll * left + ns % kAll * left / kAll;
}

struct Sibling {
  int64_t start_ns = 0;
  int64_t end_ns = 0;
  uint32_t span = 0;
  bool waits = false;     // there are siblings that ended before it began
  int64_t before_ns = 0;  // the last end of those; of the others the parent's start
};

class Siblings {
 public:
  void Gather(const SpanWindows& windows, uint32_t parent);

  // In an order in which nobody waits for one behind: by start, end, place.
  std::span<const Sibling> all() const { return all_; }
  int64_t last_end_ns() const { return last_end_ns_; }  // the parent's start if there are none

  // How long the parent takes when its own time is `left` of what it was and a child takes
  // `durations[span]`. `offsets[span]`: when each child then begins, after the parent's beginning.
  int64_t Replay(uint32_t left, std::span<const int64_t> durations, std::span<int64_t> offsets);

 private:
  SpanWindow parent_;
  int64_t last_end_ns_ = 0;
  std::vector<Sibling> all_;
  std::vector<uint32_t> by_end_;  // places in all_
  std::vector<int64_t> new_end_;  // by place
};

}  // namespace plumbago::graph
