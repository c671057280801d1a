#include "engine/call_tree_sums.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

#include "base/mix_hash.h"

namespace plumbago::engine {
namespace {

constexpr uint32_t kHashBits = 12;  // of a rank

}  // namespace

size_t CallTreeSums::KeyHash::operator()(const Key& key) const {
  return MixHash(uint64_t{key.parent} << 32 ^ uint64_t{Index(key.service)} << 20 ^
                 Index(key.operation));
}

CallTreeSums::CallTreeSums(const model::Names& names, uint32_t most_nodes, uint32_t most_levels)
    : names_(names),
      most_nodes_(most_nodes),
      highest_((most_levels << kHashBits) | ((1u << kHashBits) - 1)),
      nodes_(1) {}

CallTreeSums::Place CallTreeSums::Below(Place parent, model::ServiceId service,
                                        model::OperationId operation) {
  if (parent.beyond) return parent;
  const auto [at, fresh] =
      at_.try_emplace({parent.node, service, operation}, static_cast<uint32_t>(nodes_.size()));
  if (!fresh) return {at->second, false};
  const Node& above = nodes_[parent.node];
  Node node;
  node.parent = parent.node;
  node.hash = MixHash(above.hash + 3 * names_.services.Hash(Index(service)) +
                      5 * names_.operations.Hash(Index(operation)));
  node.rank = (((above.rank >> kHashBits) + 1) << kHashBits) |
              static_cast<uint32_t>(node.hash >> (64 - kHashBits));
  if (node.rank > highest_) {
    at_.erase(Key{parent.node, service, operation});
    return {parent.node, true};
  }
  node.service = service;
  node.operation = operation;
  nodes_.push_back(node);
  return {static_cast<uint32_t>(nodes_.size() - 1), false};
}

void CallTreeSums::TrimExactly() {
  if (nodes_.size() - 1 <= most_nodes_) return;
  // The highest rank up to which all fit.
  std::map<uint32_t, uint64_t> of_rank;
  for (size_t i = 1; i < nodes_.size(); ++i) ++of_rank[nodes_[i].rank];
  uint64_t fit = 0;
  uint32_t highest = 0;
  for (const auto& [rank, count] : of_rank) {
    if (fit + count > most_nodes_) {
      highest = rank - 1;
      break;
    }
    fit += count;
  }
  highest_ = highest;
  Drop();
}

void CallTreeSums::Drop() {
  std::vector<uint32_t> moved(nodes_.size());
  // Children before parents: what is dropped goes to the parent, kept or not.
  for (size_t i = nodes_.size() - 1; i > 0; --i) {
    if (nodes_[i].rank <= highest_) continue;
    Sums& above = nodes_[nodes_[i].parent].beyond;
    above.Add(nodes_[i].own);
    above.Add(nodes_[i].beyond);
  }
  at_.clear();
  uint32_t kept = 1;
  for (size_t i = 1; i < nodes_.size(); ++i) {
    if (nodes_[i].rank > highest_) continue;
    Node node = nodes_[i];
    node.parent = moved[node.parent];
    moved[i] = kept;
    at_[{node.parent, node.service, node.operation}] = kept;
    nodes_[kept++] = node;
  }
  nodes_.resize(kept);
}

void CallTreeSums::Merge(const CallTreeSums& other) {
  if (other.highest_ < highest_) {
    highest_ = other.highest_;
    Drop();
  }
  std::vector<Place> places(other.nodes_.size());
  nodes_[0].beyond.Add(other.nodes_[0].beyond);
  for (size_t i = 1; i < other.nodes_.size(); ++i) {
    const Node& node = other.nodes_[i];
    const Place place = places[i] = Below(places[node.parent], node.service, node.operation);
    Add(place, node.own);
    Add({place.node, true}, node.beyond);
  }
  Trim();
}

std::vector<MergedCall> CallTreeSums::InOrder() const {
  // By parent, then by name: the children of a node stand together.
  std::vector<uint32_t> order(nodes_.size() - 1);
  std::iota(order.begin(), order.end(), 1u);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    const Node& x = nodes_[a];
    const Node& y = nodes_[b];
    return std::tie(x.parent, x.service, x.operation) < std::tie(y.parent, y.service, y.operation);
  });
  std::vector<uint32_t> first(nodes_.size() + 1, 0);  // of a node's children in `order`
  for (const uint32_t node : order) ++first[nodes_[node].parent + 1];
  std::partial_sum(first.begin(), first.end(), first.begin());

  struct Open {
    uint32_t node, next, made;
  };
  std::vector<MergedCall> made;
  std::vector<Open> open{{0, first[0], graph::kNone}};
  while (!open.empty()) {
    Open& at = open.back();
    if (at.next < first[at.node + 1]) {
      const uint32_t child = order[at.next++];
      const Node& node = nodes_[child];
      made.push_back({at.made, node.service, node.operation, false, node.own.time_ns,
                      node.own.calls, node.own.errors});
      open.push_back({child, first[child], static_cast<uint32_t>(made.size() - 1)});
      continue;
    }
    const Sums& beyond = nodes_[at.node].beyond;
    if (beyond.calls > 0 || beyond.time_ns > 0) {
      made.push_back({at.made, model::kNoService, model::kNoOperation, true, beyond.time_ns,
                      beyond.calls, beyond.errors});
    }
    open.pop_back();
  }
  return made;
}

}  // namespace plumbago::engine
