// Generated rows before they are ordered and written: compact, with what they share kept apart.
//
// A row is 40 bytes instead of model::Call's hundred and some: it is written once by the walk, moved by reference
// when rows are put in order, and becomes a model::Call only in the batch that is encoded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/call.h"

namespace plumbago::generate {

// Rows tell whole milliseconds, cut off.
inline int32_t Milliseconds(int64_t us) { return static_cast<int32_t>(us / 1000); }

enum RowFlag : uint8_t {
  kRowLost = 1,       // not written
  kRowTwice = 2,      // written twice
  kRowMalformed = 4,  // a garbage line stands in its place
  kRowFromUser = 8,
  kRowAnswered = 16,  // says whether the call failed
  kRowFailed = 32,
};

struct RowRecord {
  int32_t start_ms = 0;       // since the start of the data
  int32_t duration_ms = 0;
  uint32_t trace = 0;         // index into RowArena::traces
  uint32_t path_offset = 0;   // of the encoded path in RowArena::paths
  model::ServiceId caller = model::kNoService;
  model::ServiceId callee = model::kNoService;
  model::OperationId operation = model::kNoOperation;
  model::InstanceId caller_pod = model::kNoInstance;
  model::InstanceId callee_pod = model::kNoInstance;
  uint8_t path_size = 0;
  model::Kind kind = model::Kind::kUnknown;
  model::Side side = model::Side::kUnknown;
  uint8_t flags = 0;
};

struct RowTrace {
  model::TraceId id;
  model::OperationId online_service = model::kNoOperation;
  uint64_t index = 0;  // of the trace in the run
};

struct RowArena {
  std::vector<RowRecord> rows;
  std::vector<RowTrace> traces;
  std::string paths;

  void Clear() {
    rows.clear();
    traces.clear();
    paths.clear();
  }
};

}  // namespace plumbago::generate
