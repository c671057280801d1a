// A trace as written: its rows joined into calls, the calls grouped by id, the ids linked to the
// ids above them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/draft_call.h"
#include "graph/row.h"
#include "graph/row_join.h"
#include "graph/row_order.h"
#include "model/names.h"

namespace plumbago::graph {

struct TraceDraft : JoinedRows {
  std::span<const Row> rows;
  std::vector<RowKey> order;
  std::vector<PathGroup> groups;  // preorder

  const PathGroup& GroupOf(const DraftCall& draft) const { return groups[draft.group]; }
  model::PathView PathOf(const PathGroup& group) const { return drafts[group.begin].path; }
};

// Sorts, joins and links. Not thread-safe; reuses its memory.
//
// Links by written id alone: a group's parent is the group of the id without its last component;
// where that has no rows, `ancestor` is the longest id above that has some. Drafts keep their
// `parent` unset where the parent's id holds several calls. Rows without an id become calls of
// their own, linked to nothing (rows with span ids do not come here: span_tree.h).
//
// Cost: linear after the sort; no recursion.
class TraceDrafter {
 public:
  explicit TraceDrafter(const model::Names& names) : names_(names), joiner_(names) {}
  void Draft(std::span<const Row> rows, TraceDraft& out);

 private:
  const model::Names& names_;
  RowJoiner joiner_;
  struct Above {
    uint32_t group;
    uint32_t first_row;  // in the order
  };
  std::vector<Above> above_;  // groups on the way from the root to the one before
  std::vector<uint32_t> roots_;
};

}  // namespace plumbago::graph
