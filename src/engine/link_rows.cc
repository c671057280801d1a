#include "engine/link_rows.h"

#include "engine/packed_bytes.h"

namespace plumbago::engine {

void LinkToRow(const model::SpanLink& link, model::Call& call, LinkPath& path) {
  call = {};
  call.trace = link.target;
  call.span = link.target_span;
  call.parent_span = link.from_span;
  call.start_ns = link.start_ns;
  call.callee = link.service;
  call.callee_instance = link.instance;
  call.operation = link.operation;
  call.origin = link.origin;
  call.side = kLinkSide;
  char* out = path.data();
  Put(out, link.from.hi);
  Put(out, link.from.lo);
  Put(out, link.from.form);
  Put(out, static_cast<uint8_t>(link.repeats_parent));
}

bool RowToLink(const model::Call& call, model::PathView path, model::SpanLink& link) {
  if (path.size() != kLinkPathBytes) return false;
  link = {};
  link.target = call.trace;
  link.target_span = call.span;
  link.from_span = call.parent_span;
  link.start_ns = call.start_ns;
  link.service = call.callee;
  link.instance = call.callee_instance;
  link.operation = call.operation;
  link.origin = call.origin;
  const char* in = path.data();
  uint8_t form = 0, repeats = 0;
  Get(in, link.from.hi);
  Get(in, link.from.lo);
  Get(in, form);
  Get(in, repeats);
  link.from.form = static_cast<model::TraceForm>(form);
  link.repeats_parent = repeats != 0;
  return form <= 3 && repeats <= 1;
}

}  // namespace plumbago::engine
