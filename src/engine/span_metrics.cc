#include "engine/span_metrics.h"

#include <algorithm>
#include <tuple>

#include "base/mix_hash.h"
#include "base/strong_id.h"
#include "engine/hashed_lines.h"
#include "engine/merged_walk.h"
#include "engine/span_visitor.h"

namespace plumbago::engine {
namespace {

// Of one table a thread keeps so many lines, by the budget alone (as in merged_calls.cc).
constexpr uint64_t kLeastKept = 8'000;
constexpr uint64_t kMostKept = 100'000;
constexpr uint64_t kLineBytes = 400;

struct EdgeKey {
  model::ServiceId client = model::kNoService;
  model::ServiceId server = model::kNoService;
  Connection connection = Connection::kUnset;
  bool other = false;
  friend bool operator==(const EdgeKey&, const EdgeKey&) = default;
  auto Order() const { return std::tie(other, client, server, connection); }
  EdgeKey Other() const { return {model::kNoService, model::kNoService, connection, true}; }
  uint64_t Hash(const model::Names& names) const {
    return MixHash(names.services.Hash(Index(client)) * 3 + names.services.Hash(Index(server)) * 5 +
                   static_cast<uint64_t>(connection));
  }
};

struct SpanKey {
  model::ServiceId service = model::kNoService;
  model::OperationId operation = model::kNoOperation;
  model::Kind kind = model::Kind::kUnknown;
  model::Side side = model::Side::kUnknown;
  model::Status status = model::Status::kUnset;
  bool other = false;
  friend bool operator==(const SpanKey&, const SpanKey&) = default;
  auto Order() const { return std::tie(other, service, operation, kind, side, status); }
  SpanKey Other() const {
    return {model::kNoService, model::kNoOperation, kind, side, status, true};
  }
  uint64_t Hash(const model::Names& names) const {
    return MixHash(names.services.Hash(Index(service)) * 3 +
                   names.operations.Hash(Index(operation)) * 5 + static_cast<uint64_t>(kind) * 16 +
                   static_cast<uint64_t>(side) * 4 + static_cast<uint64_t>(status));
  }
};

struct KeyHash {
  size_t operator()(const EdgeKey& key) const {
    return MixHash(uint64_t{Index(key.client)} << 32 ^ uint64_t{Index(key.server)} << 3 ^
                   static_cast<uint64_t>(key.connection));
  }
  size_t operator()(const SpanKey& key) const {
    return MixHash(uint64_t{Index(key.service)} << 32 ^ uint64_t{Index(key.operation)} << 8 ^
                   static_cast<uint64_t>(key.kind) << 4 ^ static_cast<uint64_t>(key.side) << 2 ^
                   static_cast<uint64_t>(key.status));
  }
};

struct EdgeSums {
  uint64_t requests = 0, failed = 0, unpaired = 0;
  BucketCounts client, server;
  uint64_t weight() const { return requests + unpaired; }
  void Merge(const EdgeSums& other) {
    requests += other.requests;
    failed += other.failed;
    unpaired += other.unpaired;
    client.Merge(other.client);
    server.Merge(other.server);
  }
};

struct SpanSums {
  uint64_t calls = 0;
  BucketCounts seconds;
  uint64_t weight() const { return calls; }
  void Merge(const SpanSums& other) {
    calls += other.calls;
    seconds.Merge(other.seconds);
  }
};

using Edges = HashedLines<EdgeKey, EdgeSums, KeyHash>;
using Spans = HashedLines<SpanKey, SpanSums, KeyHash>;

// The lines with the most calls; the others added to theirs. In order of the names.
template <class Key, class Value, class Lines>
std::vector<std::pair<Key, Value>> Largest(const Lines& lines, size_t most) {
  std::vector<std::pair<Key, Value>> all, rest;
  for (const auto& [key, value] : lines) (key.other ? rest : all).emplace_back(key, value);
  const auto by_name = [](const auto& a, const auto& b) {
    return a.first.Order() < b.first.Order();
  };
  if (all.size() > most) {
    std::sort(all.begin(), all.end(), [&](const auto& a, const auto& b) {
      const uint64_t x = a.second.weight();
      const uint64_t y = b.second.weight();
      return x != y ? x > y : by_name(a, b);
    });
    for (size_t i = most; i < all.size(); ++i) {
      const Key other = all[i].first.Other();
      auto at = std::find_if(rest.begin(), rest.end(),
                             [&](const auto& line) { return line.first == other; });
      if (at == rest.end()) at = rest.emplace(rest.end(), other, Value());
      at->second.Merge(all[i].second);
    }
    all.resize(most);
  }
  all.insert(all.end(), rest.begin(), rest.end());
  std::sort(all.begin(), all.end(), by_name);
  return all;
}

class Measuring final : public SpanVisitor {
 public:
  Measuring(const SpanMetricsOptions& options, const model::Names& names, size_t most)
      : SpanVisitor(names, options.mode), edges(names, most), spans(names, most) {}

