// The planted system: who can call whom, through what, how often, how long.
//
// A service has interfaces; an interface has call sites; a call site leads to an interface one tier deeper. So
// the interface that is called decides what may follow, edges repeat from trace to trace, and every walk ends.
// Interfaces form a directed acyclic graph by tier; services do not (two interfaces of one service may stand in
// one trace, which is how weak cycles come about).
//
// Immutable once built; any number of threads walk it. About 10 MB with the names, and 60 ms, for 20,000 services.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "generate/draw_table.h"
#include "generate/random.h"
#include "generate/shape.h"
#include "model/call.h"
#include "model/names.h"

namespace plumbago::generate {

enum class Role : uint8_t { kStateless, kCache, kDatabase };

struct Service {
  Role role = Role::kStateless;
  model::ServiceId name = model::kNoService;
  uint32_t first_pod = 0;  // InstanceId of its first container; they follow each other
  uint32_t pods = 0;       // 0: containers are not named
};

// How often a run of the caller uses a call site.
enum class Repeat : uint8_t { kOnce, kFew, kHeavy };

// In what order an interface makes its calls.
enum class Plan : uint8_t {
  kSequence,  // one after the other
  kLanes,     // call sites side by side, the repeats of each one after the other
  kScatter,   // all at once
};

struct Interface {
  uint32_t service = 0;
  uint32_t first_site = 0;
  uint16_t sites = 0;
  uint8_t tier = 0;               // 0: an entry
  Plan plan = Plan::kSequence;
  uint32_t work_us = 0;           // median own work
  model::OperationId operation = model::kNoOperation;
};

struct Site {
  uint32_t interface = 0;  // that is called
  uint32_t edge = 0;       // index of the pair of services
  uint16_t share = 0;      // of runs that use it, in 65536ths; 65535: always
  model::Kind kind = model::Kind::kUnknown;
  Repeat repeat = Repeat::kOnce;
};

struct Edge {
  uint32_t caller = 0;  // services
  uint32_t callee = 0;
  double expected = 0;  // calls a trace
};

struct Entry {
  uint32_t interface = 0;
  model::OperationId online_service = model::kNoOperation;  // 2022: S_<n>
  double weight = 0;                                         // share of traces
};

class System {
 public:
  System(const Shape& shape, uint32_t services, uint64_t seed);

  const Shape& shape() const { return shape_; }
  const std::vector<Service>& services() const { return services_; }
  const std::vector<Interface>& interfaces() const { return interfaces_; }
  const std::vector<Site>& sites() const { return sites_; }
  const std::vector<Edge>& edges() const { return edges_; }
  const std::vector<Entry>& entries() const { return entries_; }
  const model::Names& names() const { return names_; }

  // An entry by popularity.
  uint32_t DrawEntry(Random& random) const {
    const uint64_t bits = random.Next();
    const auto slot = static_cast<uint32_t>(((bits >> 32) * alias_.size()) >> 32);
    return static_cast<uint32_t>(bits) < alias_[slot].below ? slot : alias_[slot].other;
  }

  // Look-ups of the walk.
  const DrawTable& work() const { return work_; }
  const DrawTable& storage() const { return storage_; }
  const DrawTable& network() const { return network_; }
  const DrawTable& loop() const { return loop_; }

 private:
  friend class SystemBuilder;
  // Walker's alias method: a draw from any distribution by one look-up.
  struct Alias {
    uint32_t below = 0;
    uint32_t other = 0;
  };

  void BuildAlias();
  void EstimateEdges();
  void NameAll(uint64_t seed);

  Shape shape_;
  std::vector<Service> services_;
  std::vector<Interface> interfaces_;
  std::vector<Site> sites_;
  std::vector<Edge> edges_;
  std::vector<Entry> entries_;
  std::vector<Alias> alias_;
  model::Names names_;
  DrawTable work_;
  DrawTable storage_;
  DrawTable network_;
  DrawTable loop_;
};

}  // namespace plumbago::generate
