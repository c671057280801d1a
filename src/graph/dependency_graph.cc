#include "graph/dependency_graph.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <utility>

#include "base/strong_id.h"

namespace plumbago::graph {
namespace {

constexpr size_t kFirstSlots = 1024;

// Sums of non-negative numbers that stop at the largest: still the same in any order.
void AddSaturating(uint64_t& sum, uint64_t more) {
  if (__builtin_add_overflow(sum, more, &sum)) sum = std::numeric_limits<uint64_t>::max();
}

uint64_t HashKey(model::ServiceId caller, model::ServiceId callee, model::OperationId operation,
                 model::Kind kind) {
  uint64_t hash = (uint64_t{Index(caller)} << 32 | Index(callee)) * 0x9E3779B97F4A7C15ull;
  hash ^= hash >> 32;
  hash += uint64_t{Index(operation)} << 3 | static_cast<uint64_t>(kind);
  hash *= 0xD6E8FEB86659FD93ull;
  hash ^= hash >> 32;
  return hash * 0xD6E8FEB86659FD93ull;
}

}  // namespace

void DependencyRecord::set_key(const std::array<uint32_t, 4>& key) {
  caller = Id<model::ServiceId>(key[0]);
  callee = Id<model::ServiceId>(key[1]);
  kind = static_cast<model::Kind>(key[2]);
  operation = Id<model::OperationId>(key[3]);
}

void DependencyRecord::Merge(const DependencyRecord& other) {
  calls += other.calls;
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

void DependencyTotals::Add(const DependencyRecord& record) {
  calls += record.calls;
  errors += record.errors;
  client_side += record.client_side;
  self_known += record.self_known;
  self_ns += record.self_ns;
  latency_ns.Merge(record.latency_ns);
}

uint64_t DependencyGraph::Hash(const DependencyRecord& record) {
  return HashKey(record.caller, record.callee, record.operation, record.kind);
}

uint64_t DependencyGraph::Hash(const TraceCall& call) {
  return HashKey(call.caller, call.callee, call.operation, call.kind);
}

bool DependencyGraph::Same(const DependencyRecord& record, const TraceCall& call) {
  return record.caller == call.caller && record.callee == call.callee &&
         record.operation == call.operation && record.kind == call.kind;
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
    TraceCall call;
    call.caller = service(edge.caller);
    call.callee = service(edge.callee);
    call.kind = edge.kind;
    FindOrInsert(call, Hash(call)).calls += edge.calls * graph.traces();
  }
}

void DependencyGraph::Add(const CallGraph& graph) {
  if (slots_.empty()) slots_.resize(kFirstSlots);
  if (graph.ready_made) {
    AddEdges(graph, graph.edges);
    AddEdges(graph, graph.half_edges);
    return;
  }
  calls_ += graph.calls.size();
  std::array<uint64_t, kBatch> hashes;
  std::array<DependencyRecord*, kBatch> records;
  for (size_t begin = 0; begin < graph.calls.size(); begin += kBatch) {
    const auto calls =
        graph.calls.subspan(begin, std::min<size_t>(kBatch, graph.calls.size() - begin));
    for (size_t i = 0; i < calls.size(); ++i) {
      hashes[i] = Hash(calls[i]);
      __builtin_prefetch(&slots_[hashes[i] & (slots_.size() - 1)]);
    }
    // Goes by the first slot with the right tag; whether it is the right record is found below.
    for (size_t i = 0; i < calls.size(); ++i) {
      const Slot& slot = slots_[hashes[i] & (slots_.size() - 1)];
      records[i] = nullptr;
      if (slot.record != 0 && slot.tag == static_cast<uint32_t>(hashes[i] >> 32)) {
        records[i] = &At(slot.record - 1);
        __builtin_prefetch(records[i]);
        __builtin_prefetch(reinterpret_cast<const char*>(records[i]) + 64);
      }
    }
    for (size_t i = 0; i < calls.size(); ++i) {
      DependencyRecord* record = records[i];
      if (record == nullptr || !Same(*record, calls[i])) {
        record = &FindOrInsert(calls[i], hashes[i]);
      }
      Count(calls[i], *record);
    }
  }
}

DependencyRecord& DependencyGraph::FindOrInsert(const TraceCall& call, uint64_t hash) {
  const auto tag = static_cast<uint32_t>(hash >> 32);
  for (size_t at = hash & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
    Slot& slot = slots_[at];
    if (slot.record == 0) {
      slot = {tag, ++size_};
      if (size_ > chunks_.size() << kChunkBits) chunks_.emplace_back();
      DependencyRecord& record = At(size_ - 1);
      record.caller = call.caller;
      record.callee = call.callee;
      record.operation = call.operation;
      record.kind = call.kind;
      if (size_ * size_t{3} > slots_.size() * 2) [[unlikely]]
        Grow();
      return record;
    }
    if (slot.tag == tag) {
      DependencyRecord& record = At(slot.record - 1);
      if (Same(record, call)) return record;
    }
  }
}

void DependencyGraph::Grow() {
  std::vector<Slot> slots(slots_.size() * 2);
  for (uint32_t number = 0; number < size_; ++number) {
    const uint64_t hash = Hash(At(number));
    size_t at = hash & (slots.size() - 1);
    while (slots[at].record != 0) at = (at + 1) & (slots.size() - 1);
    slots[at] = {static_cast<uint32_t>(hash >> 32), number + 1};
  }
  slots_ = std::move(slots);
}

size_t DependencyGraph::Counted() const {
  // A call adds at most one bucket to a sketch, which grows by doubling; milliseconds fill 1.4 kB.
  constexpr uint64_t kBucketBytes = 8;
  constexpr uint64_t kSketchBytes = 1500;
  return slots_.capacity() * sizeof(Slot) +
         (chunks_.size() << kChunkBits) * sizeof(DependencyRecord) +
         std::min(calls_ * kBucketBytes, size_ * kSketchBytes);
}

void DependencyGraph::Freeze() {
  if (size_ == 0) return;
  std::vector<std::pair<UInt128, uint32_t>> order;
  order.reserve(size_);
  for (uint32_t number = 0; number < size_; ++number)
    order.emplace_back(statistics::PackKey(At(number).key()), number);
  std::sort(order.begin(), order.end());
  const size_t bytes = Counted();
  std::vector<DependencyRecord> records;
  records.reserve(size_);
  for (const auto& [key, number] : order) records.push_back(std::move(At(number)));
  runs_.Add(std::make_shared<statistics::MemoryRun<DependencyRecord>>(std::move(records), bytes));
  std::vector<Chunk>().swap(chunks_);
  std::vector<Slot>().swap(slots_);
  size_ = 0;
  calls_ = 0;
}

void DependencyGraph::Merge(DependencyGraph&& from) {
  Freeze();
  from.Freeze();
  runs_.Take(std::move(from.runs_));
}

void DependencyGraph::VisitEdges(const std::function<void(const DependencyEdge&)>& visit) const {
  if (size_ > 0) {
    DependencyGraph frozen(*this);
    frozen.Freeze();
    return frozen.VisitEdges(visit);
  }
  DependencyEdge edge;
  bool some = false;
  runs_.ForEach([&](const DependencyRecord& record) {
    if (some && (record.caller != edge.caller || record.callee != edge.callee ||
                 record.kind != edge.kind)) {
      visit(edge);
      some = false;
    }
    if (!some) edge = {record.caller, record.callee, record.kind, {}};
    some = true;
    edge.totals.Add(record);
  });
  if (some) visit(edge);
}

}  // namespace plumbago::graph
