// Grows a System: entry after entry, each with a tree of call sites of a drawn size, until there
// are enough edges and every service has its place.
//
// The size of an entry's tree is a quantile of the shape's log-normal distribution, spread evenly
// over the ranks of popularity, so that what traces see has the planted distribution for every
// seed. Width, ways of calling and the kinds of callees are drawn by depth from Erms' tables
// (reference_erms.h).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <tsl/robin_map.h>

#include "generate/system.h"

namespace plumbago::generate {

class SystemBuilder {
 public:
  SystemBuilder(System& system, uint32_t services, uint64_t seed, uint32_t edges);
  void Build();
  // Adds what is missing in the number of edges: nothing without one.
  void BuildTail();

 private:
  // An interface with `size` call sites at and below it; its service's index. `caller`: the interface
  // that calls it, kNone for an entry and for what anybody may call.
  uint32_t MakeInterface(uint32_t service, uint32_t tier, uint32_t size, uint32_t caller);
  uint32_t DrawChildren(uint32_t tier, uint32_t size);
  Role DrawRole(uint32_t tier);
  // A callee for `caller`: one that all share, one nobody has called yet, or any.
  uint32_t DrawService(Role role, uint32_t caller, uint32_t tier);
  // The same in a planted system: services stand in an order in which all calls go one way, so that
  // no cycle comes about by chance. kNone: the caller is the last.
  uint32_t DrawLater(uint32_t caller);
  // A call site that leads back to the service of interface `caller`.
  Site MakeCycle(uint32_t service, uint32_t caller, uint32_t tier);
  uint32_t LeafInterface(uint32_t service, uint32_t tier);
  // One that others call already, of about that size; kNone if there is none.
  uint32_t DrawSharedInterface(uint32_t tier, uint32_t size);
  uint32_t EdgeOf(uint32_t caller, uint32_t callee);
  // Appends up to `count` callees that `caller` does not call yet to the tail; how many there were.
  uint32_t AddTailCallees(uint32_t caller, uint32_t count);
  model::Kind DrawStatelessKind(uint32_t tier);

  struct Pool {
    std::vector<uint32_t> hot;
    std::vector<uint32_t> all;  // hot ones first
    size_t fresh = 0;           // of `all`: the first that nobody has called yet
  };
  static constexpr uint32_t kTailChunk = 24;  // calls of a trace of the tail
  static constexpr uint32_t kNone = 0xFFFFFFFFu;
  static constexpr uint32_t kTiers = 32;
  static constexpr uint32_t kSizes = 12;  // by powers of two

  System& system_;
  const uint32_t edges_;  // asked for; 0: as they come
  const Shape& shape_;
  Random random_;
  std::array<Pool, 3> pools_;
  std::vector<uint32_t> place_;  // of each service in its pool
  std::vector<uint32_t> leaf_;  // by service: its interface without call sites, or kNone
  std::array<std::array<std::vector<uint32_t>, kSizes>, kTiers> shared_;
  tsl::robin_map<uint64_t, uint32_t, MixHash> edge_index_;
  std::array<double, kTiers> kind_sequence_{};
  uint32_t graph_size_ = 0;  // call sites of the entry that is being grown
  bool late_ = false;        // enough edges: only services without a caller are left to place
};

}  // namespace plumbago::generate
