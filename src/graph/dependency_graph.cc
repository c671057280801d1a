#include "graph/dependency_graph.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <tuple>
#include <utility>

#include "base/strong_id.h"

namespace plumbago::graph {
namespace {

constexpr size_t kFirstSlots = 1024;

// Sums of non-negative numbers that stop at the largest: still the same in any order.
void AddSaturating(uint64_t& sum, uint64_t more) {
  if (__builtin_add_overflow(sum, more, &sum)) sum = std::numeric_limits<uint64_t>::max();
}

// The place of each of `ids` in the order of their texts, by id. Ids that do not occur have none.
std::vector<uint32_t> Ranks(const model::NameTable& table, std::vector<uint32_t>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::vector<uint32_t> ranks(ids.empty() ? 0 : ids.back() + 1);
  std::sort(ids.begin(), ids.end(),
            [&table](uint32_t a, uint32_t b) { return table.Text(a) < table.Text(b); });
  for (uint32_t rank = 0; rank < ids.size(); ++rank) ranks[ids[rank]] = rank;
  return ranks;
}

}  // namespace

uint64_t DependencyGraph::Hash(const Key& key) {
  uint64_t hash = (uint64_t{Index(key.caller)} << 32 | Index(key.callee)) * 0x9E3779B97F4A7C15ull;
  hash ^= hash >> 32;
  hash += uint64_t{Index(key.operation)} << 3 | static_cast<uint64_t>(key.kind);
  hash *= 0xD6E8FEB86659FD93ull;
  hash ^= hash >> 32;
  return hash * 0xD6E8FEB86659FD93ull;
}

void DependencyGraph::Count(const TraceCall& call, Entry& entry) {
  ++entry.calls;
  entry.errors += call.status == model::Status::kError;
  if (call.seen().known()) {
    entry.client_side += call.client.known();
    entry.latency_ns.Add(call.latency_ns());
  }
  if (call.self_ns != model::kNoTime) {
    ++entry.self_known;
    AddSaturating(entry.self_ns, static_cast<uint64_t>(call.self_ns));
  }
}

void DependencyGraph::Add(const CallGraph& graph) {
  if (slots_.empty()) slots_.resize(kFirstSlots);
  std::array<uint64_t, kBatch> hashes;
  std::array<Entry*, kBatch> entries;
  for (size_t begin = 0; begin < graph.calls.size(); begin += kBatch) {
    const auto calls =
        graph.calls.subspan(begin, std::min<size_t>(kBatch, graph.calls.size() - begin));
    for (size_t i = 0; i < calls.size(); ++i) {
      hashes[i] = Hash(KeyOf(calls[i]));
      __builtin_prefetch(&slots_[hashes[i] & (slots_.size() - 1)]);
    }
    // Goes by the first slot with the right tag; whether it is the right entry is found below.
    for (size_t i = 0; i < calls.size(); ++i) {
      const Slot& slot = slots_[hashes[i] & (slots_.size() - 1)];
      entries[i] = nullptr;
      if (slot.entry != 0 && slot.tag == static_cast<uint32_t>(hashes[i] >> 32)) {
        entries[i] = &At(slot.entry - 1);
        __builtin_prefetch(entries[i]);
        __builtin_prefetch(reinterpret_cast<const char*>(entries[i]) + 64);
      }
    }
    for (size_t i = 0; i < calls.size(); ++i) {
      const Key key = KeyOf(calls[i]);
      Entry* entry = entries[i];
      if (entry == nullptr || !(entry->key == key)) entry = &FindOrInsert(key, hashes[i]);
      Count(calls[i], *entry);
    }
  }
}

DependencyGraph::Entry& DependencyGraph::FindOrInsert(const Key& key, uint64_t hash) {
  const auto tag = static_cast<uint32_t>(hash >> 32);
  for (size_t at = hash & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
    Slot& slot = slots_[at];
    if (slot.entry == 0) {
      slot = {tag, ++size_};
      if (size_ > chunks_.size() << kChunkBits) chunks_.emplace_back();
      At(size_ - 1).key = key;
      if (size_ * size_t{3} > slots_.size() * 2) [[unlikely]]
        Grow();
      return At(size_ - 1);
    }
    if (slot.tag == tag) {
      Entry& entry = At(slot.entry - 1);
      if (entry.key == key) return entry;
    }
  }
}

void DependencyGraph::Grow() {
  std::vector<Slot> slots(slots_.size() * 2);
  for (uint32_t number = 0; number < size_; ++number) {
    const uint64_t hash = Hash(At(number).key);
    size_t at = hash & (slots.size() - 1);
    while (slots[at].entry != 0) at = (at + 1) & (slots.size() - 1);
    slots[at] = {static_cast<uint32_t>(hash >> 32), number + 1};
  }
  slots_ = std::move(slots);
}

void DependencyGraph::Merge(DependencyGraph&& from) {
  if (size_ < from.size_) std::swap(*this, from);
  for (uint32_t number = 0; number < from.size_; ++number) {
    Entry& other = from.At(number);
    Entry& entry = FindOrInsert(other.key, Hash(other.key));
    if (entry.calls == 0) {
      entry = std::move(other);
      continue;
    }
    entry.calls += other.calls;
    entry.errors += other.errors;
    entry.client_side += other.client_side;
    entry.self_known += other.self_known;
    AddSaturating(entry.self_ns, other.self_ns);
    entry.latency_ns.Merge(other.latency_ns);
  }
  from = {};
}

size_t DependencyGraph::allocated() const {
  size_t bytes = slots_.capacity() * sizeof(Slot) + chunks_.capacity() * sizeof(chunks_[0]);
  bytes += (chunks_.size() << kChunkBits) * sizeof(Entry);
  for (uint32_t number = 0; number < size_; ++number) bytes += At(number).latency_ns.allocated();
  return bytes;
}

void DependencyGraph::AddTo(DependencyTotals& totals, const Entry& entry) {
  totals.calls += entry.calls;
  totals.errors += entry.errors;
  totals.client_side += entry.client_side;
  totals.self_known += entry.self_known;
  totals.self_ns += entry.self_ns;
  totals.latency_ns.Merge(entry.latency_ns);
}

// By caller, callee, kind, operation; or by callee, operation, caller, kind.
std::vector<const DependencyGraph::Entry*> DependencyGraph::Sorted(const model::Names& names,
                                                                   bool by_callee) const {
  std::vector<uint32_t> services;
  std::vector<uint32_t> operations;
  services.reserve(size_t{size_} * 2);
  operations.reserve(size_);
  for (uint32_t number = 0; number < size_; ++number) {
    const Key& key = At(number).key;
    services.push_back(Index(key.caller));
    services.push_back(Index(key.callee));
    operations.push_back(Index(key.operation));
  }
  const std::vector<uint32_t> service_ranks = Ranks(names.services, services);
  const std::vector<uint32_t> operation_ranks = Ranks(names.operations, operations);

  using Place = std::tuple<uint32_t, uint32_t, uint32_t, uint32_t>;
  std::vector<std::pair<Place, const Entry*>> places;
  places.reserve(size_);
  for (uint32_t number = 0; number < size_; ++number) {
    const Entry& entry = At(number);
    const uint32_t caller = service_ranks[Index(entry.key.caller)];
    const uint32_t callee = service_ranks[Index(entry.key.callee)];
    const uint32_t operation = operation_ranks[Index(entry.key.operation)];
    const auto kind = static_cast<uint32_t>(entry.key.kind);
    places.emplace_back(
        by_callee ? Place{callee, operation, caller, kind} : Place{caller, callee, kind, operation},
        &entry);
  }
  std::sort(places.begin(), places.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<const Entry*> sorted;
  sorted.reserve(size_);
  for (const auto& [place, entry] : places) sorted.push_back(entry);
  return sorted;
}

void DependencyGraph::VisitEdges(const model::Names& names, DependencyLevel level,
                                 const std::function<void(const DependencyEdge&)>& visit) const {
  const std::vector<const Entry*> sorted = Sorted(names, false);
  const bool apart = level == DependencyLevel::kOperation;
  for (size_t begin = 0, end = 0; begin < sorted.size(); begin = end) {
    const Key& key = sorted[begin]->key;
    DependencyEdge edge{.caller = key.caller, .callee = key.callee, .kind = key.kind, .totals = {}};
    if (apart) edge.operation = key.operation;
    for (; end < sorted.size(); ++end) {
      const Key& other = sorted[end]->key;
      if (other.caller != key.caller || other.callee != key.callee || other.kind != key.kind ||
          (apart && other.operation != key.operation)) {
        break;
      }
      AddTo(edge.totals, *sorted[end]);
    }
    visit(edge);
  }
}

void DependencyGraph::VisitNodes(const model::Names& names, DependencyLevel level,
                                 const std::function<void(const DependencyNode&)>& visit) const {
  const std::vector<const Entry*> sorted = Sorted(names, true);
  if (level == DependencyLevel::kOperation) {
    for (size_t begin = 0, end = 0; begin < sorted.size(); begin = end) {
      const Key& key = sorted[begin]->key;
      DependencyNode node{.service = key.callee, .operation = key.operation, .totals = {}};
      model::ServiceId last = model::kNoService;
      for (; end < sorted.size(); ++end) {
        const Key& other = sorted[end]->key;
        if (other.callee != key.callee || other.operation != key.operation) break;
        node.callers += other.caller != last && other.caller != model::kNoService;
        last = other.caller;
        AddTo(node.totals, *sorted[end]);
      }
      visit(node);
    }
    return;
  }

  // Distinct pairs of known services give the degrees; services that only call stand between the
  // others.
  std::vector<std::pair<uint32_t, uint32_t>> pairs;
  std::vector<uint32_t> services;
  for (const Entry* entry : sorted) {
    const uint32_t caller = Index(entry->key.caller);
    const uint32_t callee = Index(entry->key.callee);
    services.push_back(callee);
    if (caller == 0) continue;
    services.push_back(caller);
    if (callee != 0) pairs.emplace_back(caller, callee);
  }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  const std::vector<uint32_t> ranks =
      Ranks(names.services, services);  // `services` in order of text now
  std::vector<uint64_t> callers(ranks.size());
  std::vector<uint64_t> callees(ranks.size());
  for (const auto& [caller, callee] : pairs) {
    ++callees[caller];
    ++callers[callee];
  }
  size_t at = 0;
  for (const uint32_t service : services) {
    DependencyNode node{.service = Id<model::ServiceId>(service),
                        .callers = callers[service],
                        .callees = callees[service],
                        .totals = {}};
    for (; at < sorted.size() && Index(sorted[at]->key.callee) == service; ++at) {
      AddTo(node.totals, *sorted[at]);
    }
    visit(node);
  }
}

}  // namespace plumbago::graph
