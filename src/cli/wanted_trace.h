// --trace ID: one trace among many.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "graph/repair_mode.h"
#include "model/trace_id.h"

namespace plumbago::cli {

// What the text may mean: as it stands, and as formats of spans read it, with zeros in front.
std::vector<model::TraceId> TraceIdsOf(std::string_view text);
// For people: ids of 64 bits stand without the zeros in front.
std::string ShortText(const model::TraceId& id);
// kBadInput. `dropped`: traces that the repair mode left out.
tl::unexpected<Error> NoSuchTrace(std::string_view text, uint64_t traces, uint64_t dropped,
                                  graph::RepairMode mode);

}  // namespace plumbago::cli
