// For tests: random traces of spans with what is true of them, and damage to them.
//
// Truth: calls, each made by another, with the spans that a tracer writes of it: the server's, the
// client's around it, and work inside the caller's service between the two levels.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "graph/testing/span_rows.h"

namespace plumbago::graph::testing {

struct PlainSpan {
  uint64_t id = 0, parent = 0;
  std::string service, peer, operation;
  model::Side side = model::Side::kUnknown;
  model::Kind kind = model::Kind::kUnknown;
  int64_t start = 0, duration = 0;  // ns
  bool operator==(const PlainSpan&) const = default;
  int64_t end() const { return start + duration; }
};

inline model::Call RowOf(const PlainSpan& span, model::Names& names) {
  model::Call call;
  const bool client = span.side == model::Side::kClient;
  call.span = span.id;
  call.parent_span = span.parent;
  (client ? call.caller : call.callee) = names.Service(span.service);
  (client ? call.callee : call.caller) = names.Service(span.peer);
  call.operation = names.Operation(span.operation);
  call.side = span.side;
  call.kind = span.kind;
  call.start_ns = span.start;
  call.duration_ns = span.duration;
  return call;
}

inline void AddRows(const std::vector<PlainSpan>& spans, SpanRows& rows) {
  for (const PlainSpan& span : spans) rows.Add(RowOf(span, rows.names));
}

struct TrueCall {
  uint32_t parent = UINT32_MAX;
  std::string caller, callee;
  bool has_client = false, has_server = false;
  int64_t client_start = 0, client_end = 0;
  int64_t server_start = 0, server_end = 0;
};

struct TrueTrace {
  std::vector<TrueCall> calls;
  std::vector<PlainSpan> spans;
  uint32_t folded = 0;
  bool sequential = false;
};

// `marked`: spans tell their side. Without, every call has a client's span around it (which is how
// sides are inferred). `sequential`: a service does one thing at a time, and all is within its
// caller's time.
inline TrueTrace RandomTrace(std::mt19937_64& random, bool marked, bool sequential) {
  const auto below = [&](int64_t n) {
    return static_cast<int64_t>(random() % static_cast<uint64_t>(n));
  };
  TrueTrace trace;
  trace.sequential = sequential;
  struct Open {  // a span of a service at work, below which calls may be made
    uint32_t call;
    uint64_t span;
    std::string service;
    int64_t start, end;
  };
  std::vector<Open> open;
  const auto add = [&](uint64_t parent, std::string service, model::Side side, model::Kind kind,
                       int64_t start, int64_t end, std::string peer = {}) {
    PlainSpan span{random() | 1,
                   parent,
                   std::move(service),
                   std::move(peer),
                   {},
                   marked ? side : model::Side::kUnknown,
                   marked ? kind : model::Kind::kUnknown,
                   start,
                   end - start};
    trace.spans.push_back(span);
    return span.id;
  };
  using model::Kind;
  using model::Side;
  TrueCall entry;
  entry.callee = "S0";
  entry.has_server = true;
  entry.server_end = 1000 + below(5000);
  trace.calls.push_back(entry);
  open.push_back({0, add(0, "S0", Side::kServer, Kind::kHttp, 0, entry.server_end), "S0", 0,
                  entry.server_end});
  const int64_t steps = below(25);
  for (int64_t i = 0; i < steps; ++i) {
    const size_t at = static_cast<size_t>(below(static_cast<int64_t>(open.size())));
    Open& from = open[at];
    if (from.end - from.start < 12) continue;
    const int64_t start = from.start + 1 + below(5);
    int64_t end = start + 4 + below(std::max<int64_t>(1, from.end - start - 5));
    end = std::min(end, from.end - 1);
    const Open parent = from;
    if (sequential) from.start = end;
    if (marked && below(3) == 0) {  // work inside
      ++trace.folded;
      open.push_back({parent.call,
                      add(parent.span, parent.service, Side::kUnknown, Kind::kInternal, start, end),
                      parent.service, start, end});
      continue;
    }
    TrueCall call;
    call.parent = parent.call;
    call.caller = parent.service;
    call.callee = "S" + std::to_string(below(4));
    const bool self = call.callee == call.caller;
    if (self && !marked) continue;
    if (marked && below(4) == 0) {
      // To a database, which writes no spans; or to a service whose caller writes none.
      if (below(2) == 0 || sequential) {
        call.callee = "db";
        call.has_client = true;
        call.client_start = start;
        call.client_end = end;
        add(parent.span, parent.service, Side::kClient, Kind::kDatabase, start, end, "db");
      } else {
        call.has_server = true;
        call.server_start = start;
        call.server_end = end;
        open.push_back({static_cast<uint32_t>(trace.calls.size()),
                        add(parent.span, call.callee, Side::kServer, Kind::kRpc, start, end),
                        call.callee, start, end});
      }
      trace.calls.push_back(call);
      continue;
    }
    uint64_t above = parent.span;
    if (!marked && below(2) == 0) {  // work inside, around the client's span
      above = add(above, parent.service, Side::kUnknown, Kind::kInternal, start, end);
      ++trace.folded;
    }
    call.has_client = call.has_server = true;
    call.client_start = start;
    call.client_end = end;
    const uint64_t client = add(above, parent.service, Side::kClient, Kind::kRpc, start, end);
    const bool zipkin = marked && below(3) == 0;
    call.server_start = start + 1;
    call.server_end = end - 1;
    uint64_t server = add(client, call.callee, Side::kServer, Kind::kRpc, start + 1, end - 1);
    if (zipkin) {
      trace.spans.back().id = server = client;
      trace.spans.back().parent = above;
    }
    open.push_back(
        {static_cast<uint32_t>(trace.calls.size()), server, call.callee, start + 1, end - 1});
    trace.calls.push_back(call);
  }
  return trace;
}

// Rows lost, said twice, ids and parents taken from other spans, names lost or wrong; consumers of
// queues, which are no damage.
inline void DamageSpans(std::mt19937_64& random, std::vector<PlainSpan>& spans) {
  for (uint64_t i = random() % 5; i-- > 0;) {
    const size_t at = random() % spans.size();
    const size_t other = random() % spans.size();
    switch (random() % 10) {
      case 0:
      case 1:
        if (spans.size() > 1) spans.erase(spans.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      case 2:
        spans.push_back(spans[at]);
        break;
      case 3:
        spans[at].id = spans[other].id;
        break;
      case 4:
        spans[at].parent = spans[other].id;
        break;
      case 5:
        spans[at].service.clear();
        break;
      case 6:
        spans[at].peer = "S" + std::to_string(random() % 6);
        break;
      case 7:
      case 8:  // a consumer, which may name its queue
        spans[at].side = model::Side::kServer;
        spans[at].kind = model::Kind::kMessage;
        if (random() % 4 != 0) spans[at].peer = "Q" + std::to_string(random() % 2);
        break;
      default:
        spans[at].parent = random() % 3;  // none, or lost and maybe shared
        break;
    }
  }
}

}  // namespace plumbago::graph::testing
