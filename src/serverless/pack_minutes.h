// The pairs of model::MinuteSeries, written where there is room.
#pragma once

#include <cstddef>
#include <cstdint>

namespace plumbago::serverless {

// Of a gap of 32 bits and a count of 64.
inline constexpr size_t kMaxPairBytes = 15;

// As AppendVarint does; returns where it ends.
inline char* WriteVarint(char* out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) *out++ = static_cast<char>(static_cast<uint8_t>(value) | 0x80);
  *out++ = static_cast<char>(value);
  return out;
}

// `gap`: minutes since the last pair.
inline char* WritePair(char* out, uint32_t gap, uint64_t count) {
  if ((gap | count) < 0x80) [[likely]] {
    out[0] = static_cast<char>(gap);
    out[1] = static_cast<char>(count);
    return out + 2;
  }
  return WriteVarint(WriteVarint(out, gap), count);
}

}  // namespace plumbago::serverless
