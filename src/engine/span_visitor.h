// A visitor that looks at the spans of each repaired trace: its own, or, where rows have dotted
// ids, one for each call.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/trace_walk.h"
#include "graph/repair_mode.h"
#include "graph/trace_builder.h"

namespace plumbago::engine {

// The span that the request came in by: the first root that was recorded; nullptr: there is none.
const graph::TraceSpan* EntryOf(std::span<const graph::TraceSpan> spans);

class SpanVisitor : public TraceVisitor {
 public:
  SpanVisitor(const model::Names& names, graph::RepairMode mode);
  void Visit(const model::TraceId& trace, std::span<const graph::Row> rows) final;
  void Release() override;

  uint64_t traces = 0;   // all that were visited
  uint64_t dropped = 0;  // by the repair mode: not looked at
  model::DamageCounts damage;

 protected:
  // `spans` in preorder; valid during the call.
  virtual void Look(const graph::CallGraph& graph, std::span<const graph::Row> rows,
                    std::span<const graph::TraceSpan> spans) = 0;
  void MergeCounts(const SpanVisitor& other);

  const model::Names& names_;

 private:
  const graph::RepairMode mode_;
  std::unique_ptr<graph::TraceBuilder> builder_;
  std::vector<graph::TraceSpan> made_;
};

}  // namespace plumbago::engine
