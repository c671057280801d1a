// Rows of traces that are still open, as bytes: the fragments in a saved state.
//
// A piece holds traces one after another, each with its id and its rows, in an order that their
// content decides, so that the same rows are the same bytes. A trace of more than kMostUnit bytes
// is written as if it were several:
//
//   trace     form (1 byte), then hi and lo (8 bytes each), or for an id of another form its text
//   row       kind | side (3: a span link, link_rows.h) | status | from_user (1 byte, as in
//   packed_row), parts and whether
//             it is the last (1 byte), then start (less the row's before; in ms or ns), duration,
//             caller, callee, operation, origin (file, line less the row's before), size of the
//             path, path, optional parts; of a span how many attributes, and their ids
//
// Numbers are varints (statistics/state_bytes.h). About 25 bytes a row of the 2021 release, half of
// it after compression. Files are numbered by the list in the state; line 0: not known.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/format.h"
#include "graph/row.h"
#include "model/call_batch.h"
#include "model/trace_id.h"
#include "statistics/id_maps.h"

namespace plumbago::engine {

// File (its number) and line of a row.
struct SavedPlace {
  uint32_t file = 0;
  uint32_t line = 0;
};
using PlaceOf = std::function<SavedPlace(const model::Origin& origin)>;

inline constexpr size_t kMostUnit = 128u << 10;

// Appends one trace; where each unit of it ends in `out` goes to `ends`. `scratch` is reused from
// call to call.
void AppendOpenTrace(const model::TraceId& trace, std::span<const graph::Row> rows,
                     const PlaceOf& place_of, std::vector<uint32_t>& scratch, std::string& out,
                     std::vector<size_t>& ends);

// Hands all rows of a piece to `sink`, with ids as `maps` says and origins of saved files: number
// `first_file` and up (Places). False: the bytes make no sense (rows before that were handed out).
[[nodiscard]] bool ReadOpenRows(std::string_view piece, const statistics::IdMaps& maps,
                                std::span<const uint32_t> files, formats::BatchSink& sink);

}  // namespace plumbago::engine
