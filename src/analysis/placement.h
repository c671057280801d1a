// Do calls to another cluster, zone or host take longer than calls that stay in one? Asked of like
// calls only: same caller, callee, operation and hour, seen both ways. (T6)
//
//   calls       leaf calls (no calls below), synchronous, with both instances and a time known; the
//               time that the caller saw, where the trace marks sides. So no time of other calls is
//               in it.
//   host        of an instance: what a sample of a resource or rate table says
//   cluster     of an instance, or of its host: what a sample of measure kCluster says
//               (docs/design/0014-placement.md); never guessed from a name
//   near, far   both ends in one cluster (on one host), or not; a call with an end in a place that
//               is not known, or in two places over the data, counts as neither
//
// Where instances are is known only when all samples have been seen, so calls are kept with their
// instances: a uniform sample of at most 32,768 (call_sample.h). Shift and test: matched_shift.h.
//
// State: 1.5 MB, and 16 to 32 bytes an instance. Observe: one comparison a call without instances,
// 2 ns with.
#pragma once

#include <array>
#include <cstdint>
#include <tuple>

#include "analysis/analysis.h"
#include "analysis/call_sample.h"
#include "analysis/fields.h"
#include "statistics/keyed_table.h"

namespace plumbago::analysis {

struct Placement {
  static const Description kDescription;

  // Calls near and far, one a trace and stratum, that are enough to say something.
  static constexpr uint64_t kFewest = 20;
  // "No longer": by less than this share of the near calls' median.
  static constexpr double kLonger = 0.05;

  // `inner` lies in `outer`: an instance on a host, an instance or a host in a cluster.
  struct Place {
    model::InstanceId inner = model::kNoInstance;
    model::InstanceId outer = model::kNoInstance;

    static constexpr std::array kKey{statistics::KeyPart::kInstance,
                                     statistics::KeyPart::kInstance};
    std::array<uint32_t, 2> key() const { return {Index(inner), Index(outer)}; }
    void set_key(const std::array<uint32_t, 2>& key);
    void Merge(const Place&) {}
    void Save(std::string&) const {}
    bool Load(statistics::StateReader&) { return true; }
  };

  struct State {
    uint64_t leaves = 0;   // synchronous calls without calls below
    uint64_t between = 0;  // of them, with both instances and a time: those that are sampled
    CallSample calls;
    statistics::KeyedTable<Place> hosts;     // instance, host
    statistics::KeyedTable<Place> clusters;  // instance or host, cluster
    Place last_host, last_cluster;           // just seen: working memory

    static constexpr auto Fields() {
      return std::tuple(Field{"leaves", &State::leaves}, Field{"between", &State::between},
                        Field{"calls", &State::calls}, Field{"hosts", &State::hosts},
                        Field{"clusters", &State::clusters});
    }
  };

  static void Observe(State& state, const graph::CallGraph& graph, const Facts& facts);
  static void Observe(State& state, const model::Sample& sample, const Facts& facts);
  static document::Section Conclude(const State& state, const Facts& facts);
};

}  // namespace plumbago::analysis
