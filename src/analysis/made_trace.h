// A trace written down in a test: calls in preorder, measured as the builder does it.
//
//   MadeTrace trace(names, 7);
//   trace.Call(kNone, "", "gate", Kind::kHttp).Call(0, "gate", "cart").Call(1, "cart", "redis",
//   Kind::kCache); Scale::Observe(state, trace.Graph(), {});
#pragma once

#include <string_view>
#include <vector>

#include "graph/call_graph.h"
#include "graph/graph_measure.h"
#include "model/names.h"

namespace plumbago::analysis {

class MadeTrace {
 public:
  MadeTrace(model::Names& names, uint64_t id) : names_(names) {
    graph_.trace = {.hi = 1, .lo = id};
  }

  MadeTrace& Call(uint32_t parent, std::string_view caller, std::string_view callee,
                  model::Kind kind = model::Kind::kRpc, std::string_view operation = "") {
    graph::TraceCall call;
    call.parent = parent;
    call.caller = names_.Service(caller);
    call.callee = names_.Service(callee);
    call.operation = names_.Operation(operation);
    call.kind = kind;
    calls_.push_back(call);
    return *this;
  }
  MadeTrace& Entry(std::string_view service, std::string_view operation) {
    graph_.entry_service = names_.Service(service);
    graph_.entry = names_.Operation(operation);
    return *this;
  }
  MadeTrace& Weight(double weight) {
    graph_.weight = weight;
    return *this;
  }
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
