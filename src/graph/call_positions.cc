#include "graph/call_positions.h"

#include <fmt/format.h>

#include <iterator>

#include "model/path.h"

namespace plumbago::graph {

void CallPositions::Start(std::span<const TraceCall> calls) {
  calls_ = calls;
  ready_ = false;
}

std::string CallPositions::Text(uint32_t call) {
  if (!ready_) {
    ready_ = true;
    position_.resize(calls_.size());
    callees_.assign(calls_.size(), 0);
    uint32_t entries = 0;
    for (uint32_t i = 0; i < calls_.size(); ++i) {
      const uint32_t parent = calls_[i].parent;
      position_[i] = parent == kNone ? entries++ : ++callees_[parent];
    }
  }
  if (calls_[call].depth >= model::kMaxPathBytes) return {};
  way_.clear();
  for (uint32_t c = call; c != kNone; c = calls_[c].parent) way_.push_back(position_[c]);
  std::string text;
  for (size_t i = way_.size(); i-- > 0;) {
    if (!text.empty()) text.push_back('.');
    fmt::format_to(std::back_inserter(text), "{}", way_[i]);
  }
  return text;
}

}  // namespace plumbago::graph
