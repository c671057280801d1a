// On which paths of calls do requests spend their time?
//
// A path is the entry's operation and the services that were called one below the other. Own time
// of a call (time without its synchronous callees, graph/graph_measure.h) is summed by path, so the
// sum over all paths is all time that requests worked or waited for, each moment of a call once.
// Calls below a message are not waited for: apart. Services below the twelfth end in "...": their
// time belongs to one path for each path of twelve.
//
// A path is known by a hash of the texts along it: 96 bits, so among 10^8 paths two collide with
// probability 10^-13. Its record keeps the hash of the path above, so the few that are told can be
// spelled out by reading the records again, once a level.
//
// State: about 110 bytes a path and its table; spilled and merged as sorted runs, so the number of
// paths is bounded by the disk. 64 bytes a service. Observe: a hash and a look-up a call, 15 ns.
#pragma once

#include <array>
#include <cstdint>
#include <tuple>
#include <vector>

#include "analysis/analysis.h"
#include "analysis/fields.h"
#include "analysis/grouped_sums.h"
#include "analysis/per_service.h"
#include "graph/key_parts.h"
#include "statistics/keyed_table.h"
#include "statistics/quantile_sketch.h"

namespace plumbago::analysis {

struct HotPaths {
  static const Description kDescription;
  static constexpr uint32_t kDeepest = 12;  // services of a path; then "..."
  static constexpr size_t kToOptimise = 3;
  static constexpr size_t kTold = 1000;  // paths in the table, at most

  using Hash = std::array<uint32_t, 3>;

  // The operation that paths begin with.
  struct Entry {
    model::OperationId operation = model::kNoOperation;
    Hash hash{};
    uint64_t requests = 0;

    static constexpr std::array kKey{graph::kKeyPart<model::OperationId>,
                                     statistics::KeyPart::kPlain, statistics::KeyPart::kPlain,
                                     statistics::KeyPart::kPlain};
    std::array<uint32_t, 4> key() const { return {Index(operation), hash[0], hash[1], hash[2]}; }
    void set_key(const std::array<uint32_t, 4>& key);
    void Merge(const Entry& other) { requests += other.requests; }
    void Save(std::string& out) const { statistics::AppendVarint(out, requests); }
    bool Load(statistics::StateReader& in);
  };

  struct Path {
    model::ServiceId service = model::kNoService;  // the last of the path
    Hash hash{};
    Hash above{};        // of the path without its last service; first service: the entry's
    uint32_t depth = 0;  // services above; kDeepest: "..."
    uint64_t calls = 0;
    statistics::QuantileSketch self_ns;  // of the calls whose own time is known

    static constexpr std::array kKey{graph::kKeyPart<model::ServiceId>, statistics::KeyPart::kPlain,
                                     statistics::KeyPart::kPlain, statistics::KeyPart::kPlain};
    std::array<uint32_t, 4> key() const { return {Index(service), hash[0], hash[1], hash[2]}; }
    void set_key(const std::array<uint32_t, 4>& key);
    void Merge(const Path& other);
    void Save(std::string& out) const;
    bool Load(statistics::StateReader& in);
    void Prefetch() const { self_ns.Prefetch(); }
  };

  // Own time of a service, by groups of traces.
  struct Service {
    GroupedSums<8> self_us;
    void Merge(const Service& other) { self_us.Merge(other.self_us); }
    bool empty() const { return self_us.empty(); }
    static constexpr auto Fields() { return std::tuple(Field{"self_us", &Service::self_us}); }
  };

  struct State {
    statistics::KeyedTable<Entry> entries;
    statistics::KeyedTable<Path> paths;
    PerService<Service> services;
    GroupedSums<8> traces;
    uint64_t calls = 0;            // that are waited for
    uint64_t self_us = 0;          // their own time
    uint64_t without_self = 0;     // calls whose own time is not known
    uint64_t asynchronous = 0;     // messages and all below
    uint64_t asynchronous_us = 0;  // their own time
    uint64_t deeper = 0;           // calls below the twelfth service
    uint64_t ready_made = 0;

    static constexpr auto Fields() {
      return std::tuple(Field{"entries", &State::entries}, Field{"paths", &State::paths},
                        Field{"services", &State::services}, Field{"traces", &State::traces},
                        Field{"calls", &State::calls}, Field{"self_us", &State::self_us},
                        Field{"without_self", &State::without_self},
                        Field{"asynchronous", &State::asynchronous},
                        Field{"asynchronous_us", &State::asynchronous_us},
                        Field{"deeper", &State::deeper}, Field{"ready_made", &State::ready_made});
    }

    // Working memory.
    struct Open {                  // a call of the trace on the way down
      uint64_t high = 0, low = 0;  // hash of its path
    };
    struct Visit {  // of a path, by a call that is waited for
      Hash hash, above;
      uint32_t service, depth;
      model::ServiceId callee;
      int64_t self_ns;
    };
    std::vector<Open> open;       // by depth
    std::vector<uint8_t> waited;  // by depth: it and all above are waited for
    std::vector<Visit> visits;
    std::vector<uint64_t> service_hashes;  // by id; 0: not yet asked for
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static document::Section Conclude(const State& state, const Facts& facts);
};

}  // namespace plumbago::analysis
