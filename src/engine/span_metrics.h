// What Tempo's metrics generator makes of traces, over all traces of the input: the service graph
// (a line an edge) and metrics of spans (a line a service, span name, kind and status).
//
// Edges are calls (docs/design/0012), each once: a client's span and its server's, a producer's and
// its consumer's, a client's span alone that names a database, and so on. What Tempo calls
// unpaired, and what it tells of it:
//   entry without a client    client is "user", connection type virtual_node
//   client without a server   a database, else virtual_node; unpaired where nothing names the peer
//   server without a client   unpaired where its caller is not known and it is no entry
//   no service at all         no part of the graph
// A side that was not recorded has no duration here; Tempo counts it as one of 0 seconds.
//
// Bounded: a thread keeps at most 100,000 lines of each table (fewer where memory is little),
// chosen by a hash of the names, and of those `most_lines` with the most calls are told; the sums
// of the others are in lines "(other)". So it is the same with any number of threads, in any order.
//
// Cost: a hash look-up a call and a span; 400 bytes a line. Sums are integers, in ns.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/read_rows.h"
#include "graph/call_graph.h"
#include "graph/repair_mode.h"

namespace plumbago::engine {

// Durations in buckets, as Prometheus has them: each counts what is at most so long.
struct BucketCounts {
  static constexpr size_t kMost = 14;
  std::array<uint64_t, kMost + 1> counts{};  // not summed up; the last is what is longer
  uint64_t count = 0;
  uint64_t sum_ns = 0;

  // `first_ns` is the first bound; each is twice the one before; `buckets` of them.
  void Add(int64_t duration_ns, int64_t first_ns, size_t buckets);
  void Merge(const BucketCounts& other);
};

// Tempo's: 0.1 s to 12.8 s, and 2 ms to 16.384 s.
inline constexpr int64_t kEdgeFirstBucketNs = 100'000'000;
inline constexpr size_t kEdgeBuckets = 8;
inline constexpr int64_t kSpanFirstBucketNs = 2'000'000;
inline constexpr size_t kSpanBuckets = 14;

enum class Connection : uint8_t { kUnset, kVirtualNode, kMessagingSystem, kDatabase };

struct EdgeMetrics {
  model::ServiceId client = model::kNoService;  // none: "user", of a virtual_node; else not known
  model::ServiceId server = model::kNoService;
  Connection connection = Connection::kUnset;
  bool other = false;  // client and server stand for those beyond the bound
  uint64_t requests = 0;
  uint64_t failed = 0;
  uint64_t unpaired = 0;  // spans whose other half is not there; they are no requests
  BucketCounts client_seconds, server_seconds;
};

struct SpanMetrics {
  model::ServiceId service = model::kNoService;
  model::OperationId operation = model::kNoOperation;
  bool other = false;  // `operation` stands for those beyond the bound
  model::Kind kind = model::Kind::kUnknown;
  model::Side side = model::Side::kUnknown;
  model::Status status = model::Status::kUnset;
  uint64_t calls = 0;
  BucketCounts seconds;
};

struct SpanMetricsOptions {
  ReadOptions read;
  graph::RepairMode mode = graph::RepairMode::kRebuild;
  size_t most_lines = 10'000;  // of each table
};

struct MeasuredSpans {
  std::unique_ptr<model::Names> names;
  std::vector<EdgeMetrics> edges;  // by client, server, connection
  std::vector<SpanMetrics> spans;  // by service, operation, kind, side, status
  uint64_t edges_other = 0;        // requests in lines "(other)"
  uint64_t spans_other = 0;
  uint64_t traces = 0;
  uint64_t dropped = 0;
  model::DamageCounts damage;
  bool interrupted = false;
};

// Errors: as ReadAllRows; those of the spill file.
Result<MeasuredSpans> MeasureSpans(const SpanMetricsOptions& options);

}  // namespace plumbago::engine
