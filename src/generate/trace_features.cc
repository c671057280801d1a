#include "generate/trace_features.h"

#include <algorithm>

namespace plumbago::generate {

using model::Kind;

void TraceMeter::Begin() {
  ++stamp_;
  used_.clear();
  client_side_ = depth_ = 0;
  own_ms_ = watched_own_ms_ = 0;
  own_of_trace_.clear();
}

TraceMeter::Node& TraceMeter::NodeOf(uint32_t service) {
  Node& node = nodes_[service];
  if (node.stamp != stamp_) {
    node = {stamp_, kNone, 0, 0};
    used_.push_back(service);
  }
  return node;
}

uint32_t TraceMeter::AddCall(uint32_t service, uint32_t edge, uint32_t depth) {
  depth_ = std::max<uint64_t>(depth_, depth);
  if (depth == 0) entry_ = service;
  uint32_t tier = 0;
  if (depth > 0) {
    const Caller& caller = callers_[depth - 1];
    tier = caller.tier + (caller.service != service);
  }
  if (callers_.size() <= depth) callers_.resize(depth + 1);
  callers_[depth] = {service, tier};
  Node& node = NodeOf(service);
  node.tier = std::min(node.tier, tier);
  if (edge == kNone) return static_cast<uint32_t>(system_.edges().size()) + service;
  if (edge_stamps_[edge] == stamp_) return edge;
  edge_stamps_[edge] = stamp_;
  ++node.in;
  ++NodeOf(system_.edges()[edge].caller).out;
  return edge;
}

TraceFeatures TraceMeter::End(const Counts& before, const Counts& after) {
  TraceFeatures f;
  f[Feature::kOne] = 1;
  f[Feature::kServices] = static_cast<double>(used_.size());
  f[Feature::kDepth] = static_cast<double>(depth_);
  f[Feature::kClientSide] = static_cast<double>(client_side_);
  of_tier_.assign(depth_ + 1, 0);
  bool tree = nodes_[entry_].in == 0;
  for (const uint32_t service : used_) {
    const Node& node = nodes_[service];
    ++of_tier_[node.tier];
    tree = tree && node.in <= 1;
    f[Feature::kCalled] += node.in > 0;
    f[Feature::kOneCaller] += node.in == 1;
    if (system_.services()[service].role != Role::kStateless) continue;
    f[Feature::kStateless] += 1;
    f[Feature::kFanOut] += node.out >= 5;
  }
  f[Feature::kTreeLike] = tree;
  for (const uint32_t services : of_tier_) {
    f[Feature::kTiers] += services > 0;
    f[Feature::kSingleTiers] += services == 1;
    f[Feature::kWidth] = std::max<double>(f[Feature::kWidth], services);
  }
  const auto count = [&](uint64_t Counts::* counter) {
    return static_cast<double>(after.*counter - before.*counter);
  };
  const auto kind = [&](const std::array<uint64_t, model::kKinds> Counts::* counters, Kind k) {
    const auto i = static_cast<size_t>(k);
    return static_cast<double>((after.*counters)[i] - (before.*counters)[i]);
  };
  for (size_t k = 0; k < model::kKinds; ++k) {
    f[Feature::kCalls] += kind(&Counts::calls_by_kind, static_cast<Kind>(k));
    f[Feature::kKnownCalls] += kind(&Counts::stateless_by_kind, static_cast<Kind>(k));
  }
  f[Feature::kRpcCalls] =
      kind(&Counts::stateless_by_kind, Kind::kRpc) + kind(&Counts::stateless_by_kind, Kind::kHttp);
  f[Feature::kMessageCalls] = kind(&Counts::stateless_by_kind, Kind::kMessage);
  f[Feature::kOtherCalls] = kind(&Counts::stateless_by_kind, Kind::kOther);
  f[Feature::kCacheCalls] = kind(&Counts::calls_by_kind, Kind::kCache);
  f[Feature::kDatabaseCalls] = kind(&Counts::calls_by_kind, Kind::kDatabase);
  f[Feature::kCallers] = count(&Counts::callers_with_siblings);
  f[Feature::kCallersSurely] = count(&Counts::callers_overlapping);
  f[Feature::kCallersPossibly] = count(&Counts::callers_not_sequential);
  f[Feature::kPairs] = count(&Counts::sibling_pairs);
  f[Feature::kPairsSurely] = count(&Counts::pairs_overlapping);
  f[Feature::kPairsUndecided] = count(&Counts::pairs_undecided);
  f[Feature::kPairsPossibly] = f[Feature::kPairsSurely] + f[Feature::kPairsUndecided];
  f[Feature::kBusyMs] = count(&Counts::siblings_ms);
  f[Feature::kCoveredMs] = count(&Counts::siblings_union_ms);
  f[Feature::kRpcPairs] = count(&Counts::rpc_pairs);
  f[Feature::kRpcPairsOverlapping] = count(&Counts::rpc_pairs_overlapping);
  f[Feature::kOwnMs] = static_cast<double>(own_ms_);
  f[Feature::kWatchedOwnMs] = static_cast<double>(watched_own_ms_);
  return f;
}

}  // namespace plumbago::generate
