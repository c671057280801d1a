// Decides who made each call of a damaged trace.
//
// Callees under one id that name the same caller are a family: they are decided together.
// Candidates are the calls at the id above (as written), calls elsewhere whose callee is the named
// caller (an id may be wrong), the entry, and a call whose rows are lost. Each gets the evidence of
// link_evidence.h; the share of a candidate among all is its probability. A family's members are
// weighed singly and as one, "all made by the same call", in the proportion in which the evidence
// supports that: two callers that share an id would number their callees from 1 each, so callees
// under one id mostly have one caller.
//
// The answer's confidence is that probability; the completeness section compares its mean with what
// is planted.
//
// Cost: linear in calls for families with one plain candidate; else at most 64 candidates a call
// (those that began last before it, if there are more).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/trace_draft.h"

namespace plumbago::graph {

struct CallerChoice {
  enum class Kind : uint8_t { kCall, kEntry, kLost };
  Kind kind = Kind::kEntry;
  bool off_path = false;    // kCall: not at the written id
  bool decided = true;      // probable enough to be stated
  bool beside = false;      // kLost: its id is held by another call
  uint32_t parent = kNone;  // kCall: draft
  uint32_t candidates = 1;  // at the written id
  float confidence = 1;
  // The best that needs no other id than the written one: a way out of circles.
  Kind safe_kind = Kind::kEntry;
  uint32_t safe_parent = kNone;
};

class CallerInference {
 public:
  // One choice a draft.
  void Infer(const TraceDraft& trace, std::vector<CallerChoice>& choices);

 private:
  struct Member {
    uint32_t above = kNone;          // group of the id above; kNone: it has no rows
    model::PathView lost_path;       // then: that id
    uint32_t caller = 0, other = 0;  // names, lower id first
    uint32_t draft = 0;
  };
  struct Option {
    CallerChoice::Kind kind = CallerChoice::Kind::kEntry;
    uint32_t draft = kNone;
    bool on_path = false;
    bool common = true;  // open to every member
  };
  struct Cell {
    double each = 0;  // evidence of this member alone
    double once = 0;  // evidence that counts once for a family
    bool open = false;
  };
  struct ByCallee {
    uint32_t callee = 0;
    int64_t start = 0;
    uint32_t draft = 0;
  };

  void CollectMembers();
  void CollectByCallee();
  void Family(std::span<const Member> members, size_t lost_siblings);
  bool Plain(std::span<const Member> members);
  void Candidates(const Member& member, std::span<const Member> members, uint32_t limit);
  void AddElsewhere(uint32_t callee, const Member& member, bool single, uint32_t limit);
  void Weigh(std::span<const Member> members, size_t lost_siblings);
  void Choose(std::span<const Member> members);
  bool IsEntryLike(const DraftCall& draft) const {
    return draft.from_user || draft.caller == model::kNoService;
  }

  const TraceDraft* trace_ = nullptr;
  std::vector<CallerChoice>* choices_ = nullptr;
  double log_calls_ = 0;
  bool by_callee_ready_ = false;
  std::vector<Member> members_;
  std::vector<ByCallee> by_callee_;
  std::vector<uint8_t> named_below_;  // by group: a call below names the callee of its only call
  std::vector<uint8_t> entry_like_;   // by group: calls (at most 2 are counted) that name no caller
  std::vector<Option> options_;
  std::vector<Cell> cells_;  // members x options
  std::vector<double> single_, joint_, evidence_;
};

}  // namespace plumbago::graph
