#include "engine/trace_groups.h"

#include <algorithm>

#include "engine/packed_row.h"

namespace plumbago::engine {

void TraceGroups::Grow() {
  slots_.assign(std::max<size_t>(1024, slots_.size() * 2), 0);
  const size_t mask = slots_.size() - 1;
  for (uint32_t i = 0; i < traces_.size(); ++i) {
    size_t slot = traces_[i].id.Hash() & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = i + 1;
  }
}

uint32_t TraceGroups::Find(const model::TraceId& id) {
  if (traces_.size() * 2 >= slots_.size()) Grow();
  const size_t mask = slots_.size() - 1;
  size_t slot = id.Hash() & mask;
  while (slots_[slot] != 0) {
    const uint32_t i = slots_[slot] - 1;
    if (traces_[i].id == id) return i;
    slot = (slot + 1) & mask;
  }
  traces_.push_back({id, 0, 0});
  slots_[slot] = static_cast<uint32_t>(traces_.size());
  return static_cast<uint32_t>(traces_.size() - 1);
}

void TraceGroups::Load(std::span<const std::string_view> pieces) {
  traces_.clear();
  trace_of_.clear();
  read_.clear();
  std::fill(slots_.begin(), slots_.end(), 0u);

  for (const std::string_view piece : pieces) {
    const char* in = piece.data();
    const char* const end = in + piece.size();
    while (in != end) {
      const uint32_t trace = Find(PackedTrace(in));
      ++traces_[trace].count;
      trace_of_.push_back(trace);
      read_.push_back(in);
      in += PackedSize(in);
    }
  }

  uint32_t begin = 0;
  for (Trace& trace : traces_) {
    trace.begin = begin;
    begin += trace.count;
    trace.count = 0;
  }
  rows_.resize(read_.size());
  for (size_t i = 0; i < read_.size(); ++i) {
    Trace& trace = traces_[trace_of_[i]];
    rows_[trace.begin + trace.count++] = read_[i];
  }
}

}  // namespace plumbago::engine
