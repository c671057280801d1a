// The planted system: who can call whom, through what, how often, how long.
//
// A service has interfaces; an interface has call sites; a call site leads to an interface one tier
// deeper. So the interface that is called decides what may follow, edges repeat from trace to
// trace, and every walk ends. Interfaces form a directed acyclic graph by tier; services do not
// (two interfaces of one service may stand in one trace, which is how weak cycles come about).
//
// Immutable once built; any number of threads walk it. About 10 MB with the names, and 60 ms, for
// 20,000 services.
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
enum class Repeat : uint8_t { kOnce, kFew, kHeavy, kPlanted };

// A planted loop: so many calls at least, and up to so many more, evenly.
inline constexpr uint32_t kPlantedRepeatsLeast = 5;
inline constexpr uint32_t kPlantedRepeatsMore = 40;
inline constexpr double kPlantedRepeatsMean =
    kPlantedRepeatsLeast + (kPlantedRepeatsMore - 1) / 2.0;
// A planted retry: each attempt fails with this chance, the last one apart.
inline constexpr double kPlantedFailure = 0.2;
inline constexpr uint32_t kPlantedAttempts = 3;

// A planted cluster: a call to another one takes so much longer, there and back.
inline constexpr int64_t kAcrossUs = 2'000;

// What was planted at a call site.
enum class Plant : uint8_t { kNone, kNPlus1, kRetry, kWeakCycle, kStrongCycle };
const char* PlantName(Plant plant);  // "n-plus-1", "retry", "weak-cycle", "strong-cycle"

// In what order an interface makes its calls.
enum class Plan : uint8_t {
  kSequence,  // one after the other
  kLanes,     // call sites side by side, the repeats of each one after the other
  kScatter,   // all at once
  kShuffled,  // one after the other, each time from another one on, forwards or backwards
};

struct Interface {
  uint32_t service = 0;
  uint32_t first_site = 0;
  uint16_t sites = 0;
  uint8_t tier = 0;  // 0: an entry
  Plan plan = Plan::kSequence;
  uint32_t work_us = 0;  // median own work
  model::OperationId operation = model::kNoOperation;
  uint32_t named_as = 0xFFFFFFFF;  // has the operation of that interface; none: its own
};

struct Site {
  uint32_t interface = 0;  // that is called
  uint32_t edge = 0;       // index of the pair of services
  uint16_t share = 0;      // of runs that use it, in 65536ths; 65535: always
  model::Kind kind = model::Kind::kUnknown;
  Repeat repeat = Repeat::kOnce;
  Plant plant = Plant::kNone;
};

struct Edge {
  uint32_t caller = 0;  // services
  uint32_t callee = 0;
  double expected = 0;  // calls a trace
};

// What the cover of a planted number of edges (edge_cover.h) does at a call site.
enum CoverFlag : uint8_t {
  kCoverCall = 1,    // calls it: its edge was made here, or edges below it were
  kCoverExpand = 2,  // ... and what is called calls in turn: its interface was made here
};

// Calls beyond the grown system, each an edge that occurs nowhere else: one service calls leaf
// interfaces of others.
struct TailChunk {
  uint32_t entry = 0;  // the call that makes them
  uint32_t first = 0;  // index into tail_callees()
  uint32_t edges = 0;
};

struct Entry {
  uint32_t interface = 0;
  model::OperationId online_service = model::kNoOperation;  // 2022: S_<n>
  double weight = 0;                                        // share of traces
};

class System {
 public:
  // `edges`: plant exactly so many distinct ones (0: as the shape has it). If the services do not
  // hold so many, edge_count() is less.
  System(const Shape& shape, uint32_t services, uint64_t seed, uint32_t edges = 0);

  const Shape& shape() const { return shape_; }
  const std::vector<Service>& services() const { return services_; }
  const std::vector<Interface>& interfaces() const { return interfaces_; }
  const std::vector<Site>& sites() const { return sites_; }
  // Of the grown system; those of the tail follow them in number: edge edges().size() + i leads to
  // tail_callees()[i].
  const std::vector<Edge>& edges() const { return edges_; }
  uint32_t edge_count() const {
    return static_cast<uint32_t>(edges_.size() + tail_callees_.size());
  }
  // Services that edge `index` leads from and to, of the tail too.
  Edge EdgeAt(uint32_t index) const;
  // The last tail_entries() of them are drawn for the tail only.
  const std::vector<Entry>& entries() const { return entries_; }
  uint32_t tail_entries() const { return tail_entries_; }
  const std::vector<uint32_t>& tail_callees() const { return tail_callees_; }
  const std::vector<TailChunk>& tail_chunks() const { return tail_chunks_; }
  const std::vector<uint8_t>& cover() const {
    return cover_;
  }  // CoverFlags by site; empty without `edges`
  uint32_t LeafOf(uint32_t service) const {
    return leaves_[service];
  }  // interface that the tail calls
  const model::Names& names() const { return names_; }

  // An entry by popularity.
  uint32_t DrawEntry(Random& random) const {
    const uint64_t bits = random.Next();
    const auto slot = static_cast<uint32_t>(((bits >> 32) * alias_.size()) >> 32);
    return static_cast<uint32_t>(bits) < alias_[slot].below ? slot : alias_[slot].other;
  }

  // Where instances lie, in a placed system (Shape::placed): pods in clusters in turn, in each on
  // hosts of that cluster. Without clusters there is one.
  uint32_t hosts() const { return static_cast<uint32_t>(host_names_.size()); }
  uint32_t HostOf(model::InstanceId pod) const { return pod_hosts_[Index(pod)]; }
  model::InstanceId HostName(uint32_t host) const { return host_names_[host]; }
  uint32_t clusters() const { return shape_.clusters > 0 ? shape_.clusters : 1; }
  uint32_t ClusterOf(uint32_t host) const { return host % clusters(); }
  model::InstanceId ClusterName(uint32_t cluster) const { return cluster_names_[cluster]; }

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
  void NameParts(uint64_t seed);
  void NamePods(uint64_t seed);
  void PlacePods(uint64_t seed);

  Shape shape_;
  std::vector<Service> services_;
  std::vector<Interface> interfaces_;
  std::vector<Site> sites_;
  std::vector<Edge> edges_;
  std::vector<Entry> entries_;
  uint32_t tail_entries_ = 0;
  std::vector<uint8_t> cover_;
  std::vector<uint32_t> tail_callees_;
  std::vector<TailChunk> tail_chunks_;
  std::vector<uint32_t> leaves_;
  std::vector<Alias> alias_;
  std::vector<uint32_t> pod_hosts_;  // by InstanceId of a pod
  std::vector<model::InstanceId> host_names_, cluster_names_;
  model::Names names_;
  DrawTable work_;
  DrawTable storage_;
  DrawTable network_;
  DrawTable loop_;
};

}  // namespace plumbago::generate
