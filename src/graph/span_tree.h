// The spans of one trace, linked by the ids of their parents: rows that carry span ids instead of
// dotted paths (docs/design/0012).
//
// A node is one recorded span, exact repeats joined. Nodes stand in the order of their span ids,
// then of their content: the same for any order of rows. The client's and the server's half of a
// call that share one id (Zipkin) become two nodes, the server's below the client's.
//
// Damage, found on the way:
//   duplicate           a row equal to another in every column
//   copy                a row of a store that delivers spans more than once (Call::from_store),
//                       equal to another in id, side, kind, service and name: blocks of a store
//                       before they are merged, replicas, inserts that were tried again. The
//                       longest stays, of equally long ones the first by content
//   propagation         an id for different spans, but for the two halves of a call
//   missing parent      the parent's id has no row. A trace's only root is its entry, wherever its
//                       parent id leads: behind a proxy that writes no spans traces begin like that
//   conflicting caller  the row names a caller, and its parent is a span of another service
//   unknown name        a span without a service. A client's span without a callee is none: what it
//                       called writes no spans
//   circle              spans that are their own ancestors; opened at the one that starts first
//
// Cost: n log n for the sort, else linear; of an id with many spans the first 64 are looked at. No
// recursion. Allocates only while growing. One object a thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/damage_detection.h"
#include "graph/draft_call.h"
#include "graph/row.h"
#include "model/damage.h"
#include "model/names.h"

namespace plumbago::graph {

struct SpanNode {
  enum class Link : uint8_t {
    kEntry,   // has no parent
    kParent,  // `parent` is that of the id
    kHalf,    // the server's half of a shared id, below the client's
    kLost,    // the parent's id has no row
    kCut,     // the parent would be below this one
  };
  const model::Call* call = nullptr;  // nullptr: stands for a lost span
  uint64_t span = 0;
  uint64_t parent_span = 0;
  uint32_t row = kNone;                        // one of its rows
  uint32_t parent = kNone;                     // node
  model::ServiceId owner = model::kNoService;  // the service that the span is of
  float confidence = 1;                        // of the link
  Link link = Link::kEntry;
  model::Side side = model::Side::kUnknown;
  bool shared = false;  // other spans have the same id
  uint8_t rows = 0;     // at most 255 are counted
};

// A consumer's row names its queue as caller: no service, and no contradiction to a parent.
inline bool NamesQueue(const model::Call& call) {
  return call.side == model::Side::kServer && call.kind == model::Kind::kMessage;
}

class SpanTree {
 public:
  // How a parent id that several spans have is read, and one that none has.
  enum class Reading : uint8_t {
    kWritten,  // the first of them; a root
    kRebuilt,  // the one that fits best; a node that stands for the lost one
  };

  explicit SpanTree(const model::Names& names) : names_(names) {}

  // `rows` must stay valid while the tree is used.
  void Load(std::span<const Row> rows);
  // Links the nodes. Undamaged traces are the same in both readings.
  void Link(Reading reading);
  // Of the trace linked as kRebuilt. `other_roots`: the trace has so many that are none of ours.
  FoundDamage FindDamage(uint32_t other_roots, model::DamageCounts& counts);

  std::span<const Row> rows() const { return rows_; }  // as they were loaded
  std::span<const SpanNode> nodes() const { return nodes_; }
  // Nodes in an order in which parents stand before their children.
  std::span<const uint32_t> order() const { return order_; }
  // First child and next sibling, by node.
  uint32_t first_child(uint32_t node) const { return first_child_[node]; }
  uint32_t next_sibling(uint32_t node) const { return next_sibling_[node]; }
  // By row: RowMark, and its node.
  std::span<const uint8_t> marks() const { return marks_; }
  uint32_t node_of_row(uint32_t row) const { return node_of_row_[row]; }

 private:
  struct Key {
    uint64_t span;
    uint32_t row;
  };
  struct Group {  // spans of one id: nodes [begin, end)
    uint64_t span = 0;
    uint32_t begin = 0, end = 0;
    uint32_t client = kNone;  // the only client's half, all others being servers'
  };

  bool Before(const Key& a, const Key& b) const;
  void MakeNodes();
  void JoinCopies();
  void MakeGroups();
  uint32_t FindGroup(uint64_t span) const;
  void LinkNode(uint32_t node, Reading reading);
  void OpenCircles();
  void AddLost();
  void MakeOrder();
  template <class Text>
  void Count(uint32_t row, model::Damage damage, model::DamageCounts& counts, const Text& text);

  const model::Names& names_;
  std::span<const Row> rows_;
  std::vector<Key> keys_;
  std::vector<SpanNode> nodes_;
  uint32_t recorded_ = 0;  // nodes that are no stand-ins
  std::vector<Group> groups_;
  std::vector<uint32_t> slots_;  // open addressing: groups by id
  unsigned slot_shift_ = 0;
  std::vector<uint32_t> node_of_row_;
  std::vector<uint32_t> stays_, same_id_;  // of JoinCopies
  std::vector<uint8_t> marks_;
  std::vector<uint32_t> order_, first_child_, next_sibling_, seen_;
  std::vector<uint32_t> orphans_;
  std::vector<int64_t> starts_, ends_;
  std::vector<uint32_t> circles_;  // nodes at which circles were opened
  uint32_t other_roots_ = 0;
  bool changes_graph_ = false;
};

}  // namespace plumbago::graph
