// Finds the spans that the links to one trace lead to (docs/design/0016-links.md).
//
// Links that tell the same, of copies of one span, are one: the earliest. Of several rows with the
// id that is named the client's counts (a producer), else the one that comes first by content; so
// the answer depends on the set of rows and links alone.
//
// Cost: n log n in the links, a search a row. Memory is kept. One object a thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/row.h"
#include "graph/trace_links.h"
#include "model/span_link.h"

namespace plumbago::engine {

class LinkEnds {
 public:
  // `links`: rows with kLinkSide. Valid until the next call.
  graph::TraceLinks Find(const model::TraceId& trace, std::span<const graph::Row> rows,
                         std::span<const graph::Row> links);
  // Gives back memory.
  void Release();

 private:
  struct Target {
    uint64_t span = 0;
    const model::Call* row = nullptr;
  };
  std::vector<model::SpanLink> read_;
  std::vector<Target> targets_;  // by id, each once
  std::vector<graph::TraceLink> links_;
};

}  // namespace plumbago::engine
