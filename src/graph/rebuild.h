// Puts a damaged trace together as the evidence has it: every call below the caller that
// CallerInference chose, lost callers inserted, names filled in.
//
// Names: a missing callee is the name that most of the call's callees give as their caller; the
// caller of a call is the callee of the call that made it, where that is known.
//
// Circles (a call elsewhere chosen as caller may itself hang below the callee, also through a call
// that was inserted) are opened at the least certain link that leaves the written ids; links along
// the written ids alone cannot form one. All is then linked anew, as other calls may now be lost.
// After 64 such rounds no link leaves the ids any more.
//
// Cost: linear beside inference and sorting of the lost, once more for each round of circles.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/caller_inference.h"
#include "graph/lost_calls.h"
#include "graph/trace_draft.h"
#include "model/names.h"

namespace plumbago::graph {

class Rebuild {
 public:
  explicit Rebuild(const model::Names& names) : names_(names), lost_(names) {}

  // Everything: `drafts` begin with the trace's own, in their order.
  void Run(const TraceDraft& trace);
  // After Run: which drafts are certain (nonzero): the link is, and all above it; nothing that was
  // inserted.
  void MarkCertain(std::vector<uint8_t>& certain) const;

  const std::vector<DraftCall>& drafts() const { return drafts_; }
  const std::vector<CallerChoice>& choices() const { return choices_; }

 private:
  // Every draft below its chosen caller, the lost callers inserted.
  void Link(const TraceDraft& trace);
  // False: there was none. Else the choices have changed, and Link must run again.
  bool OpenCircles();
  void KeepToIds();
  void FillCallees();
  void FillCallers(const TraceDraft& trace);

  const model::Names& names_;
  CallerInference inference_;
  LostCalls lost_;
  std::vector<DraftCall> drafts_;
  std::vector<CallerChoice> choices_;
  std::vector<uint32_t> seen_;
  struct Vote {
    uint32_t draft;
    uint64_t hash;
    model::ServiceId name;
  };
  std::vector<Vote> votes_;
};

}  // namespace plumbago::graph
