// Joins the rows of one call id into calls. Usually that is one or two rows of one call: the
// caller's record and the callee's. Where contexts were not passed on, an id holds the rows of
// several calls, and this tells them apart.
//
// Two rows are one call if nothing that both say differs (kind, callee, operation, instances,
// caller), if a second record is expected at all (a cache, a database and a queue write none), and
// if the times fit: the callee's time lies within the caller's where sides are marked, and both are
// about equal where they are not. Of several partners the nearest in time wins. Two records that
// differ in nothing but the caller's name or instance are still one call: the callee's side knows
// its caller from the context only, and that may be wrong.
//
// Rows equal in every column are joined first. Beyond what two sides may say they are duplicates:
// with marked sides each repeat; without, the third of two expected records, the second of one.
//
// Cost: n log n for n rows of one id: a row looks at the 32 calls before it in the order of their
// content only.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/draft_call.h"
#include "graph/row.h"
#include "graph/row_order.h"
#include "model/names.h"

namespace plumbago::graph {

// What is wrong with a row. Bits.
enum RowMark : uint8_t {
  kRowDuplicate = 1,
  kRowUnknownName = 2,
  kRowSign = 4,
  kRowShared = 8,
  kRowConflict = 16,
  kRowOrphan = 32,
};

// The calls that rows became, and which row became which.
struct JoinedRows {
  std::vector<DraftCall> drafts;
  std::vector<uint32_t> draft_of_row;  // by row as given
  std::vector<uint8_t> marks;          // RowMark, by row as given
};

class RowJoiner {
 public:
  explicit RowJoiner(const model::Names& names) : names_(names) {}

  // Appends the calls of `run` (rows of one id, in the order of SortRows) to `out`, earliest first.
  void Join(std::span<const Row> rows, std::span<const RowKey> run, JoinedRows& out);

  // A call of one row, or of two that are a CertainPair: no look at anything else.
  static void Single(const model::Call& call, model::PathView path, uint32_t row, DraftCall& draft);
  static bool CertainPair(const model::Call& a, const model::Call& b);
  static void Pair(const model::Call& a, const model::Call& b, model::PathView path, uint32_t row,
                   DraftCall& draft);
  // Adds a record to a call whatever it says: for the modes that take ids at their word.
  static void Extend(const model::Call& call, uint32_t row, DraftCall& draft);

 private:
  struct Unit {  // rows that are equal in every column
    const model::Call* call = nullptr;
    uint32_t begin = 0, end = 0;  // in the run
    uint32_t joining = 0;
  };
  struct Joining {  // a call that is being put together
    const model::Call* first = nullptr;
    const model::Call* second = nullptr;
    uint32_t units = 0;
    DraftCall draft;
  };

  bool UnitBefore(const Unit& a, const Unit& b) const;
  void MarkDuplicates(std::span<const RowKey> run, JoinedRows& out) const;

  const model::Names& names_;
  std::vector<Unit> units_;
  std::vector<Joining> joinings_;
  std::vector<uint32_t> by_start_;
  std::vector<uint32_t> place_;
};

}  // namespace plumbago::graph
