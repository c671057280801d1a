#include "engine/link_ends.h"

#include <algorithm>
#include <tuple>

#include "engine/link_rows.h"

namespace plumbago::engine {
namespace {

using model::Call;
using model::kNoTime;
using model::Side;
using model::SpanLink;

// All that tells two links apart.
auto Same(const SpanLink& link) {
  return std::tuple(link.target_span, link.from, link.from_span, link.service, link.operation,
                    link.repeats_parent);
}
// A start that is not known is the last choice.
auto Order(const SpanLink& link) {
  return std::tuple_cat(Same(link), std::tuple(link.start_ns == kNoTime, link.start_ns));
}

// The first of the rows of one id.
auto Rank(const Call& call) {
  return std::tuple(call.side != Side::kClient, call.start_ns == kNoTime, call.start_ns,
                    -std::max<int64_t>(call.duration_ns, -1), call.caller, call.callee,
                    call.operation, call.side);
}

model::ServiceId WriterOf(const Call& call) {
  return model::ClientWrote(call) ? call.caller : call.callee;
}

}  // namespace

graph::TraceLinks LinkEnds::Find(const model::TraceId& trace, std::span<const graph::Row> rows,
                                 std::span<const graph::Row> links) {
  read_.clear();
  for (const graph::Row& row : links) {
    SpanLink link;
    if (RowToLink(*row.call, row.path, link)) read_.push_back(link);
  }
  std::sort(read_.begin(), read_.end(),
            [](const SpanLink& a, const SpanLink& b) { return Order(a) < Order(b); });
  read_.erase(std::unique(read_.begin(), read_.end(),
                          [](const SpanLink& a, const SpanLink& b) { return Same(a) == Same(b); }),
              read_.end());

  targets_.clear();
  for (const SpanLink& link : read_) {
    if (targets_.empty() || targets_.back().span != link.target_span)
      targets_.push_back({link.target_span, nullptr});
  }
  const auto before = [](const Target& target, uint64_t span) { return target.span < span; };
  for (const graph::Row& row : rows) {
    const Call& call = *row.call;
    if (call.span == 0) continue;
    const auto at = std::lower_bound(targets_.begin(), targets_.end(), call.span, before);
    if (at == targets_.end() || at->span != call.span) continue;
    if (at->row == nullptr || Rank(call) < Rank(*at->row)) at->row = &call;
  }

  links_.clear();
  size_t at = 0;
  for (const SpanLink& link : read_) {
    while (targets_[at].span != link.target_span) ++at;
    graph::TraceLink& out = links_.emplace_back();
    out.from_trace_hash = link.from.Hash();
    out.from_service = link.service;
    out.from_operation = link.operation;
    out.from_start_ns = link.start_ns;
    out.same_trace = link.from == trace;
    out.repeats_parent = link.repeats_parent;
    const Call* row = targets_[at].row;
    if (row == nullptr) continue;
    out.found = true;
    out.target_service = WriterOf(*row);
    out.target_operation = row->operation;
    out.target = {row->start_ns, row->duration_ns};
  }
  return {trace, !rows.empty(), links_};
}

void LinkEnds::Release() {
  std::vector<SpanLink>().swap(read_);
  std::vector<Target>().swap(targets_);
  std::vector<graph::TraceLink>().swap(links_);
}

}  // namespace plumbago::engine
