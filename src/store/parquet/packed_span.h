// A span on its way from the encoder to the stage: its row's numbers, its name, its details.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace plumbago::store {

struct PackedSpan {
  uint64_t trace_hi = 0, trace_lo = 0, span = 0, parent = 0;
  int64_t start_ns = 0, duration_ns = 0;
  double weight = 1;
  int32_t nested_left = 0, nested_right = 0, depth = 0;
  uint32_t from_store = 0;
  uint32_t name_bytes = 0, details_bytes = 0;  // which follow

  size_t bytes() const { return sizeof *this + name_bytes + details_bytes; }
};

}  // namespace plumbago::store
