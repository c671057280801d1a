// How much a span off the critical path may grow, and how much one on it is worth.
//
//   slack   how much longer the span may take until its trace takes longer, all that comes after
//           it included: the total float of the critical path method. Zero on the path.
//   drag    how much shorter the trace would be if the span had no own time: what is beside it
//           takes the lead then. Zero off the path; never more than its own time on it. Exactly
//           what Replay answers for the span alone (a property, slack_test.cc).
//
// Both in the network of siblings.h, of each path for itself. CRISP and Google's calligator cap
// drag by the end of the sibling that ends next before: what runs beside the span and ends later,
// or beside its parent, does not count there (docs/design/0015).
//
// Sources: Kelley, Walker, "Critical-Path Planning and Scheduling", 1959 (float); Devaux, "Total
// Project Control", 1999 (drag).
//
// Cost: two passes over the siblings of each span, a heap for those beside the path: about 60 ns a
// span. FindDrag looks at the siblings of spans on the paths of roots alone. No recursion.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "graph/critical_path.h"
#include "graph/siblings.h"
#include "graph/span_windows.h"

namespace plumbago::graph {

class Slack {
 public:
  // `path` must be that of `windows`.
  void Find(const SpanWindows& windows, const CriticalPath& path) { Find(windows, path, true); }
  // Only drag, and only of what the roots wait for: nothing below a span off the path or an
  // asynchronous one.
  void FindDrag(const SpanWindows& windows, const CriticalPath& path) {
    Find(windows, path, false);
  }

  // Of spans with a window; zero of others.
  int64_t slack_ns(uint32_t span) const { return slack_[span]; }
  int64_t drag_ns(uint32_t span) const { return drag_[span]; }

 private:
  void Find(const SpanWindows& windows, const CriticalPath& path, bool all);
  void SlackOfChildren(uint32_t parent);
  void BoundOfChildren(const CriticalPath& path, uint32_t parent);

  Siblings siblings_;
  std::vector<int64_t> slack_, drag_;
  std::vector<int64_t> bound_;  // by span on a path: the least slack of what runs beside it
  std::vector<int64_t> durations_, offsets_;
  std::vector<int64_t> latest_;  // of siblings i, i + 1, ...: how late what they wait for may end
  std::vector<std::pair<int64_t, int64_t>> beside_;  // a heap: slack, end
};

}  // namespace plumbago::graph
