#include "graph/written_modes.h"

#include <algorithm>
#include <utility>

namespace plumbago::graph {
namespace {

constexpr uint32_t kLookAt = 64;

}  // namespace

void LinkAsWritten(const TraceDraft& trace, bool split, WrittenCalls& out) {
  out.drafts.clear();
  out.draft_of_row.resize(trace.rows.size());
  out.first_of_group.assign(1, 0);
  std::vector<DraftCall>& drafts = out.drafts;
  for (uint32_t g = 0; g < trace.groups.size(); ++g) {
    const PathGroup& group = trace.groups[g];
    const auto begin = static_cast<uint32_t>(drafts.size());
    for (uint32_t i = group.row_begin; i < group.row_end; ++i) {
      const uint32_t row = trace.order[i].row;
      const model::Call& call = *trace.rows[row].call;
      const auto end = static_cast<uint32_t>(drafts.size());
      uint32_t found = end;
      for (uint32_t d = end - std::min(kLookAt, end - begin); d < end; ++d) {
        if (split && drafts[d].callee != call.callee) continue;
        found = d;
        break;
      }
      out.draft_of_row[row] = found;
      if (found == end) {
        RowJoiner::Single(call, trace.rows[row].path, row, drafts.emplace_back());
        drafts.back().group = g;
        continue;
      }
      DraftCall& draft = drafts[found];
      const model::ServiceId caller = draft.caller;
      RowJoiner::Extend(call, row, draft);
      if (split) draft.caller = caller;
      if (!split && (caller == model::kNoService && draft.caller != model::kNoService))
        draft.mended |= kMendedCaller;
    }
    const auto end = static_cast<uint32_t>(drafts.size());
    out.first_of_group.push_back(end);
    if (group.ancestor == kNone && end - begin == 1 && drafts[begin].rows == 1) {
      // The entry's only record is its own, as in TraceDrafter.
      DraftCall& entry = drafts[begin];
      const model::Call& call = *trace.rows[entry.first_row].call;
      if (call.side == model::Side::kUnknown && !HasOneRow(call.kind))
        std::swap(entry.client, entry.server);
    }
    if (group.parent == kNone) continue;
    const uint32_t above = out.first_of_group[group.parent];
    const uint32_t above_end = std::min(out.first_of_group[group.parent + 1], above + kLookAt);
    for (uint32_t d = begin; d < end; ++d) {
      drafts[d].parent = above;
      for (uint32_t p = above; p < above_end; ++p) {
        if (drafts[p].callee != drafts[d].caller) continue;
        drafts[d].parent = p;
        break;
      }
    }
  }
}

}  // namespace plumbago::graph
