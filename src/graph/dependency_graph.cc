#include "graph/dependency_graph.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "base/strong_id.h"
#include "statistics/sums.h"

namespace plumbago::graph {
namespace {

using statistics::AddSaturating;

std::array<uint32_t, 4> KeyOf(const TraceCall& call) {
  return {Index(call.caller), Index(call.callee), static_cast<uint32_t>(call.kind),
          Index(call.operation)};
}

}  // namespace

void DependencyRecord::set_key(const std::array<uint32_t, 4>& key) {
  caller = Id<model::ServiceId>(key[0]);
  callee = Id<model::ServiceId>(key[1]);
  kind = static_cast<model::Kind>(key[2]);
  operation = Id<model::OperationId>(key[3]);
}

void DependencyRecord::Merge(const DependencyRecord& other) {
  AddSaturating(calls, other.calls);
  errors += other.errors;
  client_side += other.client_side;
  self_known += other.self_known;
  AddSaturating(self_ns, other.self_ns);
  latency_ns.Merge(other.latency_ns);
}

void DependencyRecord::Save(std::string& out) const {
  for (const uint64_t number : {calls, errors, client_side, self_known, self_ns}) {
    statistics::AppendVarint(out, number);
  }
  latency_ns.Save(out);
}

bool DependencyRecord::Load(statistics::StateReader& in) {
  for (uint64_t* number : {&calls, &errors, &client_side, &self_known, &self_ns}) {
    *number = in.Varint();
  }
  return latency_ns.Load(in) && calls > 0 && errors <= calls && self_known <= calls &&
         latency_ns.count() <= calls && client_side <= latency_ns.count();
}

void DependencyTotals::Clear() {
  calls = errors = client_side = self_known = 0;
  self_ns = 0;
  latency_ns.Clear();
}

void DependencyTotals::Add(const DependencyRecord& record) {
  AddSaturating(calls, record.calls);
  errors += record.errors;
  client_side += record.client_side;
  self_known += record.self_known;
  self_ns += record.self_ns;
  latency_ns.Merge(record.latency_ns);
}

void DependencyGraph::Count(const TraceCall& call, DependencyRecord& record) {
  ++record.calls;
  record.errors += call.status == model::Status::kError;
  if (call.seen().known()) {
    record.client_side += call.client.known();
    record.latency_ns.Add(call.latency_ns());
  }
  if (call.self_ns != model::kNoTime) {
    ++record.self_known;
    AddSaturating(record.self_ns, static_cast<uint64_t>(call.self_ns));
  }
}

void DependencyGraph::AddEdges(const CallGraph& graph, std::span<const Edge> edges) {
  const auto service = [&graph](uint32_t node) {
    return node == kNone ? model::kNoService : graph.nodes[node].service;
  };
  for (const Edge& edge : edges) {
    DependencyRecord& record = records_[{Index(service(edge.caller)), Index(service(edge.callee)),
                                         static_cast<uint32_t>(edge.kind), 0}];
    AddSaturating(record.calls, statistics::ProductSaturating(edge.calls, graph.traces()));
  }
}

void DependencyGraph::Add(const CallGraph& graph) {
  if (graph.ready_made) {
    AddEdges(graph, graph.edges);
    AddEdges(graph, graph.half_edges);
    return;
  }
  const std::span<const TraceCall> calls = graph.calls;
  calls_ += calls.size();
  records_.ForEachOf(
      calls.size(), [calls](size_t i) { return KeyOf(calls[i]); },
      [calls](size_t i, DependencyRecord& record) { Count(calls[i], record); });
}

size_t DependencyGraph::SketchBytes() const {
  // A call adds at most one bucket to a sketch, which grows by doubling; milliseconds fill 1.4 kB.
  constexpr uint64_t kBucketBytes = 8;
  constexpr uint64_t kSketchBytes = 1500;
  return std::min(calls_ * kBucketBytes, records_.counted() * kSketchBytes);
}

void DependencyGraph::Freeze() {
  records_.Freeze(SketchBytes());
  calls_ = 0;
}

void DependencyGraph::Merge(DependencyGraph&& from) {
  Freeze();
  from.Freeze();
  records_.Merge(std::move(from.records_));
}

void DependencyGraph::VisitEdges(const std::function<void(const DependencyEdge&)>& visit) const {
  DependencyEdge edge;
  bool some = false;
  records_.ForEach([&](const DependencyRecord& record) {
    if (some && (record.caller != edge.caller || record.callee != edge.callee ||
                 record.kind != edge.kind)) {
      visit(edge);
      some = false;
    }
    if (!some) {
      edge.caller = record.caller;
      edge.callee = record.callee;
      edge.kind = record.kind;
      edge.totals.Clear();
    }
    some = true;
    edge.totals.Add(record);
  });
  if (some) visit(edge);
}

}  // namespace plumbago::graph
