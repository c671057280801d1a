// For tests: trees of TraceSpans, random or from a plain list.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "graph/call_graph.h"
#include "model/names.h"

namespace plumbago::graph::testing {

struct ListedSpan {
  std::string id, parent;  // parent: "" for a root
  std::string service, operation;
  int64_t start = 0, end = 0;
  model::Kind kind = model::Kind::kUnknown;
  model::Side side = model::Side::kUnknown;
  bool error = false;
};

struct SpanList {
  model::Names names;
  std::vector<TraceSpan> spans;  // preorder; those below an unknown parent are left out
  std::vector<std::string> ids;  // by span
  uint32_t at(std::string_view id) const {
    return static_cast<uint32_t>(std::find(ids.begin(), ids.end(), id) - ids.begin());
  }
};

// Roots in the order of the list, siblings by start.
inline void MakeSpans(const std::vector<ListedSpan>& listed, SpanList& out) {
  std::multimap<std::string, const ListedSpan*> below;
  for (const ListedSpan& span : listed) below.emplace(span.parent, &span);
  struct Open {
    const ListedSpan* span;
    uint32_t parent;
  };
  std::vector<Open> open;
  const auto push = [&](const std::string& id, uint32_t parent) {
    std::vector<const ListedSpan*> children;
    const auto [begin, end] = below.equal_range(id);
    for (auto i = begin; i != end; ++i) children.push_back(i->second);
    if (parent != kNone) {
      std::stable_sort(
          children.begin(), children.end(),
          [](const ListedSpan* a, const ListedSpan* b) { return a->start < b->start; });
    }
    for (size_t i = children.size(); i-- > 0;) open.push_back({children[i], parent});
  };
  push("", kNone);
  while (!open.empty()) {
    const Open at = open.back();
    open.pop_back();
    const auto self = static_cast<uint32_t>(out.spans.size());
    TraceSpan& span = out.spans.emplace_back();
    span.parent = at.parent;
    span.subtree_end = self + 1;
    span.service = out.names.Service(at.span->service);
    span.operation = out.names.Operation(at.span->operation);
    span.start_ns = at.span->start;
    span.duration_ns = at.span->end - at.span->start;
    span.id = self + 1;
    span.kind = at.span->kind;
    span.side = at.span->side;
    span.status = at.span->error ? model::Status::kError : model::Status::kUnset;
    out.ids.push_back(at.span->id);
    push(at.span->id, self);
  }
  for (uint32_t i = static_cast<uint32_t>(out.spans.size()); i-- > 0;) {
    if (out.spans[i].parent == kNone) continue;
    uint32_t& end = out.spans[out.spans[i].parent].subtree_end;
    end = std::max(end, out.spans[i].subtree_end);
  }
}

// Short times, so that ends meet and spans are empty often. `wild`: children stick out of their
// parents, lie beside them, and some have no time.
inline void RandomSpans(std::mt19937_64& random, bool wild, SpanList& out) {
  const auto below = [&](int64_t n) {
    return static_cast<int64_t>(random() % static_cast<uint64_t>(n));
  };
  std::vector<ListedSpan> listed;
  const int64_t count = 1 + below(25);
  for (int64_t i = 0; i < count; ++i) {
    ListedSpan span;
    span.id = std::to_string(i);
    span.service = "S" + std::to_string(below(3));
    span.operation = "O" + std::to_string(below(2));
    if (i == 0 || (wild && below(30) == 0)) {
      span.start = below(20);
      span.end = span.start + below(60);
    } else {
      const ListedSpan& parent = listed[static_cast<size_t>(below(i))];
      span.parent = parent.id;
      const int64_t length = parent.end - parent.start;
      if (wild) {
        span.start = parent.start - 4 + below(length + 8);
        span.end = span.start + below(length / 2 + 6);
        if (below(12) == 0) {
          span.kind = model::Kind::kMessage;
          span.side = below(2) == 0 ? model::Side::kClient : model::Side::kServer;
        }
      } else {
        span.start = parent.start + below(length + 1);
        span.end = span.start + below(std::min<int64_t>(parent.end - span.start, 12) + 1);
      }
    }
    listed.push_back(span);
  }
  MakeSpans(listed, out);
  if (!wild) return;
  for (TraceSpan& span : out.spans) {
    if (below(40) == 0) span.duration_ns = model::kNoTime;
  }
}

}  // namespace plumbago::graph::testing
