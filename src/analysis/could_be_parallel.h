// Which calls run one after the other although neither needs the other? (statistics.md T16)
//
// Whether a caller must wait for a before it calls b cannot be seen in one trace, but it can be
// refuted by many (The Mystery Machine, OSDI'14): b waits for a is refuted where b began before a
// had ended. A pair counts as independent when each of the two directions was refuted at least
// kEnough times, by an overlap or by the other order.
//
// Of each call's synchronous callees, as its own clock saw them and on one host, in the order of
// their start: calls to one service that follow each other form a block; neighbouring blocks a, b
// of different services are a pair.
//   overlap     both blocks are one call, and they overlap by more than a tick of the clock
//   a first     a began more than a tick before b, and they do not surely overlap
//   undecided   both began within one tick
// A service that appears in two blocks of one caller (a, b, a) says nothing: a may feed the b after
// it. It also tells that the caller uses a in two places, so that both orders may come of leaving
// out one or the other: a pair of which more than one in kSplit is like that is not independent.
// Only neighbours are compared, so cost is one look-up a pair, and linear.
//
// A caller whose operation has no name is left out: it may be asked for one thing or another, each
// with an order of its own.
//
// What it saves: where a pair ran one after the other and nothing else ran meanwhile, the union of
// their times would have been shorter by the shorter of the two. To make no call count twice, the
// total takes pairs of each caller greedily, the best first, no service twice.
//
// State: 250 bytes a pair of (caller, its operation, a, b). Observe: about 10 ns a call.
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

struct CouldBeParallel {
  static const Description kDescription;
  static constexpr uint64_t kEnough = 20;
  static constexpr uint64_t kSplit = 20;  // at most one in so many

  struct Pair {
    model::ServiceId caller = model::kNoService;
    model::OperationId operation = model::kNoOperation;  // what the caller was asked for
    model::ServiceId a = model::kNoService;              // before b in the order of names
    model::ServiceId b = model::kNoService;
    uint64_t a_first = 0, b_first = 0, overlaps = 0;
    uint64_t split = 0;   // neighbours of which one is called again elsewhere
    uint64_t saving = 0;  // of those one after the other: nothing else ran meanwhile
    GroupedSums<16> saved_us;
    ExampleTraces<3> examples;

    static constexpr std::array kKey{
        graph::kKeyPart<model::ServiceId>, graph::kKeyPart<model::OperationId>,
        graph::kKeyPart<model::ServiceId>, graph::kKeyPart<model::ServiceId>};
    std::array<uint32_t, 4> key() const {
      return {Index(caller), Index(operation), Index(a), Index(b)};
    }
    void set_key(const std::array<uint32_t, 4>& key);
    void Merge(const Pair& other);
    void Save(std::string& out) const;
    bool Load(statistics::StateReader& in);

    bool Independent() const {
      return a_first + overlaps >= kEnough && b_first + overlaps >= kEnough &&
             split * kSplit <= a_first + b_first + overlaps;
    }
  };

  struct State {
    statistics::KeyedTable<Pair> pairs;
    GroupedSums<16> traces;
    GroupedSums<16> requests_us;  // how long the entries took
    uint64_t neighbours = 0;      // pairs looked at
    uint64_t ordered = 0, overlapping = 0, undecided = 0;
    uint64_t asynchronous = 0;  // callees that are not waited for
    uint64_t without_time = 0;  // callees: no time of the caller's clock
    uint64_t unnamed = 0;       // callers of which it is not known what they were asked for
    uint64_t ready_made = 0;    // traces that ready-made graphs stand for: they tell no times

    static constexpr auto Fields() {
      return std::tuple(
          Field{"pairs", &State::pairs}, Field{"traces", &State::traces},
          Field{"requests_us", &State::requests_us}, Field{"neighbours", &State::neighbours},
          Field{"ordered", &State::ordered}, Field{"overlapping", &State::overlapping},
          Field{"undecided", &State::undecided}, Field{"asynchronous", &State::asynchronous},
          Field{"without_time", &State::without_time}, Field{"unnamed", &State::unnamed},
          Field{"ready_made", &State::ready_made});
    }

    // Working memory.
    struct Block {
      int64_t start = 0, end = 0;
      uint32_t callee = 0;
      uint32_t host = 0;
      uint32_t calls = 1;
      bool again = false;  // its service appears in another block as well
    };
    struct Seen {
      uint64_t caller = 0;  // number of the caller that it was seen under
      uint32_t block = 0;
    };
    enum What : uint8_t { kApart, kOverlap, kAFirst, kBFirst };
    struct Visit {  // of a pair
      std::array<uint32_t, 4> key;
      What what;
      uint64_t saved_us = 0;
    };
    std::vector<Visit> visits;
    std::vector<Block> blocks;
    std::vector<Seen> seen;  // by service
    uint64_t caller_number = 0;
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static document::Section Conclude(const State& state, const Facts& facts);
};

}  // namespace plumbago::analysis
