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
// State: 24 to 32 bytes an edge and kind. Observe: 2.5 ns a call.
#pragma once

#include <array>
#include <cstdint>
#include <tuple>

#include "analysis/analysis.h"
#include "analysis/fields.h"
#include "analysis/pair_counts.h"
#include "analysis/per_service.h"

namespace plumbago::analysis {

struct Paradigms {
  static const Description kDescription;

  struct Role {
    bool stateful = false;

    bool empty() const { return !stateful; }
    static constexpr auto Fields() { return std::tuple(Field{"stateful", &Role::stateful}); }
  };

  struct State {
    std::array<uint64_t, model::kKinds> calls{};  // by kind
    // By kind, both ends known; of stateless kinds.
    std::array<PairCounts<model::ServiceId, model::ServiceId>, model::kKinds> pairs;
    PerService<Role> roles;

    static constexpr auto Fields() {
      return std::tuple(Field{"calls", &State::calls}, Field{"pairs", &State::pairs},
                        Field{"roles", &State::roles});
    }
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static document::Section Conclude(const State& state, const Facts& facts);
};

}  // namespace plumbago::analysis
