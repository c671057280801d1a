#include "graph/trace_draft.h"

#include <utility>

namespace plumbago::graph {
namespace {

using model::PathView;

// Roots whose ids begin alike hang below something that is lost; they stand next to each other but
// for what is below them.
void CountRoots(TraceDraft& out, std::span<const uint32_t> roots) {
  for (size_t i = 0; i < roots.size();) {
    const PathView first = out.PathOf(out.groups[roots[i]]);
    const size_t size = model::FirstComponentSize(first);
    size_t end = i + 1;
    while (size > 0 && end < roots.size() &&
           out.PathOf(out.groups[roots[end]]).substr(0, size) == first.substr(0, size)) {
      ++end;
    }
    for (size_t k = i; k < end; ++k) out.groups[roots[k]].roots = static_cast<uint32_t>(end - i);
    i = end;
  }
}

}  // namespace

void TraceDrafter::Draft(std::span<const Row> rows, TraceDraft& out) {
  out.rows = rows;
  out.drafts.clear();
  out.groups.clear();
  out.draft_of_row.resize(rows.size());
  out.marks.assign(rows.size(), 0);
  SortRows(rows, names_, out.order);
  const std::span<const RowKey> order(out.order);

  above_.clear();
  roots_.clear();
  for (size_t i = 0; i < order.size();) {
    const PathView path = rows[order[i].row].path;
    size_t end = i + 1;
    if (!path.empty()) {
      while (end < order.size() && SamePath(rows, order[end], order[i])) ++end;
    }
    PathGroup group;
    group.begin = static_cast<uint32_t>(out.drafts.size());
    group.row_begin = static_cast<uint32_t>(i);
    group.row_end = static_cast<uint32_t>(end);

    if (path.empty()) above_.clear();
    while (!above_.empty() && !IsAncestor(rows, order[above_.back().first_row], order[i]))
      above_.pop_back();
    if (!above_.empty()) {
      group.ancestor = above_.back().group;
      const size_t size = order[above_.back().first_row].size;
      if (path.size() == size + 1 ||
          model::FirstComponentSize(path.substr(size)) == path.size() - size)
        group.parent = group.ancestor;
    } else {
      roots_.push_back(static_cast<uint32_t>(out.groups.size()));
    }

    // A blank one is copied: emplace_back() makes it with rep stos, which is slow to begin.
    static constexpr DraftCall kBlank;
    const uint32_t row = order[i].row;
    const model::Call& call = *rows[row].call;
    bool certain = true;
    if (end - i == 1) {
      out.draft_of_row[row] = group.begin;
      RowJoiner::Single(call, path, row, out.drafts.emplace_back(kBlank));
      // The entry's only record is its own: nobody we trace called it.
      if (group.ancestor == kNone && call.side == model::Side::kUnknown && !HasOneRow(call.kind)) {
        std::swap(out.drafts.back().client, out.drafts.back().server);
      }
    } else if (end - i == 2 && RowJoiner::CertainPair(call, *rows[order[i + 1].row].call)) {
      const uint32_t other = order[i + 1].row;
      out.draft_of_row[row] = out.draft_of_row[other] = group.begin;
      RowJoiner::Pair(call, *rows[other].call, path, std::min(row, other),
                      out.drafts.emplace_back(kBlank));
      if (call.side != model::Side::kUnknown && SameContent(call, *rows[other].call))
        out.marks[other] |= kRowDuplicate;
    } else {
      certain = false;
      joiner_.Join(rows, order.subspan(i, end - i), out);
    }
    group.end = certain ? group.begin + 1 : static_cast<uint32_t>(out.drafts.size());
    group.certain = certain;

    const auto index = static_cast<uint32_t>(out.groups.size());
    const uint32_t parent = group.parent != kNone && out.groups[group.parent].size() == 1
                                ? out.groups[group.parent].begin
                                : kNone;
    DraftCall* const drafts = out.drafts.data();
    for (uint32_t d = group.begin; d < group.end; ++d) {
      drafts[d].group = index;
      drafts[d].shared = group.size() > 1;
      drafts[d].parent = parent;
    }
    out.groups.push_back(group);
    above_.push_back({index, group.row_begin});
    i = end;
  }
  CountRoots(out, roots_);
}

}  // namespace plumbago::graph