  void Merge(Measuring&& other) {
    MergeCounts(other);
    edges.Merge(other.edges);
    spans.Merge(other.spans);
  }

  void Look(const graph::CallGraph& graph, std::span<const graph::Row>,
            std::span<const graph::TraceSpan> all) override {
    for (const graph::TraceCall& call : graph.calls) Edge(call);
    for (const graph::TraceSpan& span : all) {
      if (span.inserted) continue;
      SpanSums& line = spans[{span.service, span.operation, span.kind, span.side, span.status}];
      ++line.calls;
      if (span.timed()) line.seconds.Add(span.duration_ns, kSpanFirstBucketNs, kSpanBuckets);
    }
    edges.Trim();
    spans.Trim();
  }

  Edges edges;
  Spans spans;

 private:
  void Edge(const graph::TraceCall& call) {
    if ((call.mended & graph::kMendedInserted) != 0) return;  // nobody saw it
    EdgeKey key{call.caller, call.callee, Connection::kUnset};
    const bool entry = call.parent == graph::kNone && call.caller == model::kNoService;
    const bool paired =
        call.callee != model::kNoService && (entry || call.caller != model::kNoService);
    if (!paired) {
      // As Tempo: spans of no service are no part of the graph.
      if (call.caller == model::kNoService && call.callee == model::kNoService) return;
      EdgeSums& line = edges[key];
      ++line.unpaired;
      return;
    }
    if (entry) {
      key.connection = Connection::kVirtualNode;
    } else if (model::IsStateful(call.kind)) {
      key.connection = Connection::kDatabase;
    } else if (call.client.known() && !call.server.known()) {
      key.connection = Connection::kVirtualNode;
    } else if (call.kind == model::Kind::kMessage) {
      key.connection = Connection::kMessagingSystem;
    }
    EdgeSums& line = edges[key];
    ++line.requests;
    line.failed += call.status == model::Status::kError ? 1 : 0;
    const auto add = [](BucketCounts& to, const graph::Interval& side) {
      if (side.duration_ns != model::kNoTime)
        to.Add(side.duration_ns, kEdgeFirstBucketNs, kEdgeBuckets);
    };
    add(line.client, call.client);
    add(line.server, call.server);
    // As Tempo: a database writes no spans, so what its client saw is taken for its time.
    if (key.connection == Connection::kDatabase && !call.server.known())
      add(line.server, call.client);
  }
};

}  // namespace

void BucketCounts::Add(int64_t duration_ns, int64_t first_ns, size_t buckets) {
  size_t bucket = 0;
  for (int64_t bound = first_ns; bucket < buckets && duration_ns > bound; bound *= 2) ++bucket;
  ++counts[bucket];
  ++count;
  sum_ns += static_cast<uint64_t>(std::max<int64_t>(0, duration_ns));
}

void BucketCounts::Merge(const BucketCounts& other) {
  for (size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
  count += other.count;
  sum_ns += other.sum_ns;
}

Result<MeasuredSpans> MeasureSpans(const SpanMetricsOptions& options) {
  ASSIGN_OR_RETURN(ReadRows read, ReadAllRows(options.read));
  const uint64_t most = std::clamp(read.plan.budget / (64 * kLineBytes), kLeastKept, kMostKept);
  ASSIGN_OR_RETURN(const auto walk, AskAllTraces(read, options.read.show_progress, [&] {
                     return std::make_unique<Measuring>(options, *read.names, most);
                   }));
  Measuring& all = *walk.visitor;
  MeasuredSpans measured;
  measured.damage = read.damage;
  measured.damage.Merge(all.damage);
  measured.traces = all.traces;
  measured.dropped = all.dropped;
  all.edges.TrimExactly();
  all.spans.TrimExactly();
  for (const auto& [key, sums] :
       Largest<EdgeKey, EdgeSums>(all.edges.lines(), options.most_lines)) {
    measured.edges_other += key.other ? sums.weight() : 0;
    measured.edges.push_back({key.client, key.server, key.connection, key.other, sums.requests,
                              sums.failed, sums.unpaired, sums.client, sums.server});
  }
  for (const auto& [key, sums] :
       Largest<SpanKey, SpanSums>(all.spans.lines(), options.most_lines)) {
    measured.spans_other += key.other ? sums.calls : 0;
    measured.spans.push_back({key.service, key.operation, key.other, key.kind, key.side, key.status,
                              sums.calls, sums.seconds});
  }
  measured.interrupted = read.interrupted || !walk.all;
  measured.names = std::move(read.names);
  return measured;
}

}  // namespace plumbago::engine
