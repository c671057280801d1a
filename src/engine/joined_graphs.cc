#include "engine/joined_graphs.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/strong_id.h"
#include "engine/saved_text.h"

namespace plumbago::engine {
namespace {

constexpr size_t kTextBytes = 1u << 20;  // written at once

}  // namespace

void JoinedGraphs::Joined::Merge(const Joined& other) {
  traces += other.traces;
  group = std::max(group, other.group);
  if (body.empty()) body = other.body;
}

void JoinedGraphs::Joined::Save(std::string& out) const {
  statistics::AppendVarint(out, traces);
  statistics::AppendVarint(out, group);
  AppendText(out, body);
}

bool JoinedGraphs::Joined::Load(statistics::StateReader& in) {
  traces = in.Varint();
  group = static_cast<uint32_t>(in.Varint());
  body = ReadText(in);
  return in.ok();
}

JoinedGraphs::JoinedGraphs(const ReadRows& rows, graph::RepairMode mode)
    : names_(*rows.names),
      mode_(mode),
      spill_(rows.spill),
      most_memory_(rows.plan.states / rows.plan.threads),
      builder_(std::make_unique<graph::TraceBuilder>(*rows.names)) {}

void JoinedGraphs::Release() { builder_ = std::make_unique<graph::TraceBuilder>(names_); }

Result<void> JoinedGraphs::EndPartition(size_t) {
  if (graphs_.allocated() < most_memory_) return {};
  graphs_.Freeze();
  return graphs_.runs().Spill(spill_);
}

void JoinedGraphs::Merge(JoinedGraphs&& other) {
  damage_.Merge(other.damage_);
  graphs_.Merge(std::move(other.graphs_));
}

void JoinedGraphs::Visit(const model::TraceId& trace, std::span<const graph::Row> rows) {
  builder_->Load(trace, rows, damage_);
  graph::CallGraph graph;
  if (!builder_->Build(mode_, graph)) return;
  services_.clear();
  links_.clear();
  for (const graph::Node& node : graph.nodes) services_.push_back(node.service);
  for (const graph::TraceCall& call : graph.calls) {
    links_.push_back({call.caller, call.callee, call.kind, 1});
  }
  const model::OperationId entry = graph.entry;
  Join(entry, graph.entry_service, 1, 0);
}

void JoinedGraphs::VisitGraph(const model::WholeGraphView& whole) {
  services_.clear();
  links_.clear();
  for (const model::WholeNode& node : whole.nodes) services_.push_back(node.service);
  model::ServiceId first = model::kNoService;
  for (const model::WholeEdge& edge : whole.edges) {
    const auto service = [&](uint32_t node) {
      return node < whole.nodes.size() ? whole.nodes[node].service : model::kNoService;
    };
    links_.push_back({service(edge.caller), service(edge.callee), edge.kind, edge.calls});
    const bool outside = links_.back().caller == model::kNoService;
    if (outside && first == model::kNoService) first = links_.back().callee;
  }
  Join(whole.graph->entry, first, whole.graph->traces, whole.graph->group);
}

void JoinedGraphs::Join(model::OperationId entry, model::ServiceId first, uint64_t traces,
                        uint32_t group) {
  std::sort(services_.begin(), services_.end());
  services_.erase(std::unique(services_.begin(), services_.end()), services_.end());
  // Known ends first; of the calls from outside that of the entry before the others, since readers
  // take what it calls for the entry.
  const auto order = [first](const Link& link) {
    return std::tuple(link.caller == model::kNoService, link.callee == model::kNoService,
                      link.caller == model::kNoService && link.callee != first, link.caller,
                      link.callee, link.kind);
  };
  std::sort(links_.begin(), links_.end(),
            [&](const Link& a, const Link& b) { return order(a) < order(b); });
  size_t kept = 0;
  for (size_t i = 0; i < links_.size(); ++i) {
    if (kept > 0 && order(links_[kept - 1]) == order(links_[i])) {
      uint32_t& calls = links_[kept - 1].calls;
      if (__builtin_add_overflow(calls, links_[i].calls, &calls)) calls = UINT32_MAX;
    } else {
      links_[kept++] = links_[i];
    }
  }
  links_.resize(kept);
  if (services_.size() > model::kMostGraphParts || links_.size() > model::kMostGraphParts) {
    return damage_.Add(model::Damage::kTooLong);
  }

  words_.clear();
  body_.clear();
  const auto name = [this](model::ServiceId service) {
    return service == model::kNoService ? 0 : names_.services.Hash(Index(service));
  };
  words_.push_back(services_.size());
  statistics::AppendVarint(body_, services_.size());
  for (const model::ServiceId service : services_) {
    words_.push_back(name(service));
    statistics::AppendVarint(body_, Index(service));
  }
  statistics::AppendVarint(body_, links_.size());
  for (const Link& link : links_) {
    words_.push_back(name(link.caller));
    words_.push_back(name(link.callee));
    words_.push_back(uint64_t{link.calls} << 8 | static_cast<uint64_t>(link.kind));
    statistics::AppendVarint(body_, Index(link.caller));
    statistics::AppendVarint(body_, Index(link.callee));
    statistics::AppendVarint(body_, link.calls);
    statistics::AppendVarint(body_, static_cast<uint64_t>(link.kind));
  }
  const XXH128_hash_t hash = XXH3_128bits(words_.data(), words_.size() * sizeof(uint64_t));
  Joined& joined = graphs_[{Index(entry), static_cast<uint32_t>(hash.high64 >> 32),
                            static_cast<uint32_t>(hash.high64), static_cast<uint32_t>(hash.low64)}];
  joined.traces += traces;
  joined.group = std::max(joined.group, group);
  if (joined.body.empty()) joined.body = body_;
}

Result<uint64_t> JoinedGraphs::Write(const formats::Encoder& encoder, OutputFile& out) const {
  std::string text;
  Result<void> written;
  uint64_t graphs = 0;
  model::CallBatch batch;
  graphs_.ForEach([&](const Joined& joined) {
    if (!written) return;
    ++graphs;
    batch.Clear();
    model::WholeGraph& graph = batch.graphs.emplace_back();
    graph.entry = Id<model::OperationId>(joined.parts[0]);
    graph.traces = joined.traces;
    graph.group = joined.group;
    statistics::StateReader in(joined.body);
    for (uint64_t i = in.Varint(); i > 0; --i) {
      batch.nodes.push_back(
          {Id<model::ServiceId>(static_cast<uint32_t>(in.Varint())), model::kNoOperation});
    }
    // Nodes stand in the order of ids.
    const auto node = [&](uint64_t id) {
      const auto service = Id<model::ServiceId>(static_cast<uint32_t>(id));
      if (service == model::kNoService) return model::kNoNode;
      const auto at = std::lower_bound(
          batch.nodes.begin(), batch.nodes.end(), service,
          [](const model::WholeNode& a, model::ServiceId b) { return a.service < b; });
      return static_cast<uint32_t>(at - batch.nodes.begin());
    };
    for (uint64_t i = in.Varint(); i > 0; --i) {
      model::WholeEdge edge;
      edge.caller = node(in.Varint());
      edge.callee = node(in.Varint());
      edge.calls = static_cast<uint32_t>(in.Varint());
      edge.kind = static_cast<model::Kind>(in.Varint());
      batch.edges.push_back(edge);
    }
    graph.nodes = static_cast<uint32_t>(batch.nodes.size());
    graph.edges = static_cast<uint32_t>(batch.edges.size());
    encoder.Encode(batch, names_, text);
    if (text.size() < kTextBytes) return;
    written = out.Write(text);
    text.clear();
  });
  RETURN_IF_ERROR(written);
  RETURN_IF_ERROR(out.Write(text));
  return graphs;
}

}  // namespace plumbago::engine
