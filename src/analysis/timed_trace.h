// A trace with times written down in a test: who calls what, when, and for how long.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "graph/call_graph.h"
#include "graph/graph_measure.h"
#include "model/names.h"

namespace plumbago::analysis {

class TimedTrace {
 public:
  // `id`: well mixed, as ids of traces are.
  TimedTrace(model::Names& names, uint64_t id) : names_(names) {
    graph_.trace = {.hi = 1, .lo = id};
    graph_.sides_marked = true;
  }

  // Calls in preorder. Returns the number of the call.
  uint32_t Call(uint32_t parent, std::string_view callee, std::string_view operation,
                int64_t start_us, int64_t duration_us, model::Kind kind = model::Kind::kRpc,
                model::Status status = model::Status::kUnset) {
    graph::TraceCall call;
    call.parent = parent;
    call.caller = parent == graph::kNone ? model::kNoService : calls_[parent].callee;
    call.callee = names_.Service(callee);
    call.operation = names_.Operation(operation);
    call.kind = kind;
    call.status = status;
    call.client = {start_us * 1000, duration_us * 1000};
    calls_.push_back(call);
    return static_cast<uint32_t>(calls_.size() - 1);
  }
  graph::TraceCall& operator[](uint32_t call) { return calls_[call]; }
  // Valid until the next change.
  const graph::CallGraph& Graph() {
    graph::Measure(calls_, measured_);
    graph_.calls = calls_;
    graph_.nodes = measured_.nodes;
    graph_.edges = measured_.edges;
    return graph_;
  }

 private:
  model::Names& names_;
  graph::CallGraph graph_;
  std::vector<graph::TraceCall> calls_;
  graph::MeasuredGraph measured_;
};

}  // namespace plumbago::analysis
