// How services talk: by RPC, by messages, in the process; and how many calls go to caches and
// databases. (SoCC'21 section 3, communication paradigms)
//
// Published for calls between stateless microservices: RPC (with HTTP) 76 %, messages (MQ) 23 %,
// in-process 1 %. A service is stateful when it is the callee of a cache or database call in any
// trace, so what counts as stateless is known only at the end: calls are kept by caller, callee and
// kind until then.
//
// Between stateless services: both ends known, neither stateful, and the kind known. The shares are
// of all such calls, home-made middleware ("other") among them. Calls of the user and calls with an
// unknown end are counted apart.
//
// A graph that stands for several traces (weight) counts as often, rounded to whole numbers, at
// least once. One without a tree of calls says the kind of its edges.
//
// State: 24 to 32 bytes an edge and kind. Observe: about 8 ns a call.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "analysis/analysis.h"
#include "analysis/pair_counts.h"

namespace plumbago::analysis {

struct Paradigms {
  static const Description kDescription;

  struct State {
    std::array<uint64_t, model::kKinds> calls{};  // by kind
    std::array<PairCounts, model::kKinds> pairs;  // by kind, both ends known; of stateless kinds
    std::vector<uint8_t> stateful;                // by ServiceId
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static void Merge(State& into, State&& from);
  static document::Section Conclude(const State& state, const Facts& facts);
};

}  // namespace plumbago::analysis
