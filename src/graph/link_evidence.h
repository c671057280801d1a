// How much speaks for one call having made another: log odds in nats, the sum of independent pieces
// of evidence.
//
// Where the weights come from: each is a failure of tracing with a rate. The context is not
// forwarded by an asynchronous thread: one id for several calls (2021: 7 % of ids, 2022: 1 %). Rows
// are lost: a few per cent. A name is missing or wrong on one side: 6 % (2022) to 20 % (2021) of
// linkable ids. What is written is right unless something else fails, so a link that needs two
// failures is weighed with both. The weights were rounded after a search on the two damaged sets
// with planted truth; the result is flat around them (docs/design/0003 has the table).
#pragma once

#include "graph/draft_call.h"

namespace plumbago::graph {

struct LinkWeights {
  double name = 2.5;       // the caller's name is the callee of the call above
  double conflict = -4.0;  // ... is another one
  double unnamed = -1.5;   // the callee of the call above is not known: once for all callees that
                           // agree on its name,
  double unnamed_each = 1.0;  // which each then agree a little
  double stateful =
      -6.0;  // caches and databases answer, they do not call (of 614 of their ids in the samples 38
             // have callees below them, and none of these names the cache as its caller)
  double elsewhere = -9.0;  // the call above is not at the written id: an id is wrong ...
  double shared_callee =
      4.5;  // ... and this call's id is known to be shared, which is how ids become wrong
  double shared_caller = 0.5;   // ... or the caller's is
  double same_id = 2.5;         // ... as a call made without a new context has its caller's own id
  double per_log_calls = -0.3;  // a larger trace has more calls that fit by chance
  double lost = -2.0;  // the rows of the caller are lost: nothing else is at the written id ...
  double lost_again = 3.0;           // ... and several calls miss the same one
  double lost_beside = -12.0;        // lost, and its id is held by another call ...
  double lost_beside_shared = 4.0;   // ... as it is by several anyhow
  double lost_root = -1.0;           // several roots below one lost id, the caller's name known
  double entry_named = -1.0;         // an entry call that names a caller
  double entry_named_shared = -4.0;  // ... while another call of its id is an entry without one
  double density = 0.5;              // of the evidence of durations
  double together =
      0.5;  // log odds that callees under one id with one caller's name were made by one call
  double decided = 0.45;  // the best caller is given from this probability on
};
inline constexpr LinkWeights kWeights;

// Of the times: 0 where the callee lies within the caller, negative by how far it does not. Records
// of two hosts differ by a few ms; a caller of duration 0 was not measured; asynchronous callees
// may outlast their caller.
double TimeEvidence(const DraftCall& caller, const DraftCall& callee);

// Of the durations, if the callee lies within the caller: a caller that waits for one callee lasts
// about as long (15 % of those in the samples), else any share of its time is as likely, so a
// shorter caller fits better than a longer. Comparable between callers of one callee only. False:
// not known.
bool DurationEvidence(const DraftCall& caller, const DraftCall& callee, double& evidence);

}  // namespace plumbago::graph
