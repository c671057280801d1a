// What a search for traces found, as text and as JSON.
#pragma once

#include <string>

#include "engine/trace_search.h"

namespace plumbago::cli {

// A line on what was read, then a table or the trace that was asked for; `width` columns.
std::string FoundTracesText(const engine::TraceSearch& search,
                            const engine::TraceSearchOptions& options, size_t most_spans, int width,
                            bool colour);
// One object on one line:
//   schema, traces, matched, damage{kind: count}, found[], shown (null or an object)
// found[]: trace, service, operation, start_ns, duration_ns, spans, calls, services, errors,
// of_entry, of_form, slower_than, surprise_bits; shown: the same and spans[].
std::string FoundTracesJson(const engine::TraceSearch& search,
                            const engine::TraceSearchOptions& options, size_t most_spans);

}  // namespace plumbago::cli
