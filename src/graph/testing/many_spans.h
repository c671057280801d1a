// For benchmarks: many spans in traces of a size.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "graph/call_graph.h"

namespace plumbago::graph::testing {

// Traces of `size` spans: each has some children, one after the other or side by side.
inline std::vector<std::vector<TraceSpan>> ManySpans(uint32_t size, uint32_t count) {
  std::mt19937_64 random(7);
  const auto below = [&](int64_t n) {
    return static_cast<int64_t>(random() % static_cast<uint64_t>(n));
  };
  std::vector<std::vector<TraceSpan>> traces(count / size);
  struct Open {
    uint32_t span;
    uint32_t children;
    int64_t at;
  };
  std::vector<Open> open;
  for (std::vector<TraceSpan>& spans : traces) {
    spans.resize(1);
    spans[0].start_ns = 0;
    spans[0].duration_ns = int64_t{1} << 40;
    open.assign(1, {0, UINT32_MAX, 0});
    while (spans.size() < size) {
      Open& from = open.back();
      const TraceSpan parent = spans[from.span];
      const int64_t most = (parent.end_ns() - from.at) / 2;
      if (from.children == 0 || most < 16) {
        if (open.size() == 1) from.at = 0;  // again from the start: side by side
        if (open.size() > 1) open.pop_back();
        continue;
      }
      --from.children;
      TraceSpan span;
      span.parent = from.span;
      // A service calls a few others, as code does.
      const auto service =
          (static_cast<uint32_t>(parent.service) * 5 + static_cast<uint32_t>(below(5))) % 30 + 1;
      span.service = static_cast<model::ServiceId>(service);
      span.operation = static_cast<model::OperationId>(4 * service + from.span % 2);
      span.start_ns = from.at + below(1 + most / 8);
      span.duration_ns = 1 + below(size > 1000 ? 1 << 20 : most);
      span.duration_ns = std::min(span.duration_ns, parent.end_ns() - span.start_ns);
      from.at = below(4) == 0 ? span.start_ns : span.end_ns();
      const auto self = static_cast<uint32_t>(spans.size());
      open.push_back({self, static_cast<uint32_t>(below(5)), span.start_ns});
      spans.push_back(span);
    }
    for (uint32_t i = size; i-- > 0;) {
      spans[i].subtree_end = std::max(spans[i].subtree_end, i + 1);
      if (i == 0) continue;
      uint32_t& end = spans[spans[i].parent].subtree_end;
      end = std::max(end, spans[i].subtree_end);
    }
  }
  return traces;
}

}  // namespace plumbago::graph::testing
