// Which callees of one caller run side by side: the truth that the parallelism analysis is held
// against.
//
// A stack: callees of all calls that are being made, innermost last. Pairs whose rows overlap by a
// millisecond at most are undecided, since rows tell whole milliseconds. Reuses its memory; costs
// the pairs that do overlap.
#pragma once

#include <cstdint>
#include <vector>

#include "generate/system.h"
#include "generate/truth.h"

namespace plumbago::generate {

class SiblingOverlaps {
 public:
  size_t size() const { return siblings_.size(); }
  // A callee's time as its caller's clock shows it.
  void Add(int64_t start_us, int64_t end_us, bool rpc) {
    siblings_.push_back({start_us, end_us, rpc});
  }
  // Counts those from `mark` on, the callees of one call made by that plan. Returns the
  // milliseconds in which at least one of them was at work.
  int32_t Count(size_t mark, Plan plan, Counts& counts);
  // Forgets those from `mark` on.
  void Cut(size_t mark) { siblings_.resize(mark); }

 private:
  struct Sibling {
    int64_t start_us = 0;
    int64_t end_us = 0;
    bool rpc = false;
  };
  struct Active {
    int64_t end_us = 0;
    int32_t start_ms = 0;
    int32_t end_ms = 0;
  };
  std::vector<Sibling> siblings_;
  std::vector<Active> active_;
  std::vector<int32_t> rpc_ends_;
};

}  // namespace plumbago::generate
