// Sums by stack of (service, operation), bounded (merged_calls.h tells how, and why the answer is
// the same in any order). One object a thread; merged afterwards.
#pragma once

#include <tsl/robin_map.h>

#include <cstdint>
#include <span>
#include <vector>

#include "base/strong_id.h"
#include "engine/merged_calls.h"

namespace plumbago::engine {

class CallTreeSums {
 public:
  struct Sums {
    int64_t time_ns = 0;
    uint64_t calls = 0;
    uint64_t errors = 0;
    void Add(const Sums& other) {
      time_ns += other.time_ns;
      calls += other.calls;
      errors += other.errors;
    }
  };
  // Where a span's sums go: its own node, or what is beyond below that node.
  struct Place {
    uint32_t node = 0;
    bool beyond = false;
  };
  static constexpr Place Top() { return Place(); }  // above all entries

  CallTreeSums(const model::Names& names, uint32_t most_nodes, uint32_t most_levels);

  // A span directly below what stands at `parent`. Places are valid until the next Trim or
  // Merge.
  Place Below(Place parent, model::ServiceId service, model::OperationId operation);
  void Add(Place place, const Sums& sums) {
    Node& node = nodes_[place.node];
    (place.beyond ? node.beyond : node.own).Add(sums);
  }
  // Back to the bound, once it is passed by a quarter. Between traces.
  void Trim() {
    if (nodes_.size() > uint64_t{most_nodes_} + most_nodes_ / 4 + 1) TrimExactly();
  }
  void TrimExactly();
  void Merge(const CallTreeSums& other);
  // As MergedCalls::nodes.
  std::vector<MergedCall> InOrder() const;

 private:
  struct Node {
    uint32_t parent = 0;
    uint32_t rank = 0;  // level, then the first bits of the stack's hash: what is dropped first
    uint64_t hash = 0;  // of the stack's texts
    model::ServiceId service = model::kNoService;
    model::OperationId operation = model::kNoOperation;
    Sums own, beyond;
  };
  struct Key {
    uint32_t parent;
    model::ServiceId service;
    model::OperationId operation;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    size_t operator()(const Key& key) const;
  };

  // Drops every node whose rank is above `highest_`.
  void Drop();

  const model::Names& names_;
  const uint32_t most_nodes_;
  uint32_t highest_;  // rank that is kept
  // Parents stand before their children; the first is the top.
  std::vector<Node> nodes_;
  tsl::robin_map<Key, uint32_t, KeyHash> at_;
};

}  // namespace plumbago::engine
