#include "graph/damage_detection.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace plumbago::graph {
namespace {

using model::Call;
using model::Damage;
using model::kNoService;

class Detection {
 public:
  Detection(TraceDraft& trace, const model::Names& names, model::DamageCounts& counts)
      : trace_(trace), names_(names), counts_(counts) {}

  FoundDamage Run() {
    for (const PathGroup& group : trace_.groups) {
      if (!group.certain || !IsSound(group)) Look(group);
    }
    for (size_t i = 0; i < trace_.marks.size(); ++i) {
      if (trace_.marks[i] == 0) continue;
      ++found_.damaged_rows;
      if (trace_.marks[i] & kRowDuplicate) Duplicate(static_cast<uint32_t>(i));
    }
    return found_;
  }

 private:
  // One call, its names known, made by the one call of the id above.
  bool IsSound(const PathGroup& group) const {
    const DraftCall& draft = trace_.drafts[group.begin];
    if (draft.callee == kNoService) return false;
    if (group.ancestor == kNone) return group.roots <= 1;
    return draft.parent != kNone && draft.caller != kNoService &&
           draft.caller == trace_.drafts[draft.parent].callee;
  }

  void Look(const PathGroup& group) {
    const bool root = group.ancestor == kNone;
    for (uint32_t i = group.row_begin; i < group.row_end; ++i) {
      const uint32_t row = trace_.order[i].row;
      const Call& call = *trace_.rows[row].call;
      if (call.callee == kNoService || (call.caller == kNoService && !root)) {
        Mark(row, kRowUnknownName, Damage::kUnknownName, [&] {
          return fmt::format("call {} has no {}", PathText(row),
                             call.callee == kNoService ? "callee" : "caller");
        });
      }
      if (trace_.marks[row] & kRowSign) {
        Count(row, Damage::kSign, [&] {
          return fmt::format("both rows of call {} claim to be the {}'s", PathText(row),
                             call.side == model::Side::kClient ? "caller" : "callee");
        });
      }
      if (call.caller != kNoService && group.parent != kNone &&
          !IsCalledAbove(call.caller, group.parent)) {
        Mark(row, kRowConflict, Damage::kConflictingCaller, [&] {
          return fmt::format("the caller of {} is {}, which the call above it did not reach",
                             PathText(row), names_.Text(call.caller));
        });
      }
    }
    LookAtCalls(group, root);
  }

  // What concerns a call is counted once, and marks all of its rows.
  void LookAtCalls(const PathGroup& group, bool root) {
    seen_.assign(group.size(), 0);
    for (uint32_t i = group.row_begin; i < group.row_end; ++i) {
      const uint32_t row = trace_.order[i].row;
      const uint32_t d = trace_.draft_of_row[row];
      const DraftCall& draft = trace_.drafts[d];
      const bool orphan =
          root ? group.roots > 1 && draft.caller != kNoService : group.parent == kNone;
      if (group.size() > 1) trace_.marks[row] |= kRowShared;
      if (orphan) trace_.marks[row] |= kRowOrphan;
      found_.changes_graph |= orphan || group.size() > 1;
      if (std::exchange(seen_[d - group.begin], uint8_t{1}) != 0) continue;
      if (d > group.begin) {
        Count(row, Damage::kPropagation, [&] {
          return fmt::format("id {} stands for {} calls", PathText(row), group.size());
        });
      }
      if (orphan) {
        Count(row, Damage::kMissingParent,
              [&] { return fmt::format("no row tells of the call that made {}", PathText(row)); });
      }
    }
  }

  bool IsCalledAbove(model::ServiceId caller, uint32_t above) {
    const PathGroup& group = trace_.groups[above];
    // Many calls under one id: asking all of them for each row below would be quadratic.
    constexpr uint32_t kLookAt = 64;
    bool unknown = group.size() > kLookAt;
    for (uint32_t d = group.begin; d < group.end && d < group.begin + kLookAt; ++d) {
      if (trace_.drafts[d].callee == caller) return true;
      unknown |= trace_.drafts[d].callee == kNoService;
    }
    return unknown;
  }

  template <class Text>
  void Count(uint32_t row, Damage damage, const Text& text) {
    const model::Origin& origin = trace_.rows[row].call->origin;
    if (counts_.WantsExample(damage, origin)) {
      counts_.Add(damage, model::Example{origin, 0, text(), {}});
    } else {
      counts_.Add(damage);
    }
  }

  template <class Text>
  void Mark(uint32_t row, RowMark mark, Damage damage, const Text& text) {
    trace_.marks[row] |= mark;
    found_.changes_graph = true;
    Count(row, damage, text);
  }

  void Duplicate(uint32_t row) {
    ++found_.duplicates;
    Count(row, Damage::kDuplicate,
          [&] { return fmt::format("a row of call {} stands twice", PathText(row)); });
  }

  std::string PathText(uint32_t row) const {
    const model::PathView path = trace_.rows[row].path;
    return path.empty() ? std::string("without id") : model::PathText(path);
  }

  TraceDraft& trace_;
  const model::Names& names_;
  model::DamageCounts& counts_;
  FoundDamage found_;
  std::vector<uint8_t> seen_;  // by call of the group at hand
};

}  // namespace

FoundDamage FindDamage(TraceDraft& trace, const model::Names& names, model::DamageCounts& counts) {
  return Detection(trace, names, counts).Run();
}

}  // namespace plumbago::graph
