// Puts the calls of a trace into the order in which everything downstream reads them: a caller
// before its callees, siblings by start, then by id.
//
// Cost: a few ns a call where the order is right as it is; else linear after a sort by start; no
// recursion, so a trace may be as deep as it likes.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "graph/draft_call.h"

namespace plumbago::graph {

class TreeOrder {
 public:
  // Fills `preorder` with the indices of the drafts. `kept`: by draft, nonzero if it is wanted (its
  // caller is then too); empty: all are. The parents must be free of circles.
  void Order(const std::vector<DraftCall>& drafts, const std::vector<uint8_t>& kept,
             std::vector<uint32_t>& preorder);

 private:
  // The drafts as they stand, if that is the order already: it is for most undamaged traces, since
  // most callers number their callees by start. False: `preorder` is to be made.
  bool AsTheyStand(const std::vector<DraftCall>& drafts, std::vector<uint32_t>& preorder);

  // Links each draft behind its siblings that start earlier; returns the first entry. Linear where
  // most stand in order; false if that takes too many steps.
  bool LinkInOrder(const std::vector<DraftCall>& drafts, const std::vector<uint8_t>& kept,
                   uint32_t& root);
  uint32_t LinkSorted(const std::vector<DraftCall>& drafts, const std::vector<uint8_t>& kept);

  struct Links {
    uint32_t first_child = kNone;
    uint32_t last_child = kNone;
    uint32_t next_sibling = kNone;
  };
  std::vector<std::pair<int64_t, uint32_t>> by_start_;
  std::vector<Links> links_;
  std::vector<int64_t> last_start_;  // by draft: of its callee seen last
};

}  // namespace plumbago::graph
