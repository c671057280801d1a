// Hot spots, and how much hangs on a service: who calls it, how many entries and how much traffic
// use it, how many of all calls and how much of all own time are its. (SoCC'21 section 4; Google
// RPC, SOSP'23: popularity, time against calls)
//
//   entry           what requests ask for: the online service (2022), the interface of the entry
//                   call (2021)
//   uses            a trace uses a service that calls or is called in it
//   share of        the traces that use the service, of all traces; the entries with such a trace,
//   traffic,        of all entries that are named
//   of entries
//   callers         distinct services that call it, over all traces (in-degree of the aggregated
//                   graph; itself counts, the user does not)
//
// Traces show use, not need: what would happen without a service shows only where a call to it
// failed and its caller did not (`survived`).
//
// A graph that stands for several traces (weight) counts as often, its calls and times as well.
// Ready-made graphs tell no own time.
//
// State: 16 to 32 bytes a (service, entry) and a (callee, caller), 64 a service.
// Observe: 5 ns a call.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>

#include "analysis/analysis.h"
#include "analysis/fields.h"
#include "analysis/pair_counts.h"
#include "analysis/per_service.h"

namespace plumbago::analysis {

// Whether one instance was seen, or several: the first and the last by name.
struct InstanceRange {
  model::InstanceId first = model::kNoInstance;
  model::InstanceId last = model::kNoInstance;

  void Add(model::InstanceId instance) {
    if (instance == first || instance == last) return;
    if (first == model::kNoInstance) {
      first = last = instance;
    } else if (instance < first) {
      first = instance;
    } else if (instance > last) {
      last = instance;
    }
  }
  bool known() const { return first != model::kNoInstance; }
  bool one() const { return known() && first == last; }
  void Merge(const InstanceRange& other);
  void Save(std::string& out) const;
  [[nodiscard]] bool Load(statistics::StateReader& in, const statistics::IdMaps& maps);
};

struct Sharing {
  static const Description kDescription;

  // A single point of failure: more than this share of the traffic uses it.
  static constexpr double kTraffic = 0.5;
  // "Used by most online services": by more than this share of the entries. (SoCC'21)
  static constexpr double kMostEntries = 0.9;
  static constexpr double kMostEntriesPublished = 0.05;

  struct Work {
    uint64_t calls = 0;       // as callee
    uint64_t self_known = 0;  // calls whose own time is known
    uint64_t self_ns = 0;
    uint64_t failed = 0;    // calls whose status says so
    uint64_t survived = 0;  // of them, calls of a caller that did not fail itself
    uint64_t entered = 0;   // traces that begin here
    bool stateful = false;  // ever the callee of a cache or database call
    InstanceRange instances;

    bool empty() const { return calls + entered == 0; }
    static constexpr auto Fields() {
      return std::tuple(Field{"calls", &Work::calls}, Field{"self_known", &Work::self_known},
                        Field{"self_ns", &Work::self_ns}, Field{"failed", &Work::failed},
                        Field{"survived", &Work::survived}, Field{"entered", &Work::entered},
                        Field{"stateful", &Work::stateful}, Field{"instances", &Work::instances});
    }
  };

  struct State {
    uint64_t traces = 0;           // weights are counted
    uint64_t squared_weights = 0;  // sum of the squares of sampling weights
    uint64_t without_entry = 0;    // traces whose entry has no name
    uint64_t ready_made = 0;       // traces that came as graphs
    uint64_t unknown_calls = 0;    // calls whose callee has no name
    // Traces by service and entry; those of kNoService: all traces of the entry.
    PairCounts<model::ServiceId, model::OperationId> uses;
    PairCounts<model::ServiceId, model::ServiceId> callers;  // callee, caller: traces
    PerService<Work> work;

    static constexpr auto Fields() {
      return std::tuple(
          Field{"traces", &State::traces}, Field{"squared_weights", &State::squared_weights},
          Field{"without_entry", &State::without_entry}, Field{"ready_made", &State::ready_made},
          Field{"unknown_calls", &State::unknown_calls}, Field{"uses", &State::uses},
          Field{"callers", &State::callers}, Field{"work", &State::work});
    }
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static document::Section Conclude(const State& state, const Facts& facts);
};

}  // namespace plumbago::analysis
