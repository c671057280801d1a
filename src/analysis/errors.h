// Where do errors begin, how far do they go, and which of them fail requests?
//
// A call fails when a row of it says so. A failed call is an origin where none of the calls that it
// made failed; it was passed on where the call above failed, too, and absorbed where that one did
// not. An origin failed the request where every call from it up to the entry failed. That an error
// above was caused by the one below is taken from their place in the tree, as everywhere (CRISP's
// error paths, ATC'22): a call can fail for a reason of its own at the same time.
//
// Needs the status of calls. Spans without one did not fail (OpenTelemetry's "unset"; Jaeger and
// Zipkin mark errors alone), if any span of the data has one. Of rows without span ids a trace in
// which no call has a status is left out. A sampled trace counts
// as often as its weight says (statistics.md T7); the interval is of as many as that is worth.
//
// State: 56 bytes for each (callee, operation) of spans or traces with a status, 60 for each edge
// and operation that fails. Observe: 1 ns a call without statuses, about 12 with.
#pragma once

#include <array>
#include <cstdint>
#include <tuple>
#include <vector>

#include "analysis/analysis.h"
#include "analysis/example_traces.h"
#include "analysis/fields.h"
#include "graph/key_parts.h"
#include "statistics/keyed_table.h"

namespace plumbago::analysis {

struct Errors {
  static const Description kDescription;
  static constexpr bool kSpans = true;  // to know that a trace is of spans

  // All calls to one operation.
  struct Target {
    model::ServiceId service = model::kNoService;
    model::OperationId operation = model::kNoOperation;
    uint64_t calls = 0, failed = 0;
    uint64_t origins = 0;          // failed calls with no failed one below
    uint64_t failed_requests = 0;  // requests that such an origin failed
    ExampleTraces<3> examples;     // of those

    static constexpr std::array kKey{graph::kKeyPart<model::ServiceId>,
                                     graph::kKeyPart<model::OperationId>};
    std::array<uint32_t, 2> key() const { return {Index(service), Index(operation)}; }
    void set_key(const std::array<uint32_t, 2>& key);
    void Merge(const Target& other);
    void Save(std::string& out) const;
    bool Load(statistics::StateReader& in);
  };

  // Failed calls of one caller's operation to one operation.
  struct Way {
    model::ServiceId caller = model::kNoService;
    model::ServiceId callee = model::kNoService;
    model::OperationId operation = model::kNoOperation;
    uint64_t failed = 0, passed_on = 0;

    static constexpr std::array kKey{graph::kKeyPart<model::ServiceId>,
                                     graph::kKeyPart<model::ServiceId>,
                                     graph::kKeyPart<model::OperationId>};
    std::array<uint32_t, 3> key() const { return {Index(caller), Index(callee), Index(operation)}; }
    void set_key(const std::array<uint32_t, 3>& key);
    void Merge(const Way& other);
    void Save(std::string& out) const;
    bool Load(statistics::StateReader& in);
  };

  struct State {
    statistics::KeyedTable<Target> targets;
    statistics::KeyedTable<Way> ways;
    uint64_t traces = 0;          // of spans, or with a status
    uint64_t with_status = 0;     // of them, those in which a call has one
    uint64_t without_status = 0;  // traces that are left out
    uint64_t ready_made = 0;      // traces
    uint64_t calls = 0, failed = 0;
    uint64_t failed_requests = 0;    // whose entry failed
    uint64_t failed_squares = 0;     // sum of their weights' squares
    uint64_t absorbed_requests = 0;  // an error inside, and an entry that did not fail
    uint64_t depths = 0;    // sum over origins that failed their request: calls from the entry
    uint64_t reaching = 0;  // those origins

    static constexpr auto Fields() {
      return std::tuple(Field{"targets", &State::targets}, Field{"ways", &State::ways},
                        Field{"traces", &State::traces}, Field{"with_status", &State::with_status},
                        Field{"without_status", &State::without_status},
                        Field{"ready_made", &State::ready_made}, Field{"calls", &State::calls},
                        Field{"failed", &State::failed},
                        Field{"failed_requests", &State::failed_requests},
                        Field{"failed_squares", &State::failed_squares},
                        Field{"absorbed_requests", &State::absorbed_requests},
                        Field{"depths", &State::depths}, Field{"reaching", &State::reaching});
    }

    // Working memory.
    std::vector<uint8_t> marks;
    std::vector<uint64_t> reached;  // targets whose origin failed the request at hand
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static document::Section Conclude(const State& state, const Facts& facts);
};

}  // namespace plumbago::analysis
