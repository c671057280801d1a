// What became of span links: of each trace that they lead to, and of all.
#pragma once

#include <cstdint>
#include <tuple>

#include "analysis/fields.h"
#include "graph/trace_links.h"

namespace plumbago::analysis {

// Each once though its span was delivered twice.
struct LinkCounts {
  uint64_t across = 0;         // to another trace
  uint64_t no_trace = 0;       // ... of which nothing is here
  uint64_t no_span = 0;        // ... which is here without the span that is named
  uint64_t within = 0;         // to the span's own trace, but not to its parent
  uint64_t repeat_parent = 0;  // to the span's own parent

  static constexpr auto Fields() {
    return std::tuple(Field{"across", &LinkCounts::across},
                      Field{"no_trace", &LinkCounts::no_trace},
                      Field{"no_span", &LinkCounts::no_span}, Field{"within", &LinkCounts::within},
                      Field{"repeat_parent", &LinkCounts::repeat_parent});
  }
  // Across traces, both ends here.
  uint64_t found() const { return across - no_trace - no_span; }

  // True if the link is one of those.
  bool Count(const graph::TraceLink& link, bool trace_here) {
    if (link.repeats_parent || link.same_trace) {
      ++(link.repeats_parent ? repeat_parent : within);
      return false;
    }
    ++across;
    if (!link.found) ++(trace_here ? no_span : no_trace);
    return link.found;
  }
};

}  // namespace plumbago::analysis
