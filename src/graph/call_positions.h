// Ids for calls that were linked by span ids: the position of each call among its siblings, dotted
// ("0", "0.1", "0.1.2"), so that such traces can be written to formats that link by path.
//
// Deeper than an encoded path can be (model::kMaxPathBytes) there is no text. Cost: linear once a
// graph, then linear in the depth of the call.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "graph/call_graph.h"

namespace plumbago::graph {

class CallPositions {
 public:
  // `calls`: in preorder; must stay as they are until the next Start.
  void Start(std::span<const TraceCall> calls);
  std::string Text(uint32_t call);

 private:
  std::span<const TraceCall> calls_;
  bool ready_ = false;
  std::vector<uint32_t> position_;  // by call: entries from 0, callees from 1
  std::vector<uint32_t> callees_;   // by call: so many were numbered
  std::vector<uint32_t> way_;
};

}  // namespace plumbago::graph
