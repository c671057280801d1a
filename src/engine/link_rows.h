// Span links on their way to the trace that they lead to: as rows of that trace with a side of
// their own, so that they are partitioned, spilled, split, translated, put on the right clock, and
// kept in states like all its rows (docs/design/0016-links.md).
//
//   row                   link
//   trace, span           that it leads to
//   parent_span           the span that it is of
//   start, callee, callee_instance, operation, origin    of that span
//   path                  that span's trace: hi, lo, form; then whether it repeats the parent
//
// Whoever visits traces is not shown them among the rows (TraceVisitor::VisitLinked).
#pragma once

#include <array>
#include <cstddef>

#include "graph/row.h"
#include "model/call.h"
#include "model/path.h"
#include "model/span_link.h"

namespace plumbago::engine {

// Beyond those that a reader gives; fits the two bits that it has in packed rows and in states.
inline constexpr auto kLinkSide = static_cast<model::Side>(3);
inline constexpr size_t kLinkPathBytes = 8 + 8 + 1 + 1;
using LinkPath = std::array<char, kLinkPathBytes>;

void LinkToRow(const model::SpanLink& link, model::Call& call, LinkPath& path);

// Of a row with that side. False: its path is none of a link's (a state that was tampered with).
[[nodiscard]] bool RowToLink(const model::Call& call, model::PathView path, model::SpanLink& link);

}  // namespace plumbago::engine
