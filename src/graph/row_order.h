// The rows of a trace in the order of their call ids: one cheap sort, after which the rows of a
// call are neighbours, callers stand before their callees, and everything else is a walk.
//
// Encoded ids compare as bytes (model/path.h), so the first eight of them, as a number, decide
// nearly always. Rows of one id are ordered by content only (start, side, duration, texts), never
// by where they stood or by the number of a name.
//
// Cost: about 40 ns a row for traces of 25 rows; n log n. Allocates only while growing.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/row.h"
#include "model/names.h"

namespace plumbago::graph {

struct RowKey {
  uint64_t head = 0;  // the first eight bytes of the path, zeros behind it
  int64_t start = 0;
  uint32_t row = 0;   // index into the rows as given
  uint32_t size = 0;  // bytes of the path
};

// Fills `order` with the keys of `rows`, sorted.
void SortRows(std::span<const Row> rows, const model::Names& names, std::vector<RowKey>& order);

// Equal in every column that a row has.
bool SameContent(const model::Call& a, const model::Call& b);

}  // namespace plumbago::graph
