// Are failed calls made again, and how much more traffic is that?
//
// A call is made again when the next call that the same caller made to the same operation of the
// same service, in the order of their start, began when it had ended (within a tick of the clock).
// After a failed call that is a retry, unless the caller calls in a loop anyway: so it is counted
// how often a call follows a failed one and how often it follows one that did not fail, and an edge
// retries where the first is surely more frequent (Wilson's intervals, 95 %, do not overlap).
//
// Amplification of an edge is attempts per wanted call: calls / (calls - retries). Along a path of
// services it multiplies (retry storms: Google's "Site Reliability Engineering", chapter 22; Huang
// et al., "Metastable Failures in the Wild", OSDI'22).
//
// Needs the status of calls. A trace in which no call has one is left out: without it a repetition
// cannot be told from a retry. Both Alibaba releases have none.
//
// State: 48 bytes for each (caller, callee, operation) of traces with a status, 270 for each that
// repeats failed calls. Observe: 1 ns a call without statuses, about 12 with.
#pragma once

#include <array>
#include <cstdint>
#include <tuple>
#include <vector>

#include "analysis/analysis.h"
#include "analysis/example_traces.h"
#include "analysis/fields.h"
#include "analysis/grouped_sums.h"
#include "graph/key_parts.h"
#include "statistics/keyed_table.h"

namespace plumbago::analysis {

struct Retries {
  static const Description kDescription;
  static constexpr size_t kDeepest = 8;  // services of a path along which amplification multiplies

  // All calls of one edge and operation, of traces with a status.
  struct Calls {
    model::ServiceId caller = model::kNoService;
    model::ServiceId callee = model::kNoService;
    model::OperationId operation = model::kNoOperation;
    uint64_t calls = 0, failed = 0;
    uint64_t again_after_failed = 0, again_after_other = 0;

    static constexpr std::array kKey{graph::kKeyPart<model::ServiceId>,
                                     graph::kKeyPart<model::ServiceId>,
                                     graph::kKeyPart<model::OperationId>};
    std::array<uint32_t, 3> key() const { return {Index(caller), Index(callee), Index(operation)}; }
    void set_key(const std::array<uint32_t, 3>& key);
    void Merge(const Calls& other);
    void Save(std::string& out) const;
    bool Load(statistics::StateReader& in);

    bool Retried() const;
    // Attempts per wanted call.
    double Amplification() const {
      return static_cast<double>(calls) / static_cast<double>(calls - again_after_failed);
    }
  };

  // What an edge's failed calls that were made again have cost.
  struct Lost {
    model::ServiceId caller = model::kNoService;
    model::ServiceId callee = model::kNoService;
    model::OperationId operation = model::kNoOperation;
    uint64_t most = 0;  // attempts of one wanted call
    GroupedSums<16> lost_us;
    ExampleTraces<3> examples;

    static constexpr std::array kKey = Calls::kKey;
    std::array<uint32_t, 3> key() const { return {Index(caller), Index(callee), Index(operation)}; }
    void set_key(const std::array<uint32_t, 3>& key);
    void Merge(const Lost& other);
    void Save(std::string& out) const;
    bool Load(statistics::StateReader& in);
  };

  struct State {
    statistics::KeyedTable<Calls> calls;
    statistics::KeyedTable<Lost> lost;
    GroupedSums<16> traces;       // all that were read
    uint64_t with_status = 0;     // calls in traces with a status
    uint64_t without_status = 0;  // and in the others
    uint64_t failed = 0;
    uint64_t ready_made = 0;

    static constexpr auto Fields() {
      return std::tuple(Field{"calls", &State::calls}, Field{"lost", &State::lost},
                        Field{"traces", &State::traces}, Field{"with_status", &State::with_status},
                        Field{"without_status", &State::without_status},
                        Field{"failed", &State::failed}, Field{"ready_made", &State::ready_made});
    }

    // Working memory.
    struct Item {
      uint64_t callee = 0;  // callee << 32 | operation
      int64_t start = 0, end = 0;
      uint32_t order = 0;
      bool failed = false, timed = false;
    };
    std::vector<Item> items;
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static document::Section Conclude(const State& state, const Facts& facts);
};

}  // namespace plumbago::analysis
