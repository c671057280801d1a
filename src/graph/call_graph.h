// One trace as analyses see it: its calls as a tree, and the graph of its services.
//
// All spans point into memory of whoever built it, valid until the next trace is built. Weighted call graphs without
// a tree (issue-formats such as call-graph-json) leave `calls` empty: an analysis that needs the tree says so.
#pragma once

#include <cstdint>
#include <span>

#include "model/call.h"

namespace plumbago::graph {

inline constexpr uint32_t kNone = 0xFFFFFFFFu;

// What one side saw of a call.
struct Interval {
  int64_t start_ns = model::kNoTime;
  int64_t duration_ns = model::kNoTime;
  bool known() const { return start_ns != model::kNoTime && duration_ns != model::kNoTime; }
  int64_t end_ns() const { return start_ns + duration_ns; }
};

// What had to be done to a call. Bits.
enum Mended : uint8_t {
  kMendedNothing = 0,
  kMendedLink = 1,      // its caller was inferred: the written path leads elsewhere or nowhere
  kMendedCaller = 2,    // caller's name filled in or replaced
  kMendedCallee = 4,    // callee's name filled in
  kMendedInserted = 8,  // no row of it exists: only its callees tell that it was made
  kMendedSplit = 16,    // shared its id with other calls
};

// A logical call: the one or two rows of it joined.
struct TraceCall {
  uint32_t parent = kNone;        // index of the call that made it; kNone for an entry
  uint32_t subtree_end = 0;       // calls [i, subtree_end) are this call and everything below it (preorder)
  uint32_t caller_node = kNone;   // index into nodes; kNone: the user, or not known
  uint32_t callee_node = kNone;   // index into nodes; kNone: not known
  model::ServiceId caller = model::kNoService;
  model::ServiceId callee = model::kNoService;
  model::OperationId operation = model::kNoOperation;
  model::InstanceId caller_instance = model::kNoInstance;
  model::InstanceId callee_instance = model::kNoInstance;
  Interval client;
  Interval server;
  int64_t self_ns = model::kNoTime;  // own time: the server side (else the client side) without the union of its
                                     // synchronous callees' times, clipped to it; kNoTime if not known
  float confidence = 1;           // that the parent is right, 0..1
  uint16_t depth = 0;             // entry: 0
  uint8_t rows = 0;               // recorded rows that were joined; 0 for an inserted one
  uint8_t mended = kMendedNothing;
  model::Kind kind = model::Kind::kUnknown;
  model::Status status = model::Status::kUnset;

  // What the caller waited where it is known, else what the callee worked.
  const Interval& seen() const { return client.known() ? client : server; }
  int64_t latency_ns() const { return seen().duration_ns; }
  int64_t start_ns() const { return seen().start_ns; }
};

// A recorded span of a trace whose rows carry span ids, work inside a service included: what the
// calls were made of.
struct TraceSpan {
  uint32_t parent = kNone;       // index of the span above; kNone: a root
  uint32_t subtree_end = 0;      // spans [i, subtree_end) are this one and all below it (preorder)
  uint32_t call = kNone;         // the call that it is a side of, or that it was folded into
  model::ServiceId service = model::kNoService;  // that wrote it; of a database or a queue: itself
  model::OperationId operation = model::kNoOperation;
  int64_t start_ns = model::kNoTime;
  int64_t duration_ns = model::kNoTime;
  uint64_t id = 0;
  model::Kind kind = model::Kind::kUnknown;
  model::Side side = model::Side::kUnknown;
  model::Status status = model::Status::kUnset;
  bool inserted = false;         // no row of it exists
  std::span<const model::AttributeId> attributes = {};  // where the run wants them; some may be twice
  bool timed() const { return start_ns != model::kNoTime && duration_ns != model::kNoTime; }
  int64_t end_ns() const { return start_ns + duration_ns; }
};

// A distinct microservice of the trace.
struct Node {
  model::ServiceId service = model::kNoService;
  uint32_t in_degree = 0;    // distinct services of the trace that call it (itself included)
  uint32_t out_degree = 0;   // distinct services that it calls
  uint16_t depth = 0;        // of its shallowest call
  bool stateful = false;     // callee of a cache or database call
};

// Caller and callee, both known, and how many calls between them.
struct Edge {
  uint32_t caller = 0;  // node
  uint32_t callee = 0;  // node
  uint32_t calls = 0;
  model::Kind kind = model::Kind::kUnknown;  // of the first call
};

// What had to be done to the trace.
struct Repairs {
  uint32_t mended_links = 0;
  uint32_t mended_names = 0;
  uint32_t inserted = 0;
  uint32_t split = 0;
  uint32_t rows = 0;            // usable rows, exact duplicates joined
  uint32_t rows_unplaced = 0;   // rows that this mode leaves out
  double confidence_links = 0;  // sum over links with mended_links of their confidence
  // Of rows with span ids (docs/design/0012); neither is damage.
  uint32_t folded = 0;          // rows of work inside a service, folded into the call that it is part of
  uint32_t sides_inferred = 0;  // calls whose client side no row states: its span was taken for it
  uint32_t from_queues = 0;     // calls of consumers whose producer is not here: the queue made them
  bool whole() const { return mended_links + mended_names + inserted + split == 0; }
};

struct CallGraph {
  model::TraceId trace;
  double weight = 1;
  model::OperationId entry = model::kNoOperation;  // 2022: the online service; 2021: interface of the entry call
  model::ServiceId entry_service = model::kNoService;
  int64_t start_ns = model::kNoTime;               // earliest start
  int64_t end_ns = model::kNoTime;                 // latest end
  std::span<const TraceCall> calls;                // preorder: a caller stands before its callees, siblings by start
  std::span<const Node> nodes;                     // in order of first appearance in `calls`
  std::span<const Edge> edges;                     // in order of first appearance
  // Rows with span ids: the spans, preorder, siblings by start, then id; empty otherwise, and where
  // nobody asked for them (TraceBuilder::KeepSpans).
  std::span<const TraceSpan> spans;
  Repairs repairs;
  bool sides_marked = false;  // a row of the trace says who wrote it (2021: the sign; spans: the kind)
  // A source gave it ready made: it stands for `weight` traces, and `calls` is empty, since only how
  // often each service called each is known (model/whole_graph.h).
  bool ready_made = false;
  // Ready made: calls with an end that is no node (kNone): the user's, and of or to one not known.
  std::span<const Edge> half_edges;

  uint64_t traces() const { return ready_made ? static_cast<uint64_t>(weight) : 1; }
  uint64_t call_count() const {
    if (!ready_made) return calls.size();
    uint64_t count = 0;
    for (const Edge& edge : edges) count += edge.calls;
    for (const Edge& edge : half_edges) count += edge.calls;
    return count;
  }
};

}  // namespace plumbago::graph
