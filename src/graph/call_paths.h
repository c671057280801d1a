// The ids of a repaired tree as text.
//
// A call's id is its caller's with the last component of the written one. Where several calls would
// have the same, all but the one that is where it was written get `-<callee>-<n>` behind it, n
// counting the calls of that callee from 0, as CASPER names them; read again, such a component is a
// component like any other. In a rebuilt trace that goes for the first components of its entries'
// ids too: two trees must not meet when they are read again.
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
  void Start(const std::vector<DraftCall>& drafts, const std::vector<uint32_t>& preorder,
             bool rebuilt);
  std::string Text(uint32_t draft);

 private:
  struct Place {
    uint32_t parent;
    model::PathView component;  // an entry's: its whole id; in a rebuilt trace the first component
    uint32_t rank;              // in preorder
    uint32_t draft;
  };
  struct Counted {
    model::ServiceId callee;
    uint32_t rank, draft;
  };
  void FindShared();
  void Number(size_t begin, size_t end);
  model::PathView Component(const DraftCall& draft) const;
  bool StandsWhereWritten(const DraftCall& draft) const;

  const model::Names& names_;
  const std::vector<DraftCall>* drafts_ = nullptr;
  const std::vector<uint32_t>* preorder_ = nullptr;
  bool rebuilt_ = false;
  bool ready_ = false;
  std::vector<Place> places_;
  std::vector<Counted> counts_;
  std::vector<uint32_t> number_;  // by draft: n, or kNone
  std::vector<uint32_t> way_;
};

}  // namespace plumbago::graph
