// For tests: a small call tree and one trace, with names that need escaping.
#pragma once

#include <string>
#include <string_view>

#include "render/call_tree.h"
#include "render/trace_profile.h"

namespace plumbago::render {

inline CallTree MadeTree() {
  CallTree tree;
  tree.time_name = "own time";
  tree.nodes = {{kNoNode, "shop", "GET /a; b 7", false, 2'000'400, 2},
                {0, "cart", "get", false, 0, 4},
                {1, "base", "say \"x\"\n", false, 1'500, 4},
                {1, "", "", true, 499, 9},
                {0, "shop", "GET /a; b 7", false, 3'000'000, 1},
                {kNoNode, "\xFFmail", "", false, 9'000'000, 1}};
  return tree;
}

inline ProfileSpan MadeSpan(uint32_t parent, std::string_view service, std::string_view operation,
                            int64_t start_ns, int64_t end_ns) {
  ProfileSpan span;
  span.parent = parent;
  span.service = service;
  span.operation = operation;
  span.kind = "rpc";
  span.status = "unset";
  span.id = 0xA0 + static_cast<uint64_t>(start_ns % 7);
  span.timed = true;
  span.start_ns = span.window_start_ns = start_ns;
  span.end_ns = span.window_end_ns = end_ns;
  return span;
}

// shop calls cart and base side by side; mail is asynchronous and outlives all.
inline ProfileTrace MadeTrace() {
  ProfileTrace trace;
  trace.id = "00000000000000ab";
  trace.start_ns = 1'600'000'000'000'000'000;
  trace.duration_ns = 250'000;
  trace.spans = {
      MadeSpan(kNoNode, "shop", "GET", 0, 100'000), MadeSpan(0, "cart", "get", 10'000, 50'005),
      MadeSpan(1, "cart", "check", 20'000, 30'000), MadeSpan(0, "base", "query", 30'000, 60'000),
      MadeSpan(0, "cart", "put", 40'000, 70'000),   MadeSpan(0, "mail", "send", 90'000, 250'000)};
  trace.spans[3].error = true;
  trace.spans[3].status = "error";
  trace.spans[5].asynchronous = true;
  ProfileSpan untimed = MadeSpan(0, "lost", "", 0, 0);
  untimed.timed = false;
  trace.spans.push_back(untimed);
  return trace;
}

}  // namespace plumbago::render
