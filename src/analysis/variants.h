// How many different call graphs one service's requests have, and how much of the traffic each
// takes. (SoCC'21, dynamics of call graphs)
//
//   service   what a trace begins with: the entry's service and interface (2022: and the online
//             service); of a ready-made graph the online service that it names
//   variant   the traces of a service with the same shape
//   shape     the set of microservices and the set of edges (caller, callee) between them. How
//             often each is called, in which order, by what kind of call: not told apart. Named by
//             64 bits of its names' content, so that the same shape has the same name in any run
//             (two different ones are mixed up once in 2^64 pairs)
//
// What was seen is a lower bound (T7): Chao1 estimates how many variants there are, and services
// are compared by rarefaction (Hurlbert, "The nonconcept of species diversity", Ecology 52, 1971):
// the variants that 100 traces of each would show.
//
// Topology classes: topology_classes.h, for the services with most traces, over their variants with
// most traces.
//
// State: about 200 bytes a variant, and its sketch of latencies. Observe: 3 ns a node and edge, and
// a look-up a trace.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "analysis/analysis.h"
#include "analysis/example_traces.h"
#include "analysis/fields.h"
#include "analysis/topology_classes.h"
#include "graph/key_parts.h"
#include "statistics/keyed_table.h"
#include "statistics/quantile_sketch.h"

namespace plumbago::analysis {

struct Variants {
  static const Description kDescription;

  static constexpr uint64_t kRarefied = 100;    // traces
  static constexpr size_t kClustered = 10;      // services with topology classes
  static constexpr size_t kClusterItems = 256;  // variants of each
  static constexpr size_t kTop = 5;             // variants told of a service

  // What follows from the shape.
  struct Form {
    uint32_t services = 0, edges = 0, stateful = 0, joined = 0;  // joined: several callers
    uint32_t depth = 0, width = 0, fan_out = 0;                  // tiers below the entry
    uint32_t messages = 0;  // edges; may differ within a variant: the most

    std::array<double, kTopologyFeatures> Features() const;
    static constexpr auto Members() {
      return std::array{&Form::services, &Form::edges, &Form::stateful, &Form::joined,
                        &Form::depth,    &Form::width, &Form::fan_out,  &Form::messages};
    }
  };

  struct Variant {
    std::array<uint32_t, 4> parts{};  // service, interface, high and low half of the shape's hash
    uint64_t traces = 0;
    uint64_t calls = 0;  // of all of them
    Form form;
    statistics::QuantileSketch latency_ns;  // of the entry
    ExampleTraces<1> example;

    static constexpr size_t kHeapBytes = 160;
    static constexpr std::array kKey{graph::kKeyPart<model::ServiceId>,
                                     graph::kKeyPart<model::OperationId>,
                                     statistics::KeyPart::kPlain, statistics::KeyPart::kPlain};
    std::array<uint32_t, 4> key() const { return parts; }
    void set_key(const std::array<uint32_t, 4>& key) { parts = key; }
    uint64_t hash() const { return uint64_t{parts[2]} << 32 | parts[3]; }
    void Merge(const Variant& other);
    void Save(std::string& out) const;
    bool Load(statistics::StateReader& in);
  };

  struct State {
    uint64_t traces = 0;
    uint64_t ready_made = 0;  // of them: no times
    statistics::KeyedTable<Variant> variants;

    static constexpr auto Fields() {
      return std::tuple(Field{"traces", &State::traces}, Field{"ready_made", &State::ready_made},
                        Field{"variants", &State::variants});
    }

    // Working memory.
    std::vector<uint64_t> node_hashes;
    std::vector<std::pair<uint32_t, uint32_t>> pairs;
    std::vector<uint32_t> tier, tier_width;
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static document::Section Conclude(const State& state, const Facts& facts);

  // The shape's name.
  static uint64_t ShapeHash(State& state, const graph::CallGraph& graph, const model::Names& names);
};

// Hurlbert's expected number of variants among `draws` of `total` traces drawn without putting
// back; counts: (traces of a variant, how many variants have so many). draws <= total.
double Rarefied(const std::vector<std::pair<uint64_t, uint64_t>>& counts, uint64_t total,
                uint64_t draws);

}  // namespace plumbago::analysis
