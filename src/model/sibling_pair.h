// Two calls of one caller, and whether they overlapped, as a source has judged it. Published tables
// of sibling calls consist of these: a verdict, and no times that one could judge by oneself.
#pragma once

#include <cstdint>
#include <string_view>

#include "model/call.h"
#include "model/names.h"
#include "model/trace_id.h"

namespace plumbago::model {

struct SiblingPair {
  // Which call of which trace made both: SiblingCaller. The same in every table of the same calls.
  uint64_t caller_call = 0;
  ServiceId caller = kNoService;
  bool overlap = false;
  Origin origin;
};

// A hash of a trace and a call in it (its path or span id as text). The top 16 bits are the
// trace's: who groups callers by them groups by trace.
uint64_t SiblingCaller(const TraceId& trace, std::string_view call);

}  // namespace plumbago::model
