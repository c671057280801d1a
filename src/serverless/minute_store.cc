#include "serverless/minute_store.h"

#include <algorithm>

#include "serverless/pack_minutes.h"

namespace plumbago::serverless {

model::MinuteSpan MinuteStore::Add(std::span<const model::FunctionRows::MinuteCount> counts) {
  model::MinuteSpan span;
  if (counts.empty()) return span;
  const size_t most = counts.size() * kMaxPairBytes;
  if (free_ < most) {
    free_ = std::max(most, kChunk);
    next_ = chunks_.emplace_back(std::make_unique_for_overwrite<char[]>(free_)).get();
  }
  char* at = next_;
  uint32_t last = 0;
  for (const auto& [minute, count] : counts) {
    const uint32_t gap = minute - last;
    last = minute;
    span.total += count;
    at = WritePair(at, gap, count);
  }
  const auto size = static_cast<size_t>(at - next_);
  span.bytes = {next_, size};
  span.active = static_cast<uint32_t>(counts.size());
  span.last = last;
  next_ = at;
  free_ -= size;
  return span;
}

}  // namespace plumbago::serverless
