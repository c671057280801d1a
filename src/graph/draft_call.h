// A call while its trace is being put together: what its rows say, before anybody has decided who
// made it.
#pragma once

#include <cstdint>

#include "graph/call_graph.h"
#include "model/call.h"
#include "model/path.h"

namespace plumbago::graph {

struct DraftCall {
  model::PathView path;  // as written; of an inserted call: the id that its callees tell
  int64_t start_ns = model::kNoTime;     // earliest of its rows
  int64_t duration_ns = model::kNoTime;  // longest of its rows
  Interval client;
  Interval server;
  uint32_t parent = kNone;     // draft; kNone: entry, or not known
  uint32_t group = kNone;      // PathGroup that it belongs to; kNone for an inserted call
  uint32_t first_row = kNone;  // its first row in input order; kNone for an inserted call
  model::ServiceId caller = model::kNoService;
  model::ServiceId other_caller = model::kNoService;  // where its two rows disagree
  model::ServiceId callee = model::kNoService;
  model::OperationId operation = model::kNoOperation;
  model::OperationId entry = model::kNoOperation;
  model::InstanceId caller_instance = model::kNoInstance;
  model::InstanceId callee_instance = model::kNoInstance;
  float confidence = 1;
  uint8_t rows = 0;  // at most 255 are counted
  uint8_t mended = kMendedNothing;
  model::Kind kind = model::Kind::kUnknown;
  model::Status status = model::Status::kUnset;
  bool from_user = false;
  bool shared = false;  // other calls have the same id

  bool timed() const { return start_ns != model::kNoTime && duration_ns != model::kNoTime; }
  bool Names(model::ServiceId service) const {
    return caller == service || other_caller == service;
  }
};

// The calls of one id. Groups stand in preorder of their ids.
struct PathGroup {
  uint32_t begin = 0;  // drafts [begin, end)
  uint32_t end = 0;
  uint32_t row_begin = 0;  // its rows in the order of SortRows
  uint32_t row_end = 0;
  uint32_t parent = kNone;    // group of the id without its last component
  uint32_t ancestor = kNone;  // group of the longest id above this one; kNone: a root
  uint32_t roots = 0;         // of a root: how many roots share the first component of its id
  bool certain = false;       // one call, and all of its rows name the same caller and callee
  uint32_t size() const { return end - begin; }
};

// A cache, a database and a queue do not write trace rows: one row a call is expected, the
// caller's. All else has two.
inline bool HasOneRow(model::Kind kind) {
  return model::IsStateful(kind) || model::IsAsynchronous(kind);
}

}  // namespace plumbago::graph
