// The modes that take ids at their word, as most scripts do: no inference.
//
//   none    one call for each callee of an id, names as in its first row; made by the call at the
//   id above whose callee its caller
//           is, else by the first there; an entry if there is none
//   rpcid   one call an id, names from whichever row has them; made by the call at the id above
//
// Cost: linear; of an id with many callees the last 64 are looked at.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/trace_draft.h"

namespace plumbago::graph {

struct WrittenCalls {
  std::vector<DraftCall> drafts;
  std::vector<uint32_t> draft_of_row;
  std::vector<uint32_t> first_of_group;  // by group, and one more: its drafts are [i], [i + 1])
};

// `split`: none's way; else rpcid's.
void LinkAsWritten(const TraceDraft& trace, bool split, WrittenCalls& out);

}  // namespace plumbago::graph
