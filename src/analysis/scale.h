// How much there is: traces, calls, and distinct services, operations, edges and entries. (SoCC'21
// sections 1 and 3)
//
//   service     a name that calls or is called
//   operation   a service and an interface of it that is called; a call that names none has none
//   edge        a caller and a callee, both known
//   entry       a service and operation that a trace begins with; in the 2022 release the online
//               service that the row names. Where one trace lacks the service (its entry call is
//               lost) and another has it, they are one entry
//   stateful    a service that is the callee of a cache or database call, in any trace
//
// Counts are exact. What was seen is a lower bound of what is there (T7): Chao1 estimates the rest,
// where a thing counts once a call that names it (an entry: once a trace). A graph that stands for
// several traces (weight) counts as often, rounded to whole numbers, at least once. The entry of a
// ready-made graph is the online service that it names, and it tells no operations.
//
// State: 24 bytes a service, about 32 an edge, operation and entry. Observe: 5 ns a call.
#pragma once

#include <cstdint>
#include <tuple>

#include "analysis/analysis.h"
#include "analysis/fields.h"
#include "analysis/pair_counts.h"
#include "analysis/per_service.h"

namespace plumbago::analysis {

struct Scale {
  static const Description kDescription;

  struct Service {
    uint64_t called = 0;   // calls that it receives
    uint64_t calling = 0;  // calls that it makes
    bool entry = false;    // a trace begins with it
    bool stateful = false;

    bool empty() const { return called == 0 && calling == 0 && !entry && !stateful; }
    static constexpr auto Fields() {
      return std::tuple(Field{"called", &Service::called}, Field{"calling", &Service::calling},
                        Field{"entry", &Service::entry}, Field{"stateful", &Service::stateful});
    }
  };

  struct State {
    uint64_t traces = 0;
    uint64_t calls = 0;
    PerService<Service> services;
    PairCounts<model::ServiceId, model::ServiceId> edges;         // caller, callee: calls
    PairCounts<model::ServiceId, model::OperationId> operations;  // callee, operation: calls
    PairCounts<model::ServiceId, model::OperationId> entries;     // service, operation: traces

    static constexpr auto Fields() {
      return std::tuple(Field{"traces", &State::traces}, Field{"calls", &State::calls},
                        Field{"services", &State::services}, Field{"edges", &State::edges},
                        Field{"operations", &State::operations}, Field{"entries", &State::entries});
    }
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static document::Section Conclude(const State& state, const Facts& facts);
};

}  // namespace plumbago::analysis
