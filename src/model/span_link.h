// A span link: a span that names another one, mostly of another trace, as a cause beside its parent
// (a batch's consumer, a job that is tried again, the two ends of a queue). Comes beside the calls
// of a batch; the engine routes it to the trace that it leads to (docs/design/0016-links.md).
#pragma once

#include <cstdint>

#include "model/call.h"

namespace plumbago::model {

struct SpanLink {
  TraceId target;            // the trace and the span that are named
  uint64_t target_span = 0;  // 0: none is
  TraceId from;              // the span that names them
  uint64_t from_span = 0;
  int64_t start_ns = kNoTime;  // its start
  ServiceId service = kNoService;
  OperationId operation = kNoOperation;
  InstanceId instance = kNoInstance;
  Origin origin;
  bool repeats_parent = false;  // leads to the span's own parent
};

// Who wrote the span of a row, as links name it: a client's caller, where it is known.
inline bool ClientWrote(const Call& call) {
  return call.side == Side::kClient && call.caller != kNoService;
}

}  // namespace plumbago::model
