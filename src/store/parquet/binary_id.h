// Ids as bytes, the highest first, as Parquet files hold them.
#pragma once

#include <string_view>

#include "formats/spans/span_ids.h"

namespace plumbago::store {

inline uint64_t BigEndianNumber(std::string_view bytes) {
  uint64_t number = 0;
  for (const char c : bytes) number = number << 8 | static_cast<uint8_t>(c);
  return number;
}
// Up to 8 bytes. False: more, none, or zero; then `id` is 0.
inline bool SpanIdOf(std::string_view bytes, uint64_t& id) {
  id = bytes.size() <= 8 ? BigEndianNumber(bytes) : 0;
  return id != 0;
}
// Up to 16 bytes. False: more, none, or zero.
inline bool TraceIdOf(std::string_view bytes, model::TraceId& id) {
  if (bytes.empty() || bytes.size() > 16) return false;
  const size_t high = bytes.size() > 8 ? bytes.size() - 8 : 0;
  id = formats::spans::MakeTraceId(BigEndianNumber(bytes.substr(0, high)),
                                   BigEndianNumber(bytes.substr(high)));
  return (id.hi | id.lo) != 0;
}

}  // namespace plumbago::store
