// How long calls take, by kind: all edges' latencies together, as curves.
#pragma once

#include <array>

#include "document/document.h"
#include "model/call.h"
#include "statistics/quantile_sketch.h"

namespace plumbago::analysis {

// Add: a merge of sketches, 0.1 us for the few calls of most edges. The sums of sketches are exact
// counts, so the order of adding shows nowhere.
class LatencyByKind {
 public:
  void Add(model::Kind kind, const statistics::QuantileSketch& latency_ns);
  // CCDF on log axes of the four kinds with most timed calls, most first; without series if no call
  // has a time above 0. Beside HTTP what is published of it.
  document::Figure Draw(int64_t tick_ns) const;

 private:
  std::array<statistics::QuantileSketch, model::kKinds> latency_ns_;
};

}  // namespace plumbago::analysis
