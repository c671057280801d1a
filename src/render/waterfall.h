// One trace on a terminal: its spans as a tree, each with a bar where it lies in time, the critical
// path marked, and where each span falls among all of its kind.
//
//   on path  span                                start      time   slower
//   16.3 ms  frontend  HTTP GET /hotels              0   31.3 ms   97.1 %  ██████████████████
//    4.2 ms  └ search  /search.Search/Nearby    491 µs   11.2 ms   61.4 %  ▒███▒▒
//
// slower: than so many spans of its service and operation in all traces.
// Bars: what of a span lies on the critical path is full, the rest is shaded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "render/screen.h"

namespace plumbago::render {

inline constexpr uint32_t kWaterfallLevels = 12;  // deeper spans say how deep they are

struct WaterfallSpan {
  std::string service;
  std::string operation;
  bool same_service = false;  // as its parent's: the name need not be said again
  uint32_t depth = 0;
  // One letter a level above: '|' if a later sibling of that ancestor follows, else ' '; then '+',
  // or '`' for a last child. Empty for a root, and where it is deeper than kWaterfallLevels.
  std::string levels;
  bool timed = false;
  bool error = false;
  bool inserted = false;      // no row of it exists
  bool asynchronous = false;  // nobody waits for it
  int64_t start_ns = 0;       // since the trace's start
  int64_t duration_ns = 0;
  struct Part {
    int64_t start_ns, end_ns;
  };
  std::vector<Part> on_path;  // since the trace's start; sorted, apart
  uint64_t known = 0;         // spans of its service and operation in all traces
  double slower_than = 0;     // share of them
};

struct Waterfall {
  int64_t end_ns = 0;                // since the trace's start
  std::vector<WaterfallSpan> spans;  // preorder
  size_t more_spans = 0;             // that are not drawn
};

// Never wider than `width`.
Lines DrawWaterfall(const Waterfall& waterfall, int width);

}  // namespace plumbago::render
