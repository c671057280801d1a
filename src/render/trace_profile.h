// Single traces as programs for traces and profiles are given them (speedscope, Chrome's trace
// format): spans with names and times.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plumbago::render {

struct ProfileSpan {
  uint32_t parent = 0xFFFFFFFFu;  // index; none: a root
  std::string_view service;       // empty: not known
  std::string_view operation;
  std::string_view kind;
  std::string_view status;  // "ok", "error", "unset"
  uint64_t id = 0;          // 0: none
  bool timed = false;
  bool error = false;
  bool inserted = false;      // no row of it exists
  bool asynchronous = false;  // nobody waits for it
  int64_t start_ns = 0;       // since the trace's start
  int64_t end_ns = 0;
  // The same, within the time of the span above where that waited for it.
  int64_t window_start_ns = 0;
  int64_t window_end_ns = 0;
  int64_t path_ns = 0;  // on the critical path
};

struct ProfileTrace {
  std::string id;
  int64_t start_ns = 0;  // since 1970, where the source knows it
  int64_t duration_ns = 0;
  std::vector<ProfileSpan> spans;  // preorder
};

// Microseconds with as many decimals as the nanoseconds need: "12.05".
std::string Microseconds(int64_t ns);

}  // namespace plumbago::render
