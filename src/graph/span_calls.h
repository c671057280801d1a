// Calls from spans: which spans begin a call, which two are the two sides of one, and which are
// work inside a service that is no call at all (docs/design/0012).
//
//   server    a span that is marked so, or whose parent is of another service, or that has none:
//             it begins a call into its service
//   client    a span that is marked so: with the earliest server span directly below it it is one
//             call of two sides. Without a mark: a span whose parent is of its own service and
//             whose only child is of another service and within its time, but for 2 ms, is one too
//   internal  all else. It is folded into the call that its service is working on: what it calls
//             is called by that call
//
// Of clients within clients (a library over another) one is the call: the inner one that reached a
// server, else the outermost. The root of a trace that is marked as a client's is that of a call
// from outside if it reached one server or none and did nothing else; else it is an entry of its
// own service.
//
// Cost: linear, no recursion. Allocates only while growing. One object a thread.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/draft_call.h"
#include "graph/span_tree.h"

namespace plumbago::graph {

class SpanCalls {
 public:
  // `rebuilt`: a caller is the service of the parent span whatever the row says, and calls tell
  // what was mended.
  void Make(const SpanTree& tree, bool rebuilt);
  // Which drafts are certain, nonzero: every link up to the entry is that of the ids.
  void MarkCertain(const SpanTree& tree, std::vector<uint8_t>& certain);
  bool certain(uint32_t node) const { return sure_[node] != 0; }  // after MarkCertain

  // Callers stand before their callees.
  const std::vector<DraftCall>& drafts() const { return drafts_; }
  // By node: the call that it is a side of, or that it was folded into.
  uint32_t draft_of(uint32_t node) const { return home_[node]; }
  bool folded(uint32_t node) const { return role_[node] == Role::kInternal; }
  uint32_t folded_rows() const { return folded_rows_; }
  uint32_t inferred() const { return inferred_; }        // calls whose client side no row states
  uint32_t from_queues() const { return from_queues_; }  // calls that the consumer's queue made

 private:
  enum class Role : uint8_t { kInternal, kServer, kClient };

  void FindRoles(const SpanTree& tree);
  void FindPairs(const SpanTree& tree);
  void FindReach(const SpanTree& tree);
  uint32_t CallAbove(const SpanTree& tree, uint32_t node) const;
  void MakeServer(const SpanTree& tree, uint32_t node);
  void MakeClient(const SpanTree& tree, uint32_t node);
  void AddNode(const SpanNode& node, DraftCall& draft) const;
  void SetLink(const SpanNode& node, DraftCall& draft) const;
  void CoverLost();

  std::vector<Role> role_;          // by node
  std::vector<uint32_t> pair_;      // of a client: its server node; of a paired server: its client
  std::vector<uint8_t> reaches_;    // a call with a server's side is made below it in its service
  std::vector<uint32_t> host_;      // by node: the call that its service is working on; or kNone
  std::vector<uint32_t> home_;      // by node
  std::vector<uint8_t> in_client_;  // by node: within a client's span that is a call of its own
  std::vector<DraftCall> drafts_;
  std::vector<uint32_t> node_of_;  // by draft: the node that links it
  std::vector<uint8_t> sure_;      // by node
  bool rebuilt_ = false;
  uint32_t folded_rows_ = 0;
  uint32_t inferred_ = 0;
  uint32_t from_queues_ = 0;
};

}  // namespace plumbago::graph
