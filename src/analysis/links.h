// Which services are tied together across traces, by span links, and how long after?
//
// A link is a span that names another one as a cause, mostly of another trace: the consumer of a
// batch, a job that is tried again, a message that begins a trace of its own. The span that is
// named comes before (the producer), the one that names it comes after (the consumer). A link is no
// call: nobody waits, it is on no critical path, and counts in no table of calls
// (docs/design/0016-links.md).
//
// Counted are links between different traces whose two ends are here; those that lead to a span
// that is not here, that stay within a trace, or repeat the parent, are counted apart. A link of a
// span that was delivered twice is one. `after` is from the end of the producer's span to the start
// of the consumer's: negative where it began before that.
//
// Beside it: consumers whose producer is not in their trace, with the queue that their span names.
//
// State: 200 bytes for each pair of operations, 2 kB for one with links from hundreds of traces.
// Observe: nothing for a trace without links and such consumers. A link takes 0.7 us from its JSON
// to the table.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "analysis/analysis.h"
#include "analysis/fields.h"
#include "analysis/link_counts.h"
#include "analysis/signed_quantiles.h"
#include "graph/key_parts.h"
#include "graph/trace_links.h"
#include "statistics/cardinality_sketch.h"
#include "statistics/keyed_table.h"

namespace plumbago::analysis {

struct Links {
  static const Description kDescription;

  // Links between two operations, across traces.
  struct Way {
    model::ServiceId producer = model::kNoService;
    model::OperationId sent = model::kNoOperation;
    model::ServiceId consumer = model::kNoService;
    model::OperationId taken = model::kNoOperation;
    uint64_t links = 0;
    uint64_t producer_traces = 0;                   // that they lead to
    statistics::CardinalitySketch consumer_traces;  // that they come from
    SignedQuantiles after_ns;                       // of those with both times
    uint64_t before_start = 0;                      // the consumer began before the producer

    // Of the two sketches.
    static constexpr size_t kHeapBytes = 256;
    static constexpr std::array kKey{
        graph::kKeyPart<model::ServiceId>, graph::kKeyPart<model::OperationId>,
        graph::kKeyPart<model::ServiceId>, graph::kKeyPart<model::OperationId>};
    std::array<uint32_t, 4> key() const {
      return {Index(producer), Index(sent), Index(consumer), Index(taken)};
    }
    void set_key(const std::array<uint32_t, 4>& key);
    void Merge(const Way& other);
    void Save(std::string& out) const;
    bool Load(statistics::StateReader& in);
  };

  // Calls of consumers that the queue made, as far as the trace tells.
  struct Queue {
    model::ServiceId queue = model::kNoService;
    model::ServiceId consumer = model::kNoService;
    uint64_t calls = 0;

    static constexpr std::array kKey{graph::kKeyPart<model::ServiceId>,
                                     graph::kKeyPart<model::ServiceId>};
    std::array<uint32_t, 2> key() const { return {Index(queue), Index(consumer)}; }
    void set_key(const std::array<uint32_t, 2>& key);
    void Merge(const Queue& other) { calls += other.calls; }
    void Save(std::string& out) const { statistics::AppendVarint(out, calls); }
    bool Load(statistics::StateReader& in) {
      calls = in.Varint();
      return in.ok();
    }
  };

  struct State {
    statistics::KeyedTable<Way> ways;
    statistics::KeyedTable<Queue> queues;
    LinkCounts counts;
    SignedQuantiles after_ns;
    uint64_t before_start = 0;

    static constexpr auto Fields() {
      return std::tuple(Field{"ways", &State::ways}, Field{"queues", &State::queues},
                        Field{"counts", &State::counts}, Field{"after_ns", &State::after_ns},
                        Field{"before_start", &State::before_start});
    }

    std::vector<std::array<uint32_t, 4>> seen;  // working memory: keys of the trace at hand
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static void Observe(State& state, const graph::TraceLinks& links, const Facts& facts);
  static document::Section Conclude(const State& state, const Facts& facts);
};

}  // namespace plumbago::analysis
