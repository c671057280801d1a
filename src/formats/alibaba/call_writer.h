// Trace ids and paths as text, written in place: the two fields of a row that are not kept as text.
#pragma once

#include <cstdint>

#include "formats/csv/row_writer.h"
#include "model/path.h"
#include "model/trace_id.h"

namespace plumbago::formats::alibaba {

// Most bytes that WritePath writes: the longest code of a path, each byte a number of three digits
// and a dot, or text in quotes.
inline constexpr size_t kPathBound = 4 * model::kMaxPathBytes + 2;
// Most bytes of WriteTrace for ids in a known form (kHashed: TextBound of its text).
inline constexpr size_t kTraceBound = 32;

// model::PathText(path), without a string in between for numbers.
void WritePath(model::PathView path, csv::RowWriter& writer);
// trace.Text(), likewise. Not for kHashed.
void WriteTrace(const model::TraceId& trace, csv::RowWriter& writer);

}  // namespace plumbago::formats::alibaba
