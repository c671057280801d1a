// One recorded row: what one side says of one call. The unit that every reader makes and everything
// else reads.
//
// A remote call usually has two rows, one written by the caller (client side) and one by the callee
// (server side); the graph room joins them. Which columns are filled depends on the source; an
// empty one has the value named here, and an analysis says what it needs.
//
// Rows stand whole, one after the other, and not column by column: each is partitioned by its trace
// at once and every consumer touches most of its fields (docs/design/0001).
#pragma once

#include <cstdint>
#include <limits>

#include "model/names.h"
#include "model/trace_id.h"

namespace plumbago::model {

inline constexpr int64_t kNoTime = std::numeric_limits<int64_t>::min();

// How the caller reached the callee.
enum class Kind : uint8_t {
  kUnknown,
  kRpc,
  kHttp,
  kMessage,   // mq: asynchronous
  kDatabase,  // db: the callee is stateful
  kCache,     // mc: the callee is stateful
  kInternal,  // in-process
  kOther,     // userDefined: home-made middleware
};
inline constexpr uint8_t kKinds = 8;
// "unknown", "rpc", "http", "message", "database", "cache", "internal", "other"
const char* KindName(Kind kind);
inline bool IsStateful(Kind kind) { return kind == Kind::kDatabase || kind == Kind::kCache; }
inline bool IsAsynchronous(Kind kind) { return kind == Kind::kMessage; }

// Who wrote the row.
enum class Side : uint8_t { kUnknown, kClient, kServer };

enum class Status : uint8_t { kUnset, kOk, kError };

// Where the row stood: the block of input (Blocks in the engine give file and line) and the line in
// it.
struct Origin {
  uint32_t block = 0;
  uint32_t line = 0;  // lines of the block before it, header lines counted
  friend bool operator==(const Origin&, const Origin&) = default;
};

// Ids that a row keeps at most; what stands behind them is left out.
inline constexpr size_t kMostAttributes = 128;

struct Call {
  TraceId trace;
  uint64_t span = 0;         // 0: linked by path
  uint64_t parent_span = 0;  // 0: none
  // Since 1970 where the source knows it, else since the start of its data.
  int64_t start_ns = kNoTime;
  // Never negative but for kNoTime; a sign in the source becomes `side`.
  int64_t duration_ns = kNoTime;
  ServiceId caller = kNoService;
  ServiceId callee = kNoService;
  OperationId operation = kNoOperation;
  // The online service that the trace belongs to, where the row names it (2022).
  OperationId entry = kNoOperation;
  InstanceId caller_instance = kNoInstance;
  InstanceId callee_instance = kNoInstance;
  Origin origin;
  uint32_t path_offset = 0;  // encoded path: bytes in the batch's `paths`
  uint16_t path_size = 0;    // 0: none
  // Of a span: bytes in the batch's `details` (formats/spans/span_details.h), in a run's rows the
  // address in its DetailsStore; size 0 where there are none or nobody wants them.
  uint64_t details_offset = 0;
  uint32_t details_size = 0;
  Kind kind = Kind::kUnknown;
  Side side = Side::kUnknown;
  Status status = Status::kUnset;
  bool from_user = false;   // written as the user (2022 "USER"); `caller` is kNoService
  bool from_store = false;  // of a store that may deliver a span more than once (docs/design/0015)
  uint8_t attributes = 0;  // of a span, where they are wanted: so many ids of CallBatch::attributes
  float weight = 1;        // 1 / probability of having been sampled
};

}  // namespace plumbago::model
