// The rows of a trace in the order of their call ids: one cheap sort, after which the rows of a
// call are neighbours, callers stand before their callees, and everything else is a walk.
//
// Encoded ids compare as bytes (model/path.h), so the first sixteen of them, as a number, decide
// nearly always. Rows of one id are ordered by content only (start, side, duration, texts), never
// by where they stood or by the number of a name.
//
// Rows that come in the order of time are nearly sorted: a caller's begins before its callees', and
// most callees are called one after the other (in generated data one row in 13 stands before the
// one before it). So rows are inserted; where that moves too many, the rest is sorted at once.
//
// Cost: about 20 ns a row in the order of time; n log n. Allocates only while growing.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/row.h"
#include "model/names.h"

namespace plumbago::graph {

struct RowKey {
  static constexpr size_t kHeadBytes = 16;
  // The first bytes of the path as one number, zeros behind it.
  uint64_t high = 0;
  uint64_t low = 0;
  uint32_t row = 0;   // index into the rows as given
  uint32_t size = 0;  // bytes of the path
};

// Keys of the rows `rows`: the same path?
inline bool SamePath(std::span<const Row> rows, const RowKey& a, const RowKey& b) {
  if (a.high != b.high || a.low != b.low || a.size != b.size) return false;
  return a.size <= RowKey::kHeadBytes || rows[a.row].path == rows[b.row].path;
}

// `a` and `b` as in model::IsAncestor.
inline bool IsAncestor(std::span<const Row> rows, const RowKey& a, const RowKey& b) {
  if (a.size >= b.size) return false;
  if (a.size <= 8) return a.size == 0 || (a.high ^ b.high) >> (64 - 8 * a.size) == 0;
  if (a.high != b.high) return false;
  if (a.size <= 16) return (a.low ^ b.low) >> (128 - 8 * a.size) == 0;
  return model::IsAncestor(rows[a.row].path, rows[b.row].path);
}

// Fills `order` with the keys of `rows`, sorted.
void SortRows(std::span<const Row> rows, const model::Names& names, std::vector<RowKey>& order);

// Equal in every column that a row has.
bool SameContent(const model::Call& a, const model::Call& b);

}  // namespace plumbago::graph
