// What a call costs beside the work: the time that the caller waited less the time that the callee
// worked. Network, queues, serialising; and whatever else lies between the two. (T5; Google RPC,
// SOSP'23: latency tax)
//
// Only where rows say which side wrote them (2021: the sign; spans: the kind). In 2022 two rows of
// a call are mostly copies of one another, and their difference means nothing: cannot say.
//
// Signed: a negative tax is kept, and counted. It is a clock that runs at another rate or in coarse
// steps, a callee that works on after it has answered, or rows that do not belong together. Offsets
// between clocks do no harm, as only durations are compared. Messages are left out: their producer
// does not wait.
//
// Ready-made graphs tell no times. Counts are as recorded; sampling weights are not applied.
//
// State: up to 10 kB a kind, 56 to 80 bytes a (caller, callee, kind). Observe: 2 ns a call, 20 a
// call with both sides.
#pragma once

#include <array>
#include <cstdint>
#include <tuple>
#include <vector>

#include "analysis/analysis.h"
#include "analysis/fields.h"
#include "analysis/signed_quantiles.h"
#include "graph/key_parts.h"
#include "statistics/keyed_table.h"
#include "statistics/resampling.h"

namespace plumbago::analysis {

struct NetworkTax {
  static const Description kDescription;

  struct OfKind {
    SignedQuantiles tax_ns;
    SignedQuantiles share_ppm;  // of the caller's wait; calls that waited 0 left out
    uint64_t client_ns = 0;     // sum of the waits
    uint64_t within_tick = 0;   // -tick <= tax <= tick: the clock cannot tell it from 0

    static constexpr auto Fields() {
      return std::tuple(Field{"tax_ns", &OfKind::tax_ns}, Field{"share_ppm", &OfKind::share_ppm},
                        Field{"client_ns", &OfKind::client_ns},
                        Field{"within_tick", &OfKind::within_tick});
    }
  };

  struct Edge {
    model::ServiceId caller = model::kNoService;
    model::ServiceId callee = model::kNoService;
    model::Kind kind = model::Kind::kUnknown;
    uint64_t calls = 0;
    uint64_t negative = 0;
    int64_t tax_ns = 0;  // statistics/sums.h
    uint64_t client_ns = 0;

    static constexpr std::array kKey{graph::kKeyPart<model::ServiceId>,
                                     graph::kKeyPart<model::ServiceId>,
                                     statistics::KeyPart::kPlain};
    std::array<uint32_t, 3> key() const {
      return {Index(caller), Index(callee), static_cast<uint32_t>(kind)};
    }
    void set_key(const std::array<uint32_t, 3>& key);
    void Merge(const Edge& other);
    void Save(std::string& out) const;
    bool Load(statistics::StateReader& in);
  };

  struct State {
    uint64_t calls = 0;       // synchronous
    uint64_t one_sided = 0;   // of them, in traces that mark sides: one side not recorded
    uint64_t unmarked = 0;    // of them, in traces that do not mark sides
    uint64_t ready_made = 0;  // traces that came as graphs
    std::array<OfKind, model::kKinds> kinds;
    statistics::BucketedRatio share;  // microseconds: tax over the callers' waits
    statistics::KeyedTable<Edge> edges;

    static constexpr auto Fields() {
      return std::tuple(Field{"calls", &State::calls}, Field{"one_sided", &State::one_sided},
                        Field{"unmarked", &State::unmarked},
                        Field{"ready_made", &State::ready_made}, Field{"kinds", &State::kinds},
                        Field{"share", &State::share}, Field{"edges", &State::edges});
    }

    std::vector<uint32_t> paired;  // working memory: calls of the trace
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static document::Section Conclude(const State& state, const Facts& facts);
};

}  // namespace plumbago::analysis
