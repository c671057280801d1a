// Cyclic dependencies: services that call each other in a circle within one request. (SoCC'21,
// cyclic dependency)
//
//   cycle       a directed circle of two or more services in the graph of one trace: a strongly
//               connected part of it (Tarjan, "Depth-first search and linear graph algorithms",
//               SIAM J. Comput. 1, 1972)
//   path cycle  on one path of calls a service is called again, with other services between; one
//               that leads through a service that is not known counts too
//   strong      a path cycle that comes back to the same interface of the service: a caller that
//               holds a thread or a lock while it waits may wait for itself
//   weak        any other: it comes back to another interface, or the circle closes only over
//               several paths
//   self call   a service that calls itself directly; counted apart, no cycle
//
// Where an interface is not named, and in ready-made graphs, whose nodes are all that is known,
// strength is not told: such a trace is cyclic and neither strong nor weak.
//
// Which cycle: the services in the order of calls, begun at the first name; a trace counts once
// for each. On paths the cycle is that from the nearest call of the same service; otherwise the
// shortest through the first name of the strongly connected part. Up to four services are told
// exactly; longer ones go by their first four.
//
// State: about 100 bytes a distinct cycle. Observe: 1 to 2 ns a call where there is no cycle;
// linear (but for a sort) where there is one.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "analysis/analysis.h"
#include "analysis/example_traces.h"
#include "analysis/fields.h"
#include "graph/key_parts.h"
#include "statistics/count_histogram.h"
#include "statistics/keyed_table.h"
#include "statistics/resampling.h"

namespace plumbago::analysis {

struct Cycles {
  static const Description kDescription;

  static constexpr size_t kTold = 4;  // services of a cycle in its key

  struct Cycle {
    std::array<uint32_t, kTold> services{};  // ids; unused ones 0
    uint64_t traces = 0;
    uint64_t strong = 0;  // of them
    uint64_t weak = 0;
    uint32_t longest = 0;  // services on it
    ExampleTraces<2> examples;

    static constexpr std::array kKey{
        graph::kKeyPart<model::ServiceId>, graph::kKeyPart<model::ServiceId>,
        graph::kKeyPart<model::ServiceId>, graph::kKeyPart<model::ServiceId>};
    std::array<uint32_t, kTold> key() const { return services; }
    void set_key(const std::array<uint32_t, kTold>& key) { services = key; }
    void Merge(const Cycle& other);
    void Save(std::string& out) const;
    bool Load(statistics::StateReader& in);
  };

  struct State {
    uint64_t traces = 0;
    uint64_t untold = 0;                // cyclic, strength not told
    statistics::BucketedRatio cyclic;   // of traces
    statistics::BucketedRatio strong;   // of traces whose interfaces are told
    statistics::BucketedRatio weak;     // likewise: cyclic, and no cycle of theirs is strong
    statistics::BucketedRatio self;     // of traces: a service calls itself
    statistics::BucketedRatio reenter;  // likewise, the interface that it is in
    statistics::CountHistogram length;  // of cycles in traces: services on them
    statistics::KeyedTable<Cycle> cycles;
    ExampleTraces<3> strong_examples;

    static constexpr auto Fields() {
      return std::tuple(Field{"traces", &State::traces}, Field{"untold", &State::untold},
                        Field{"cyclic", &State::cyclic}, Field{"strong", &State::strong},
                        Field{"weak", &State::weak}, Field{"self", &State::self},
                        Field{"reenter", &State::reenter}, Field{"length", &State::length},
                        Field{"cycles", &State::cycles},
                        Field{"strong_examples", &State::strong_examples});
    }

    // Working memory.
    enum Strength : uint8_t { kUntold, kWeak, kStrong };
    struct Found {
      std::array<uint32_t, kTold> services;
      uint32_t length;
      Strength strength;
    };
    struct Open {  // of Tarjan's search
      uint32_t node;
      uint32_t next;  // place in `targets`
    };
    std::vector<uint32_t> first, targets;  // callees of each node
    std::vector<uint32_t> index, low, stack, part;
    std::vector<Open> open;
    std::vector<uint32_t> queue, from;                     // of the search for a shortest circle
    std::vector<uint32_t> run, above, top, interface_top;  // of calls; of nodes; of interfaces
    std::vector<uint64_t> interfaces;                      // (node, operation), sorted
    std::vector<uint32_t> path;
    std::vector<uint32_t> circle;
    std::vector<Found> found;
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static document::Section Conclude(const State& state, const Facts& facts);
};

}  // namespace plumbago::analysis
