// The ids of a repaired tree as text.
//
// A call's id is its caller's with the last component of the written one. Where several calls would have the same, all but the one
// that is where it was written get `-<callee>-<n>` behind it, n counting the calls of that callee from 0, as CASPER names them;
// read again, such a component is a component like any other.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graph/draft_call.h"
#include "model/names.h"

namespace plumbago::graph {

class CallPaths {
 public:
  explicit CallPaths(const model::Names& names) : names_(names) {}

  // `preorder`: the drafts of the tree in order. Both must stay as they are until the next Start.
  void Start(const std::vector<DraftCall>& drafts, const std::vector<uint32_t>& preorder);
  std::string Text(uint32_t draft);

 private:
  struct Place {
    uint32_t parent;
    model::PathView component;  // a root's: its whole id
    uint32_t rank;              // in preorder
    uint32_t draft;
  };
  void FindShared();
  model::PathView Component(const DraftCall& draft) const;
  bool StandsWhereWritten(const DraftCall& draft) const;

  const model::Names& names_;
  const std::vector<DraftCall>* drafts_ = nullptr;
  const std::vector<uint32_t>* preorder_ = nullptr;
  bool ready_ = false;
  std::vector<Place> places_;
  std::vector<std::pair<model::ServiceId, uint32_t>> counts_;
  std::vector<uint32_t> number_;  // by draft: n, or kNone
  std::vector<uint32_t> way_;
};

}  // namespace plumbago::graph
