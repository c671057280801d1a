// Which callers call one thing again and again, one by one? ("N+1": a list is asked for, then each
// of its N items.)
//
// A loop: one call (an invocation of an operation) calls the same operation of the same service
// kFewest times or more, and at least nine of ten of these calls began when the one before had
// ended (within a tick of the clock), as the caller's own clock saw them. Messages are not waited
// for and do not count. Below five calls a fixed handful (a few keys, a few settings) is common
// and little is gained; five is where Sentry's detector begins, too. Loops whose calls all began
// within one tick are undecided; those that overlap are parallel already.
//
// The number of calls k tells two things apart: where it varies between invocations, it follows the
// data (N+1, and grows with it); where nine of ten invocations have the same, it is written so.
//
// What it saves: one call for all instead of k, which takes as long as the longest of them: per
// loop the time of all calls less the longest, and not more than (k - 1) x their median.
//
// State: 330 bytes for each (caller, its operation, callee, operation) with a loop; 16 for each
// (caller, operation). Observe: about 6 ns a call.
#pragma once

#include <array>
#include <cstdint>
#include <tuple>
#include <vector>

#include "analysis/analysis.h"
#include "analysis/example_traces.h"
#include "analysis/fields.h"
#include "analysis/grouped_sums.h"
#include "analysis/pair_counts.h"
#include "graph/key_parts.h"
#include "statistics/keyed_table.h"
#include "statistics/quantile_sketch.h"

namespace plumbago::analysis {

struct RepeatedCalls {
  static const Description kDescription;
  static constexpr uint32_t kFewest = 5;
  static constexpr uint64_t kTellsVariation = 20;  // so many loops tell whether k varies

  enum class Pattern : uint8_t { kTooFew, kFixed, kVaries };

  struct Loop {
    model::ServiceId caller = model::kNoService;
    model::OperationId caller_operation = model::kNoOperation;
    model::ServiceId callee = model::kNoService;
    model::OperationId operation = model::kNoOperation;
    uint64_t loops = 0;
    uint64_t loop_us = 0;          // time of all their calls
    uint64_t kinds = 0;            // bit 1 << model::Kind
    statistics::QuantileSketch k;  // calls of each loop; exact up to 50
    GroupedSums<16> saved_us;
    ExampleTraces<3> examples;

    static constexpr std::array kKey{
        graph::kKeyPart<model::ServiceId>, graph::kKeyPart<model::OperationId>,
        graph::kKeyPart<model::ServiceId>, graph::kKeyPart<model::OperationId>};
    // Of a sketch with more than a handful of values.
    static constexpr size_t kHeapBytes = 128;
    std::array<uint32_t, 4> key() const {
      return {Index(caller), Index(caller_operation), Index(callee), Index(operation)};
    }
    void set_key(const std::array<uint32_t, 4>& key);
    void Merge(const Loop& other);
    void Save(std::string& out) const;
    bool Load(statistics::StateReader& in);

    Pattern pattern() const;
  };

  struct State {
    statistics::KeyedTable<Loop> loops;
    // Invocations that call at all.
    PairCounts<model::ServiceId, model::OperationId> invocations;
    GroupedSums<16> traces;
    GroupedSums<16> requests_us;  // how long the entries took
    uint64_t callers = 0;         // invocations that call at all
    uint64_t looping = 0;         // with a loop
    uint64_t overlapping = 0;     // groups of calls that overlap: parallel already
    uint64_t undecided = 0;       // groups within one tick
    uint64_t without_time = 0;    // callees: no time of the caller's clock
    uint64_t ready_made = 0;

    static constexpr auto Fields() {
      return std::tuple(
          Field{"loops", &State::loops}, Field{"invocations", &State::invocations},
          Field{"traces", &State::traces}, Field{"requests_us", &State::requests_us},
          Field{"callers", &State::callers}, Field{"looping", &State::looping},
          Field{"overlapping", &State::overlapping}, Field{"undecided", &State::undecided},
          Field{"without_time", &State::without_time}, Field{"ready_made", &State::ready_made});
    }

    // Working memory.
    struct Item {
      int64_t start = 0, duration = 0;
      uint32_t group = 0;
      model::Kind kind = model::Kind::kUnknown;
    };
    struct Group {
      uint64_t callee = 0;  // service << 32 | operation
      uint32_t calls = 0;
      uint32_t begin = 0, end = 0;  // in `grouped`
    };
    struct Slot {
      uint64_t callee = 0;
      uint64_t caller = 0;  // number of the caller that filled it
      uint32_t group = 0;
    };
    std::vector<Item> items, grouped;
    std::vector<Group> groups;
    std::vector<Slot> slots;
    std::vector<int64_t> durations;
    uint64_t caller_number = 0;
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static document::Section Conclude(const State& state, const Facts& facts);
};

}  // namespace plumbago::analysis
