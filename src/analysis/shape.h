// How call graphs look: how deep, how wide, who has how many callers and callees. (SoCC'21 section
// 4, figures 4 and 5)
//
//   depth       of a trace: calls below the entry on the longest path; an entry alone has depth 0
//   tier        of a called service: services on the path from the entry to its nearest call; one
//               that calls itself adds none. Callers outside the trace (the user, a gateway that
//               nothing in it calls) stand on no tier
//   width       of a tier: services on it; of a trace: its widest tier
//   in-degree   of a called service in a trace: distinct services of the trace that call it
//   out-degree  of a stateless service in a trace: distinct services that it calls
//   tree-like   a trace in which no service has two callers, the outside counted as one
//
// A graph that stands for several traces (weight) counts as often, rounded to whole numbers, at
// least once. A ready-made one tells no tree of calls: its services' tiers are the shortest ways to
// them, and its depth is that of its tiers, at most the depth in calls.
//
// State: histograms of small integers, and 64-bucket ratios; some kB. Observe: 4 ns a call.
#pragma once

#include <cstdint>
#include <tuple>
#include <vector>

#include "analysis/analysis.h"
#include "analysis/fields.h"
#include "statistics/count_histogram.h"
#include "statistics/resampling.h"

namespace plumbago::analysis {

struct Shape {
  static const Description kDescription;

  static constexpr uint32_t kFanOut = 5;  // the published tail: "out-degree of at least 5"

  struct State {
    statistics::CountHistogram depth;           // of traces
    statistics::CountHistogram tiers;           // of traces: how many have a service
    statistics::CountHistogram width;           // of traces: widest tier
    statistics::CountHistogram tier_width;      // of tiers
    statistics::CountHistogram in_degree;       // of called services in traces: 1 or more
    statistics::CountHistogram out_degree;      // of stateless services in traces
    statistics::CountHistogram widest_fan_out;  // of traces: largest out-degree
    statistics::BucketedRatio tree_like;        // of traces
    statistics::BucketedRatio one_caller;       // of called services in traces
    statistics::BucketedRatio single_tier;      // tiers with one service, of tiers
    statistics::BucketedRatio fan_out;          // kFanOut callees or more, of stateless services
    uint64_t traces = 0;
    uint64_t without_tree = 0;

    static constexpr auto Fields() {
      return std::tuple(
          Field{"depth", &State::depth}, Field{"tiers", &State::tiers},
          Field{"width", &State::width}, Field{"tier_width", &State::tier_width},
          Field{"in_degree", &State::in_degree}, Field{"out_degree", &State::out_degree},
          Field{"widest_fan_out", &State::widest_fan_out}, Field{"tree_like", &State::tree_like},
          Field{"one_caller", &State::one_caller}, Field{"single_tier", &State::single_tier},
          Field{"fan_out", &State::fan_out}, Field{"traces", &State::traces},
          Field{"without_tree", &State::without_tree});
    }

    // Working memory.
    std::vector<uint32_t> call_tier, node_tier, services_of_tier;
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static document::Section Conclude(const State& state, const Facts& facts);
};

}  // namespace plumbago::analysis
