// Groups the packed rows of one partition by trace.
//
// Two passes: the first finds each row's trace in a hash table and counts, the second puts the
// rows' addresses trace by trace (a counting sort), so nothing is compared twice and no list is
// chased. Memory is kept from partition to partition. One object a thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "model/trace_id.h"

namespace plumbago::engine {

class TraceGroups {
 public:
  // Groups the rows in `pieces`, whole packed ones in each, which must stay as they are until the
  // next Load.
  void Load(std::span<const std::string_view> pieces);

  size_t traces() const { return traces_.size(); }
  const model::TraceId& trace(size_t i) const { return traces_[i].id; }
  // The packed rows of a trace.
  std::span<const char* const> rows(size_t i) const {
    return std::span(rows_).subspan(traces_[i].begin, traces_[i].count);
  }

 private:
  struct Trace {
    model::TraceId id;
    uint32_t begin = 0;
    uint32_t count = 0;
  };
  uint32_t Find(const model::TraceId& id);
  void Grow();

  std::vector<Trace> traces_;
  std::vector<uint32_t> slots_;     // index into traces_ + 1; 0: free
  std::vector<uint32_t> trace_of_;  // of each row in reading order
  std::vector<const char*> read_;
  std::vector<const char*> rows_;
};

}  // namespace plumbago::engine
