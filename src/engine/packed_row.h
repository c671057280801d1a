// A row as it waits for the other rows of its trace: as few bytes as hold it exactly.
//
//   offset  bytes
//        0     16  trace id
//       16      8  start, ns
//       24      8  duration, ns
//       32     12  caller, callee, operation
//       44      8  origin: block, line
//       52      1  kind (low 3 bits), side (2 bits), status (2 bits), from_user (1 bit)
//       53      1  form of the trace id (2 bits), then which optional parts follow (kHas...)
//       54      2  size of the path
//       56      -  the path's bytes, then the optional parts in the order of their bits; the last
//       is a
//                  list: how many attributes, 4 bytes each
//
// A row of the 2021 release takes about 61 bytes, a fifth of its text. Unaligned; read with memcpy.
// Side 3 is a span link (link_rows.h). This layout is also what spill files hold, so it never
// changes its meaning within a run.
#pragma once

#include <cstdint>
#include <cstring>

#include "model/call.h"
#include "model/path.h"

namespace plumbago::engine {

inline constexpr size_t kPackedFixed = 56;
inline constexpr size_t kPackedOptional = 12 + 16 + 4 + 12 + 1;
inline constexpr size_t kPackedAttributes = model::kMostAttributes * sizeof(model::AttributeId);
inline constexpr size_t kPackedMost =
    kPackedFixed + model::kMaxPathBytes + kPackedOptional + kPackedAttributes;

// Writes `call` to `out`, which has at least kPackedMost bytes; `attributes`: call.attributes of
// them. Returns the bytes written.
size_t PackRow(const model::Call& call, model::PathView path, char* out,
               const model::AttributeId* attributes = nullptr);

// Reads a row; `path` points into `in`. Returns the bytes read, of which the attributes are the
// last.
size_t UnpackRow(const char* in, model::Call& call, model::PathView& path);

// The parts that grouping needs, without unpacking the rest.
size_t PackedSize(const char* in);
model::TraceId PackedTrace(const char* in);
model::Origin PackedOrigin(const char* in);
// A span link to this row's trace (link_rows.h).
inline bool PackedIsLink(const char* in) { return (static_cast<uint8_t>(in[52]) >> 3 & 3) == 3; }

}  // namespace plumbago::engine
