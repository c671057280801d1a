// How tightly services are coupled: how likely an invocation of a caller calls a callee, and how
// often. (SoCC'21: coupled dependency, over two-tier invocations)
//
//   invocation of U        a call whose callee is U
//   call probability       invocations of U with a call to D below them / invocations of U
//   calls an invocation    calls from U to D / invocations of U that call D
//   merge candidate        the probability is nearly 1 (kSure), nobody else ever calls D, D is no
//                          cache, database or consumer of messages: D could be a part of U
//   batch candidate        at least half of the invocations that call D call it kMany times or more
//
// Small counts: invocations of one trace depend on each other, so a probability is judged by the
// lower end of a 95 % Wilson interval whose trials are the traces in which U is invoked.
//
// Merging saves the network part of the calls: the time that the caller waited less the time that
// the callee worked, where both sides of a call were recorded and marked; signed, as network_tax.h
// has it. Sums are kept for 16 groups of traces, so that the total has an interval.
//
// Ready-made graphs tell no invocations and are left out. Counts are as recorded; sampling weights
// are not applied.
//
// State: 250 bytes a (caller, callee), 16 a service. Observe: 15 ns a call.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "analysis/analysis.h"
#include "analysis/example_traces.h"
#include "analysis/fields.h"
#include "analysis/per_service.h"
#include "graph/key_parts.h"
#include "statistics/keyed_table.h"

namespace plumbago::analysis {

struct Coupling {
  static const Description kDescription;

  static constexpr double kSure = 0.9;
  static constexpr uint32_t kMany = 5;
  static constexpr double kOften = 0.5;
  static constexpr size_t kGroups = 16;

  // What is known of the invocations of one service that call another.
  struct Pair {
    model::ServiceId caller = model::kNoService;
    model::ServiceId callee = model::kNoService;
    uint64_t called = 0;  // invocations of the caller that call the callee
    uint64_t calls = 0;
    uint64_t many = 0;    // invocations that call it kMany times or more
    uint64_t loose = 0;   // calls that are messages, or to a cache or database
    uint64_t paired = 0;  // calls with both sides known
    std::array<int64_t, kGroups> network_ns{};  // of those, by group of traces; signed
    ExampleTraces<2> examples;

    static constexpr std::array kKey{graph::kKeyPart<model::ServiceId>,
                                     graph::kKeyPart<model::ServiceId>};
    std::array<uint32_t, 2> key() const { return {Index(caller), Index(callee)}; }
    void set_key(const std::array<uint32_t, 2>& key);
    void Merge(const Pair& other);
    void Save(std::string& out) const;
    bool Load(statistics::StateReader& in);
  };

  struct Service {
    uint64_t invocations = 0;
    uint64_t traces = 0;  // with an invocation

    bool empty() const { return invocations == 0; }
    static constexpr auto Fields() {
      return std::tuple(Field{"invocations", &Service::invocations},
                        Field{"traces", &Service::traces});
    }
  };

  struct State {
    statistics::KeyedTable<Pair> pairs;
    PerService<Service> services;
    uint64_t ready_made = 0;  // traces that came as graphs

    // Working memory: by node of the trace; callees of the invocation at hand.
    struct Callee {
      uint32_t invocation = 0;  // the one at hand, plus one
      uint32_t calls = 0, loose = 0, paired = 0;
      int64_t network_ns = 0;
      bool invoked = false;
    };
    struct Visit {  // an invocation and one of its callees
      model::ServiceId caller, callee;
      Callee seen;
    };
    std::vector<Callee> callees;
    std::vector<uint32_t> called;
    std::vector<Visit> visits;

    static constexpr auto Fields() {
      return std::tuple(Field{"pairs", &State::pairs}, Field{"services", &State::services},
                        Field{"ready_made", &State::ready_made});
    }
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static document::Section Conclude(const State& state, const Facts& facts);
};

}  // namespace plumbago::analysis
