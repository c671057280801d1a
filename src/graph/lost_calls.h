// Calls of which no row is left, but that other calls must have been made by.
//
// A lost call stands at the id above its callees. If that id's own caller is lost too, the chain
// goes on upwards until an id that has rows, or, if there is none, until the id that all roots of
// the same beginning share: that one is the trace's entry. Its callee is the name that most of its
// callees give as their caller.
//
// Cost: n log n in the lost calls. Chains stop being spelled out when a trace would need more than
// four times as many inserted calls as it has rows: then the callee hangs below the next id that
// has rows.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/caller_inference.h"
#include "graph/trace_draft.h"
#include "model/names.h"

namespace plumbago::graph {

class LostCalls {
 public:
  explicit LostCalls(const model::Names& names) : names_(names) {}

  // Appends the lost calls that `choices` ask for to `drafts` (which begin with the trace's), with
  // their parents, and sets the parent of their callees.
  void Insert(const TraceDraft& trace, const std::vector<CallerChoice>& choices,
              std::vector<DraftCall>& drafts);

 private:
  struct Request {
    model::PathView path;  // of the lost call
    uint64_t name_hash =
        0;  // only for one beside a recorded call: the callers' name tells it apart
    model::ServiceId name = model::kNoService;
    uint32_t ancestor = kNone;  // group of the next id above `path` that has rows
    uint32_t limit = 0;         // without one: bytes of the id that the roots share
    uint32_t callee = kNone;    // draft; kNone: asked for by a lost call
  };
  struct Lost {
    model::PathView path;
    uint64_t name_hash = 0;
    uint32_t draft = 0;
  };

  void CollectRequests(const TraceDraft& trace, const std::vector<CallerChoice>& choices);
  void AddChain(Request request, const TraceDraft& trace, size_t most);
  void CommonBeginnings(const TraceDraft& trace);
  model::ServiceId MostNamed(std::vector<DraftCall>& drafts, size_t begin, size_t end);
  void LinkUpwards(const TraceDraft& trace, const Request& request, std::vector<DraftCall>& drafts,
                   uint32_t lost);

  const model::Names& names_;
  std::vector<uint32_t>
      common_;  // by group, of roots: bytes of the id that it shares with the roots of its run
  std::vector<Request> requests_;
  std::vector<Lost> lost_;
  std::vector<std::pair<uint64_t, uint32_t>> votes_;
};

}  // namespace plumbago::graph
