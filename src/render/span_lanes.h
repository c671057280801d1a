// Spans of a trace put on lanes, so that on a lane they lie strictly within or after each other: as
// viewers of one trace draw threads. A span goes on the lane of the nearest span above it of the
// same group where it lies within that one and beside none of its siblings; else, with what is
// below it, on the lowest lane of its group that is free.
//
// Cost: n log n; no recursion, however deep or wide.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace plumbago::render {

struct LaneSpan {
  uint32_t parent = 0xFFFFFFFFu;  // index; none: a root
  uint32_t group = 0;             // lanes are numbered in each group (a service), from 0
  int64_t start_ns = 0;
  int64_t end_ns = 0;  // not before the start
};

struct LanedSpan {
  uint32_t span = 0;
  uint32_t lane = 0;
  uint32_t levels = 0;  // open on the lane where it begins
};

// In the order in which they begin; of those that begin together parents come first. `spans`:
// parents before their children. `groups`: above every group.
std::vector<LanedSpan> PutOnLanes(std::span<const LaneSpan> spans, uint32_t groups);

}  // namespace plumbago::render
