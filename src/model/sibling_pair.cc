#include "model/sibling_pair.h"

namespace plumbago::model {

uint64_t SiblingCaller(const TraceId& trace, std::string_view call) {
  constexpr uint64_t kTraceBits = 0xFFFFull << 48;
  const uint64_t of_trace = trace.Hash();
  uint64_t hash = (NameTable::HashText(call) ^ of_trace) * 0x9E3779B97F4A7C15ull;
  hash ^= hash >> 32;
  return (of_trace & kTraceBits) | (hash & ~kTraceBits);
}

}  // namespace plumbago::model
